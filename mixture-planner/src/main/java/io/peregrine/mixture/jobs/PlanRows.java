package io.peregrine.mixture.jobs;

import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.CapReason;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.plan.FluidTargets;
import io.peregrine.mixture.plan.GroupReport;
import io.peregrine.mixture.plan.StreamReport;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A plan as tables, for people and their queries; the loader reads {@code plan.json}. */
final class PlanRows {
    /** One row per block and stream: how many sequences, from which ordinal on, and what was due beyond. */
    static final StructType PLAN = new StructType()
            .add("block", DataTypes.IntegerType, false)
            .add("stream", DataTypes.StringType, false)
            .add("count", DataTypes.IntegerType, false)
            .add("start", DataTypes.LongType, false)
            .add("frac_ppb", DataTypes.IntegerType, false);

    /**
     * One row per stream; the gaps are null if the plan repeats none of its sequences. Those of the group are the same for
     * all streams of one reuse group, and null for a stream without one.
     */
    static final StructType STREAMS = new StructType()
            .add("stream", DataTypes.StringType, false)
            .add("asked_share_ppb", DataTypes.IntegerType, false)
            .add("token_share_ppb", DataTypes.IntegerType, false)
            .add("capped_by", DataTypes.StringType, true)
            .add("documents", DataTypes.LongType, false)
            .add("tokens", DataTypes.LongType, false)
            .add("sequences", DataTypes.LongType, false)
            .add("fill_ppb", DataTypes.LongType, false)
            .add("planned_sequences", DataTypes.LongType, false)
            .add("planned_tokens", DataTypes.LongType, false)
            .add("epochs", DataTypes.DoubleType, false)
            .add("max_epochs", DataTypes.StringType, true)
            .add("window_tokens", DataTypes.LongType, true)
            .add("reuse_group", DataTypes.StringType, true)
            .add("gap_sequences", DataTypes.LongType, true)
            .add("gap_tokens", DataTypes.LongType, true)
            .add("group_gap_sequences", DataTypes.LongType, true)
            .add("group_gap_tokens", DataTypes.LongType, true)
            .add("packing_digest", DataTypes.StringType, false);

    static final String GROUPS_TABLE = "groups";

    /** One row per packing group of a stream, with the identity of its sequences. */
    static final StructType GROUPS = new StructType()
            .add("stream", DataTypes.StringType, false)
            .add("group_index", DataTypes.IntegerType, false)
            .add("documents", DataTypes.LongType, false)
            .add("tokens", DataTypes.LongType, false)
            .add("sequences", DataTypes.LongType, false)
            .add("packing_digest", DataTypes.StringType, false);

    private PlanRows() {}

    static List<Row> plan(MixturePlan plan) {
        FluidTargets targets = FluidTargets.of(plan);
        BlockCounts counts = plan.counts();
        List<Row> rows = new ArrayList<>();
        for (int block = 0; block < counts.blocks(); block++) {
            for (int stream = 0; stream < counts.streams(); stream++) {
                rows.add(RowFactory.create(
                        block,
                        plan.streams().get(stream).name(),
                        counts.count(block, stream),
                        counts.start(block, stream),
                        targets.fractionPpb(block, stream)));
            }
        }
        return rows;
    }

    static List<Row> streams(MixturePlan plan) {
        List<GroupReport> groups = GroupReport.of(plan);
        return StreamReport.of(plan).stream()
                .map(report -> stream(
                        report,
                        groups.stream()
                                .filter(group -> group.streams().contains(report.stream()))
                                .findFirst()))
                .toList();
    }

    private static Row stream(StreamReport report, Optional<GroupReport> group) {
        PlannedStream stream = report.stream();
        return RowFactory.create(
                stream.name(),
                stream.askedSharePpb(),
                stream.tokenSharePpb(),
                stream.cappedBy().map(CapReason::key).orElse(null),
                stream.documents(),
                stream.tokens(),
                stream.sequences(),
                report.fillPpb(),
                report.plannedSequences(),
                report.plannedTokens(),
                report.epochs(),
                stream.maxEpochs().map(BigDecimal::toPlainString).orElse(null),
                stream.windowTokens().orElse(null),
                stream.reuseGroup().orElse(null),
                orNull(report.gapSequences()),
                orNull(report.gapTokens()),
                group.map(found -> orNull(found.gapSequences())).orElse(null),
                group.map(found -> orNull(found.gapTokens())).orElse(null),
                stream.packingDigest());
    }

    private static Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
