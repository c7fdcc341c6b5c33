package io.peregrine.data.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.data.progress.Progress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A stage on the command line: {@code STAGE RUN.yaml} does one stage of one run, if it has not been done with the same
 * settings and inputs, and prints what came of it.
 */
public abstract class StageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose stage this is.")
    private Path runFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set seed=7. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    /** The stage's job with the settings of its section. */
    protected abstract StageJob job(RunFile file);

    @Override
    public final Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        StageJob job = job(file);
        Progress progress = ConsoleProgress.onStandardError();
        try (LazySpark spark = new LazySpark(
                        "peregrine " + spec.name() + " " + file.head().run());
                RunLock lock = RunLock.take(file.layout())) {
            file.keepRecord();
            StageRunner runner = new StageRunner(spark, file.layout(), file.seed(), progress);
            Optional<StageManifest> finished = runner.finished(job);
            if (finished.isPresent()) {
                print("%s: nothing to do, settings and inputs are those of last time"
                        .formatted(job.stage().folder()));
            }
            print(finished.isPresent() ? finished.get() : runner.ensure(job));
        }
        return 0;
    }

    private void print(StageManifest manifest) {
        manifest.counts().forEach((name, count) -> print("  %-40s %,14d".formatted(name, count)));
        manifest.outputs().forEach((name, table) -> print(describe(table)));
    }

    private static String describe(TableVersion table) {
        String version = table.version() == TableVersion.PLAIN_FILE ? "file" : "version " + table.version();
        return "  %-40s %s, payload %s".formatted(table.path(), version, table.payloadDigest());
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
