package io.peregrine.mixture.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.CapReason;
import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.plan.AskedShares;
import io.peregrine.mixture.plan.BoundBlocks;
import io.peregrine.mixture.plan.GroupReport;
import io.peregrine.mixture.plan.StreamReport;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A plan as the JSON that {@code mixture-report.js} draws. Along the run it has at most {@link #POINTS} points, each the end
 * of some blocks; between two of them shares are means.
 */
public final class PlanFacts {
    static final String SCRIPT = "mixture-report.js";

    /** More than a screen has pixels for. */
    private static final int POINTS = 480;

    private static final double PPB = 1e9;

    private final MixturePlan plan;
    private final MixtureHistory history;
    private final int[] ends;
    private final double[] tokens;
    private final ObjectNode facts = JsonNodeFactory.instance.objectNode();

    private PlanFacts(MixturePlan plan, MixtureHistory history) {
        this.plan = plan;
        this.history = history;
        int blocks = plan.counts().blocks();
        this.ends = new int[Math.min(POINTS, blocks) + 1];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = (int) ((long) blocks * i / (ends.length - 1));
        }
        this.tokens = new double[blocks + 1];
        for (int block = 0; block < blocks; block++) {
            tokens[block + 1] = tokens[block];
            for (int stream = 0; stream < plan.streams().size(); stream++) {
                tokens[block + 1] += plan.counts().count(block, stream) * perSequence(stream);
            }
        }
    }

    /**
     * @param name of the run
     * @param plan its plan
     * @param history what the plan follows from
     * @param block the block that the run is at
     */
    public static ObjectNode of(String name, MixturePlan plan, MixtureHistory history, int block) {
        return new PlanFacts(plan, history)
                .gathered(name, Math.min(block, plan.counts().blocks()));
    }

    /** Tokens of one of a stream's sequences in the mean. */
    private double perSequence(int stream) {
        PlannedStream planned = plan.streams().get(stream);
        return planned.tokens() / (double) planned.sequences();
    }

    private ObjectNode gathered(String name, int block) {
        facts.put("title", name + ": mixture");
        ArrayNode head = facts.putArray("facts");
        fact(head, "plan", plan.digest());
        fact(
                head,
                "size",
                String.format(
                        Locale.ROOT,
                        "%,d sequences of at most %,d tokens, in %,d blocks of %,d",
                        plan.totalSequences(),
                        plan.sequenceLength(),
                        plan.counts().blocks(),
                        plan.blockSize()));
        facts.put("tokens", tokens[tokens.length - 1]);
        facts.put("trained", tokens[block]);
        facts.put("blocks", plan.counts().blocks());
        ArrayNode axis = facts.putArray("axis");
        for (int end : ends) {
            axis.add(tokens[end]);
        }
        List<List<BoundBlocks>> bound = BoundBlocks.of(plan, AskedShares.of(history, plan));
        ArrayNode streams = facts.putArray("streams");
        List<StreamReport> reports = StreamReport.of(plan);
        for (int i = 0; i < reports.size(); i++) {
            stream(streams.addObject(), i, reports.get(i), bound.get(i));
        }
        ArrayNode groups = facts.putArray("groups");
        for (GroupReport group : GroupReport.of(plan)) {
            ObjectNode node = groups.addObject().put("name", group.name());
            group.streams().forEach(stream -> node.withArray("streams").add(stream.name()));
            gap(node, group.gapTokens(), group.windowTokens(), group.insideWindow());
        }
        ArrayNode changes = facts.putArray("changes");
        history.changes().forEach(change -> change(changes.addObject(), change));
        return facts;
    }

    private void stream(ObjectNode node, int index, StreamReport report, List<BoundBlocks> boundBlocks) {
        PlannedStream stream = report.stream();
        node.put("name", stream.name())
                .put("asked", stream.askedSharePpb() / PPB)
                .put("planned", report.plannedTokens() / tokens[tokens.length - 1])
                .put("tokens", stream.tokens())
                .put("plannedTokens", report.plannedTokens())
                .put("epochs", report.epochs())
                .put("fill", report.fillPpb() / PPB)
                .put("cap", stream.cappedBy().map(CapReason::key).orElse(""));
        stream.maxEpochs().map(BigDecimal::doubleValue).ifPresent(most -> node.put("maxEpochs", most));
        stream.reuseGroup().ifPresent(group -> node.put("group", group));
        gap(node, report.gapTokens(), stream.windowTokens(), report.insideWindow());
        ArrayNode shares = node.putArray("shares");
        ArrayNode epochs = node.putArray("epochsAt");
        BlockCounts counts = plan.counts();
        for (int i = 0; i < ends.length; i++) {
            if (i > 0) {
                long given = counts.start(ends[i], index) - counts.start(ends[i - 1], index);
                shares.add(round(given * perSequence(index) / (tokens[ends[i]] - tokens[ends[i - 1]])));
            }
            epochs.add(round(counts.start(ends[i], index) / (double) stream.sequences()));
        }
        ArrayNode bound = node.putArray("bound");
        for (BoundBlocks blocks : boundBlocks) {
            bound.addObject()
                    .put("fromBlock", blocks.blocks().from())
                    .put("toBlock", blocks.blocks().to())
                    .put("from", tokens[blocks.blocks().from()])
                    .put("to", tokens[blocks.blocks().to()])
                    .put("asked", blocks.askedPpb() / PPB)
                    .put("planned", blocks.plannedPpb() / PPB);
        }
    }

    private static void gap(ObjectNode node, OptionalLong gap, Optional<Long> window, boolean inside) {
        gap.ifPresent(tokens -> node.put("gap", tokens));
        window.ifPresent(tokens -> node.put("window", tokens));
        node.put("insideWindow", inside);
    }

    private void change(ObjectNode node, MixtureChange change) {
        node.put("block", change.fromBlock())
                .put("at", tokens[Math.min(change.fromBlock(), tokens.length - 1)])
                .put("author", change.author())
                .put("reason", change.reason())
                .put("when", change.at())
                .put(
                        "what",
                        change.skip()
                                .map(blocks -> "blocks %d to %d skipped".formatted(blocks.from(), blocks.to() - 1))
                                .orElse("other settings"));
    }

    /** Six digits are what a page shows at most, and keep it small. */
    private static double round(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    private static void fact(ArrayNode facts, String label, String value) {
        facts.addObject().put("label", label).put("value", value);
    }
}
