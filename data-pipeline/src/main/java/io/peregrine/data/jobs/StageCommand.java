package io.peregrine.data.jobs;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.config.SettingsFile;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.manifest.StageDoubts;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.data.progress.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Stages on the command line: {@code STAGE RUN.yaml} does them for one run, each if it has not been done with the same
 * settings and inputs, and prints what came of it.
 */
public abstract class StageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    // Not required of picocli, which would ask it of the commands below a stage too.
    @Parameters(index = "0", arity = "0..1", paramLabel = "RUN.yaml", description = "The run whose stage this is.")
    private Optional<Path> runFile = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set seed=7. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    /**
     * Does what the command does in place of a run's stages, with a file that need not be a run's, if it does something.
     *
     * @return whether it did; else the file has to be a run's, and its stages follow
     */
    protected boolean withoutRun(SettingsFile file, PrintWriter out) {
        return false;
    }

    /** The stages' jobs with the settings of their sections, in order; most commands have one. */
    protected abstract List<StageJob> jobs(RunFile file);

    /** Called with the run's lock held, before any stage runs. */
    protected void begin(RunFile file) {}

    /** Called when all stages are done; may print what is not in their manifests. */
    protected void end(RunFile file, PrintWriter out) {}

    @Override
    public final Integer call() {
        SettingsFile settings = SettingsFile.open(
                runFile.orElseThrow(
                        () -> new ParameterException(spec.commandLine(), "Missing required parameter: 'RUN.yaml'")),
                overrides);
        try {
            if (!withoutRun(settings, spec.commandLine().getOut())) {
                run(RunFile.of(settings));
            }
        } catch (ConfigException e) {
            throw settings.placed(e);
        }
        return 0;
    }

    private void run(RunFile file) {
        List<StageJob> jobs = jobs(file);
        Progress progress = ConsoleProgress.onStandardError();
        try (LazySpark spark = new LazySpark(
                        "peregrine " + spec.name() + " " + file.head().run());
                RunLock lock = RunLock.take(file.layout())) {
            file.keepRecord();
            begin(file);
            StageRunner runner = new StageRunner(spark, file.layout(), file.seed(), progress);
            for (StageJob job : jobs) {
                Optional<StageManifest> finished = runner.finished(job);
                if (finished.isPresent()) {
                    print("%s: nothing to do, settings and inputs are those of last time"
                            .formatted(job.stage().folder()));
                }
                print(finished.isPresent() ? finished.get() : runner.ensure(job));
            }
            end(file, spec.commandLine().getOut());
        }
    }

    private void print(StageManifest manifest) {
        manifest.counts().forEach((name, count) -> print("  %-40s %,14d".formatted(name, count)));
        manifest.outputs().forEach((name, table) -> print(describe(table)));
        StageDoubts.of(manifest).forEach(doubt -> print("  warning: " + doubt));
    }

    private static String describe(TableVersion table) {
        String version = table.version() == TableVersion.PLAIN_FILE ? "file" : "version " + table.version();
        return "  %-40s %s, payload %s".formatted(table.path(), version, table.payloadDigest());
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
