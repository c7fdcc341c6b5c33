package io.peregrine.trainer.experiments.arms;

import java.util.List;
import java.util.Locale;

/** A comparison as a Markdown table, to print and to commit. */
public final class ComparisonText {
    private ComparisonText() {}

    /** One line per arm. */
    public static String of(Comparison comparison) {
        StringBuilder text = new StringBuilder(
                "| arm | parameters | MFLOP/token | held-out loss | less the first arm's | by seed | tokens/s |\n"
                        + "|---|---|---|---|---|---|---|\n");
        comparison.arms().forEach(row -> text.append(line(row)));
        List<String> streams = comparison.streams();
        if (streams.size() > 1) {
            text.append("\n| arm | ").append(String.join(" | ", streams)).append(" |\n|---|");
            text.append("---|".repeat(streams.size())).append('\n');
            comparison.arms().forEach(row -> text.append(ofStreams(row, streams)));
        }
        List<BestChoices> best = BestChoices.of(comparison);
        if (!best.isEmpty()) {
            text.append("\n| lowest along | of | at | held-out loss |\n|---|---|---|---|\n");
            best.forEach(one -> text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s%s | %.4f |%n",
                    one.axis(),
                    one.others(),
                    one.best(),
                    one.atTheEdge() ? ", the edge" : "",
                    one.loss())));
        }
        return text.toString();
    }

    private static String line(Comparison.Row row) {
        return row.outcome()
                .map(outcome -> String.format(
                        Locale.ROOT,
                        "| %s | %,d | %.2f | %s | %s | %s | %,.0f |%n",
                        row.arm(),
                        outcome.parameters(),
                        outcome.flopsPerToken() / 1e6,
                        outcome.heldOut(),
                        outcome.difference().map(Interval::toString).orElse(""),
                        outcome.seedDifference().map(Interval::toString).orElse(""),
                        outcome.tokensPerSecond()))
                .orElseGet(() -> "| %s | | | diverged in %d of %d seeds | | | |%n"
                        .formatted(row.arm(), row.diverged(), row.seeds().size()));
    }

    private static String ofStreams(Comparison.Row row, List<String> streams) {
        StringBuilder line = new StringBuilder("| ").append(row.arm()).append(" | ");
        for (String stream : streams) {
            line.append(row.outcome()
                            .map(outcome -> outcome.streamDifferences()
                                    .getOrDefault(stream, outcome.streams().get(stream))
                                    .toString())
                            .orElse(""))
                    .append(" | ");
        }
        return line.toString().stripTrailing() + "\n";
    }
}
