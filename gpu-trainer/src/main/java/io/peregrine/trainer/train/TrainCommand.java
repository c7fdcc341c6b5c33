package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.ConsoleProgress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code train}: the training of a run, without Spark; goes on from the last checkpoint. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {"Trains the model of a run on its shards; goes on where it stopped.", ""})
public final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose model this is.")
    private Path runFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set train.steps=50. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Option(
            names = "--branch",
            paramLabel = "NAME",
            description = "Goes on with this branch, which 'rollback' made, and not with the run itself.")
    private Optional<String> branch = Optional.empty();

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        TrainConfig config = file.section("train", TrainConfig.class);
        if (config.place() == TrainPlace.EXECUTOR) {
            throw new ConfigException(
                    "train.place",
                    "executor",
                    "needs Spark, which this command does without; use 'run' or spark-submit");
        }
        TrainStage stage = new TrainStage(file.layout(), config, file.seed());
        PrintWriter out = spec.commandLine().getOut();
        try (RunLock lock = RunLock.take(file.layout())) {
            if (branch.isPresent()) {
                TrainingSummary summary = stage.trainBranch(branch.get(), ConsoleProgress.onStandardError());
                out.printf("  %-40s %,14d%n", "steps", summary.steps());
                out.printf("  %-40s %,14d%n", "tokens", summary.tokens());
                out.printf("  %-40s %14.4f%n", "last loss", summary.lastLoss());
                return 0;
            }
            if (stage.finished().isPresent()) {
                out.println("80-train: nothing to do, settings and inputs are those of last time");
            }
            StageManifest manifest = stage.ensure(ConsoleProgress.onStandardError());
            manifest.counts().forEach((name, count) -> out.printf("  %-40s %,14d%n", name, count));
            manifest.outputs().forEach((name, output) -> out.printf("  %-40s %s%n", name, output.path()));
        }
        return 0;
    }
}
