package io.peregrine.mixture.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.HistoryFile;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
import io.peregrine.mixture.shard.ShardIndex;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows where a run's mixture stands: its streams, caps, epochs and gaps, its changes, and its shards. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the plan of a run: streams, caps, epochs, gaps between repeats, changes, shards.",
        footer = {"", "Example:", "  peregrine mixture status my.yaml"})
final class MixtureStatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose plan to show.")
    private Path runFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set root=work/try. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunLayout layout = RunFile.open(runFile, overrides).layout();
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));

        PrintWriter out = spec.commandLine().getOut();
        new PlanTable(plan, PlanLease.block(layout.mixture(), plan.blockSize())).print(out);
        HistoryFile.read(layout.mixture()).ifPresent(history -> print(history, out));
        if (StageManifest.read(layout, Stage.SHARDS).isPresent()) {
            ShardIndex index = ShardIndex.read(layout.shards().resolve(ShardIndex.FILE_NAME));
            index.requireFor(plan);
            out.printf("shards  %s%n", index.payloadDigest());
            index.streams()
                    .forEach(stream -> out.printf(
                            "        %-22s %s version %d, %d shards%n",
                            stream.name(),
                            stream.table().path(),
                            stream.table().version(),
                            stream.shards().size()));
        } else {
            out.println("shards  not built yet: run 'mixture build'");
        }
        return 0;
    }

    private static void print(MixtureHistory history, PrintWriter out) {
        history.changes().forEach(change -> print("change  ", change, out));
        history.reverted().forEach(reverted -> {
            print("reverted", reverted.change(), out);
            out.printf("         by %s at %s: %s%n", reverted.author(), reverted.at(), reverted.reason());
        });
    }

    private static void print(String what, MixtureChange change, PrintWriter out) {
        out.printf(
                "%s block %d%s by %s at %s: %s%n",
                what,
                change.fromBlock(),
                change.skip().map(blocks -> ".." + blocks.to() + " skipped").orElse(" on"),
                change.author(),
                change.at(),
                change.reason());
    }
}
