package io.peregrine.mixture.jobs;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.jobs.StageRunner;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.HistoryFile;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What commands that continue a mixture's history share: who, why, the planning, and what came of it. */
abstract class MixtureHistoryCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "RUN.yaml",
            description = "The run, with the settings as they are wanted now.")
    private Path runFile;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept in the history.")
    private String reason;

    @Option(
            names = "--author",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who; kept in the history (default: ${DEFAULT-VALUE}).")
    private String author;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set mixture.total-tokens=5000000. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    MixtureHistoryCommand(Clock clock) {
        this.clock = clock;
    }

    /** The history as it is to be. */
    abstract MixtureHistory next(MixtureHistory history, RunFile file, String author, String reason, String at);

    @Override
    public final Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        RunLayout layout = file.layout();
        try (LazySpark spark = new LazySpark("peregrine mixture " + spec.name());
                RunLock lock = RunLock.take(layout)) {
            MixtureHistory history = HistoryFile.read(layout.mixture())
                    .orElseThrow(() -> new DataException(
                            "%s: there is no plan to change; run 'mixture plan' first".formatted(layout.mixture())));
            MixturePlan before = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
            String at = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            MixtureHistory next = next(history, file, author, reason, at);
            file.keepRecord();
            new StageRunner(spark, layout, file.seed(), ConsoleProgress.onStandardError()).ensure(new MixtureJob(next));
            print(layout, before, PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME)));
        } catch (ConfigException e) {
            throw file.placed(e);
        }
        return 0;
    }

    private void print(RunLayout layout, MixturePlan before, MixturePlan after) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("before  %s%n", before.digest());
        new PlanTable(after, PlanLease.block(layout.mixture(), after.blockSize())).print(out);
        out.println("run 'mixture build' next, and train on");
    }
}
