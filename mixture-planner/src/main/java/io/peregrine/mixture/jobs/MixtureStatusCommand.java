package io.peregrine.mixture.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.StreamReport;
import io.peregrine.mixture.shard.ShardIndex;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a run's plan: streams, weights, epochs, how far repeats are apart, how well the sequences are filled. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the plan of a run: streams, weights, epochs, gaps between repeats, fill.")
final class MixtureStatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose plan to show.")
    private Path runFile;

    @Override
    public Integer call() {
        RunLayout layout = RunFile.open(runFile).layout();
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        PrintWriter out = spec.commandLine().getOut();
        print(plan, out);
        if (StageManifest.read(layout, Stage.SHARDS).isPresent()) {
            ShardIndex index = ShardIndex.read(layout.shards().resolve(ShardIndex.FILE_NAME));
            index.requireFor(plan);
            out.printf("shards  %s%n", index.payloadDigest());
        } else {
            out.println("shards  not built yet: run 'mixture build'");
        }
        return 0;
    }

    private static void print(MixturePlan plan, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "plan    %s%n        %,d sequences of at most %,d tokens, in %,d blocks of %,d%n",
                plan.digest(),
                plan.totalSequences(),
                plan.sequenceLength(),
                plan.counts().blocks(),
                plan.blockSize());
        out.printf(
                "%-24s %8s %8s %12s %12s %8s %8s %14s %14s%n",
                "stream",
                "asked%",
                "planned%",
                "sequences",
                "planned",
                "epochs",
                "fill%",
                "gap tokens >=",
                "gap seqs >=");
        for (StreamReport report : StreamReport.of(plan)) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %8.3f %8.3f %,12d %,12d %8.3f %8.3f %14s %14s%n",
                    report.stream().name(),
                    report.stream().askedSharePpb() / 1e7,
                    report.stream().tokenSharePpb() / 1e7,
                    report.stream().sequences(),
                    report.plannedSequences(),
                    report.epochs(),
                    report.fillPpb() / 1e7,
                    gap(report.gapTokens()),
                    gap(report.gapSequences()));
        }
    }

    private static String gap(OptionalLong gap) {
        return gap.isPresent() ? String.format(Locale.ROOT, "%,d", gap.getAsLong()) : "no repeats";
    }
}
