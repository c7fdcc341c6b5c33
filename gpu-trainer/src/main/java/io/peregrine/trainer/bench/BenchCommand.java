package io.peregrine.trainer.bench;

import io.peregrine.data.bench.DataBenchCommand;
import io.peregrine.data.bench.ExtractBenchCommand;
import io.peregrine.data.bench.LanguageBenchCommand;
import io.peregrine.data.bench.MinHashBenchCommand;
import io.peregrine.data.bench.TokenizerBenchCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./peregrine bench}: a group; the parts that can be measured are its subcommands. The command line adds those that
 * need Spark.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures the speed of each part on this machine.",
        subcommands = {
            BenchCpuCommand.class,
            BenchGpuCommand.class,
            DataBenchCommand.class,
            ExtractBenchCommand.class,
            LanguageBenchCommand.class,
            TokenizerBenchCommand.class,
            MinHashBenchCommand.class
        })
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to measure: " + String.join(", ", spec.subcommands().keySet()));
    }
}
