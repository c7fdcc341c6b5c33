package io.peregrine.mixture.jobs;

import static java.util.stream.Collectors.joining;

import io.peregrine.mixture.CapReason;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlanChange;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.plan.EpochEnds;
import io.peregrine.mixture.plan.GroupReport;
import io.peregrine.mixture.plan.StreamReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A plan as people read it: its size, its changes, and what it does with each stream. */
final class PlanTable {
    private final MixturePlan plan;
    private final int block;

    /**
     * @param plan the plan
     * @param block the block that the run is at; 0 if it has not begun
     */
    PlanTable(MixturePlan plan, int block) {
        this.plan = plan;
        this.block = Math.min(block, plan.counts().blocks());
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "plan    %s%n        %,d sequences of at most %,d tokens, in %,d blocks of %,d; at block %,d%n",
                plan.digest(),
                plan.totalSequences(),
                plan.sequenceLength(),
                plan.counts().blocks(),
                plan.blockSize(),
                block);
        for (PlanChange change : plan.changes()) {
            out.printf(
                    Locale.ROOT,
                    "changed from block %,d on%s%s, before %s%n",
                    change.fromBlock(),
                    change.skipped()
                            .map(blocks -> ", up to block %d not trained on".formatted(blocks.to()))
                            .orElse(""),
                    change.rebased() ? ", targets begun anew" : "",
                    change.parent().substring(0, 12));
        }
        out.printf(
                "%-22s %8s %8s %-13s %12s %12s %8s %8s %8s %15s %15s %10s%n",
                "stream",
                "asked%",
                "planned%",
                "capped by",
                "sequences",
                "planned",
                "epochs",
                "so far",
                "fill%",
                "gap tokens >=",
                "window tokens",
                "epoch ends");
        for (StreamReport report : StreamReport.of(plan)) {
            line(report, out);
        }
        for (GroupReport group : GroupReport.of(plan)) {
            out.printf(
                    "group %-16s gap tokens >= %s, window tokens %s: %s%n",
                    group.name(),
                    gap(group.gapTokens()),
                    group.windowTokens().map(PlanTable::grouped).orElse("-"),
                    group.streams().stream().map(PlannedStream::name).collect(joining(", ")));
        }
        warn(out);
    }

    private void warn(PrintWriter out) {
        StreamReport.of(plan).stream()
                .filter(StreamReport::insideWindow)
                .forEach(report -> out.printf(
                        "warning: stream '%s' may come again inside its window%n",
                        report.stream().name()));
        GroupReport.of(plan).stream()
                .filter(GroupReport::insideWindow)
                .forEach(group -> out.printf(
                        "warning: group '%s': versions of one document may come inside the window of a stream; in parts of "
                                + "the schedule that only one of its streams has they cannot%n",
                        group.name()));
    }

    private void line(StreamReport report, PrintWriter out) {
        int stream = plan.streams().indexOf(report.stream());
        OptionalInt end = EpochEnds.next(plan, stream, block);
        out.printf(
                Locale.ROOT,
                "%-22s %8.3f %8.3f %-13s %,12d %,12d %8.3f %8.3f %8.3f %15s %15s %10s%n",
                report.stream().name(),
                report.stream().askedSharePpb() / 1e7,
                report.stream().tokenSharePpb() / 1e7,
                report.stream().cappedBy().map(CapReason::key).orElse("-"),
                report.stream().sequences(),
                report.plannedSequences(),
                report.epochs(),
                plan.counts().start(block, stream) / (double) report.stream().sequences(),
                report.fillPpb() / 1e7,
                gap(report.gapTokens()),
                report.stream().windowTokens().map(PlanTable::grouped).orElse("-"),
                end.isPresent() ? "block " + end.getAsInt() : "-");
    }

    private static String gap(OptionalLong gap) {
        return gap.isPresent() ? grouped(gap.getAsLong()) : "no repeats";
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
