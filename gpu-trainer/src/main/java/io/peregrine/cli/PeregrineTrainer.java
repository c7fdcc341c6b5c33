package io.peregrine.cli;

import io.peregrine.trainer.bench.BenchCpuCommand;
import io.peregrine.trainer.bench.BenchGpuCommand;
import io.peregrine.trainer.conformance.ConformanceCommand;
import io.peregrine.trainer.experiments.ExperimentCommand;
import io.peregrine.trainer.generate.GenerateCommand;
import io.peregrine.trainer.model.cli.ModelCommand;
import io.peregrine.trainer.serve.ServeCommand;
import io.peregrine.trainer.train.RollbackCommand;
import io.peregrine.trainer.train.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands that need no Spark, for a class path without it: what a {@linkplain BundleCommand bundle} runs. */
@Command(
        name = "peregrine",
        mixinStandardHelpOptions = true,
        versionProvider = Peregrine.Version.class,
        description = {"Trains Falcon-H1 models on shards, generates, and measures, without Spark.", ""},
        subcommands = {
            ModelCommand.class,
            TrainCommand.class,
            RollbackCommand.class,
            GenerateCommand.class,
            ServeCommand.class,
            ExperimentCommand.class,
            ConformanceCommand.class,
            PeregrineTrainer.Bench.class
        })
public final class PeregrineTrainer implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(CommandLines.execute(CommandLines.prepared(new CommandLine(new PeregrineTrainer())), args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** The trainer's own benchmarks; those of data have their libraries left behind. */
    @Command(
            name = "bench",
            mixinStandardHelpOptions = true,
            description = "Measures training on this machine.",
            subcommands = {BenchCpuCommand.class, BenchGpuCommand.class})
    static final class Bench implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "say what to measure: cpu, gpu");
        }
    }
}
