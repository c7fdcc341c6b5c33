package io.peregrine.mixture.jobs;

import static java.util.stream.Collectors.joining;
import static org.apache.spark.sql.functions.col;

import io.delta.tables.DeltaTable;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.manifest.Stage;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardRebuild;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Brings the table of one stream to what the plan orders: not at all, by the shards that differ, or whole; in one commit.
 *
 * <p>A stream's sequences depend on its tokens and its packing, not on weights or budget. Their identity, the packing
 * digest, is written into the Delta commit: if the newest commit of a table already carries it, the table is left as it
 * is. Delta's own idempotence (txnAppId) would not do here: it skips whatever was ever written under the same name, also
 * when something else has been written over it since.
 *
 * <p>If the newest commit is the one that the index of the last build names, its shards are known, and those whose packing
 * is as it was stay, file and all. The constraints of the table hold for whoever writes to it by other means.
 */
final class StreamBuild {
    private static final String CONSTRAINT = "delta.constraints.";

    private final StageContext context;
    private final MixturePlan plan;
    private final PlannedStream stream;
    private final List<String> packings;
    private final Optional<ShardIndex.StreamShards> before;
    private final String path;
    private final String identity;

    /**
     * @param packings what decides each shard's rows; empty if it is not known
     * @param before what the last build left, if its shards are as large as the plan's
     */
    StreamBuild(
            StageContext context,
            MixturePlan plan,
            PlannedStream stream,
            List<String> packings,
            Optional<ShardIndex.StreamShards> before) {
        this.context = context;
        this.plan = plan;
        this.stream = stream;
        this.packings = packings;
        this.before = before;
        this.path = context.layout().table(Stage.SHARDS, stream.name()).toString();
        this.identity = "peregrine shards %d: %s in shards of %d"
                .formatted(ShardIndex.ROWS_VERSION, stream.packingDigest(), plan.shardSequences());
    }

    /** The newest commit of the table and what it says it has. */
    private record Commit(long version, Optional<String> identity) {}

    /**
     * Builds.
     *
     * @return what is in the table now
     */
    ShardIndex.StreamShards run() {
        Optional<Commit> newest = newest();
        Optional<ShardIndex.StreamShards> known = before.filter(shards ->
                newest.isPresent() && shards.table().version() == newest.get().version());
        ShardTable table = new ShardTable(context, plan, stream, packings);
        if (hasIdentity(newest)) {
            return known.filter(shards -> shards.packings().equals(packings))
                    .orElseGet(() -> table.digested(newest.get().version()));
        }
        ShardRebuild rebuild = known.filter(shards -> !packings.isEmpty()
                        && !shards.packings().isEmpty()
                        && !shards.parts().isEmpty())
                .map(shards -> ShardRebuild.between(shards.packings(), packings))
                .orElseGet(() -> ShardRebuild.whole(ShardTable.shards(plan, stream)));
        write(rebuild);
        Optional<Commit> written = newest();
        if (!hasIdentity(written)) {
            throw new IllegalStateException(path + ": somebody else has written to the table");
        }
        return rebuild.isWhole()
                ? table.digested(written.get().version())
                : table.digested(written.get().version(), rebuild, known.orElseThrow());
    }

    private boolean hasIdentity(Optional<Commit> commit) {
        return commit.flatMap(Commit::identity).filter(identity::equals).isPresent();
    }

    private Optional<Commit> newest() {
        if (!DeltaTable.isDeltaTable(context.spark(), path)) {
            return Optional.empty();
        }
        Row newest = DeltaTable.forPath(context.spark(), path)
                .history(1)
                .select("version", "userMetadata")
                .head();
        return Optional.of(new Commit(newest.getLong(0), Optional.ofNullable(newest.getString(1))));
    }

    private void write(ShardRebuild rebuild) {
        Dataset<Row> sequences = sequences(rebuild);
        if (rebuild.isWhole() && hasOtherConstraints()) {
            // Constraints follow the plan's length, and only what replaces a table gives it others in the same commit.
            CreateTableWriter<Row> replacement = sequences
                    .writeTo("delta.`%s`".formatted(path.replace("`", "``")))
                    .using("delta")
                    .options(options());
            properties().forEach(replacement::tableProperty);
            replacement.createOrReplace();
            return;
        }
        DataFrameWriter<Row> writer =
                sequences.write().format("delta").mode(SaveMode.Overwrite).options(options());
        if (rebuild.isWhole()) {
            writer.option("overwriteSchema", "true").options(properties()).save(path);
        } else {
            writer.option("replaceWhere", rebuild.condition(plan.shardSequences()))
                    .save(path);
        }
    }

    /** Of the constraints: rules of a row for whoever appends by other means; a build checks whole shards itself. */
    private Map<String, String> properties() {
        return Map.of(
                "delta.enableDeletionVectors",
                "false",
                CONSTRAINT + "seq_ord",
                "seq_ord >= 0",
                CONSTRAINT + "n_tok",
                "n_tok BETWEEN 1 AND " + plan.sequenceLength(),
                CONSTRAINT + "tokens",
                "octet_length(tokens) = n_tok * " + plan.tokenBytes(),
                CONSTRAINT + "doc_ends",
                "size(doc_ends) > 0 AND doc_ends[size(doc_ends) - 1] = n_tok",
                CONSTRAINT + "doc_ids",
                "size(doc_ids) = size(doc_ends)");
    }

    /** Whether the table is there and has constraints of another length, or none because an older version wrote it. */
    private boolean hasOtherConstraints() {
        if (!DeltaTable.isDeltaTable(context.spark(), path)) {
            return false;
        }
        Map<String, String> have = DeltaTable.forPath(context.spark(), path)
                .detail()
                .select("properties")
                .head()
                .getJavaMap(0);
        return !have.entrySet().containsAll(properties().entrySet());
    }

    private Map<String, String> options() {
        return Map.of(
                "userMetadata",
                identity,
                // Token ids barely compress, and a reader is two to three times as fast without.
                "compression",
                "uncompressed");
    }

    /** The sequences of the shards to be written, one partition per shard, each in order. */
    private Dataset<Row> sequences(ShardRebuild rebuild) {
        int width = plan.tokenBytes();
        int shardSequences = plan.shardSequences();
        Dataset<Row> tokens =
                context.table(Stage.TOKENS, "tokens").filter(col("stream").equalTo(stream.name()));
        if (!rebuild.isWhole()) {
            tokens = tokens.filter(documents(rebuild));
        }
        Dataset<Row> pieces = new PackedGroups(
                        stream.name(), plan.packing(), plan.sequenceLength(), plan.packingGroupDocuments(), plan.seed())
                .pieces(tokens, stream.documents(), stream.groupStarts());
        if (!rebuild.isWhole()) {
            pieces = pieces.filter(rebuild.condition(shardSequences));
        }
        List<Integer> places = rebuild.places();
        Dataset<Row> moved = pieces.join(tokens.select("ordinal", "id", "tokens"), "ordinal")
                .select(
                        col("seq_ord"),
                        col("slot"),
                        col("id"),
                        col("from"),
                        col("tokens")
                                .substr(
                                        col("from").multiply(width).plus(1),
                                        col("length").multiply(width))
                                .as("tokens"));
        return moved.repartitionById(
                        Math.max(1, rebuild.written()),
                        functions
                                .udf(
                                        (UDF1<Long, Integer>) seqOrd -> places.get((int) (seqOrd / shardSequences)),
                                        DataTypes.IntegerType)
                                .asNonNullable()
                                .apply(col("seq_ord")))
                .sortWithinPartitions("seq_ord", "slot")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) sorted -> ShardTableRows.assembled(sorted, width),
                        Encoders.row(ShardTableRows.SCHEMA));
    }

    /** The documents of the packing groups that have sequences in the shards to be written, as a condition of SQL. */
    private String documents(ShardRebuild rebuild) {
        List<Long> starts = stream.groupStarts();
        String groups = IntStream.range(0, starts.size())
                .filter(group -> {
                    long first = starts.get(group) / plan.shardSequences();
                    long last = (starts.get(group) + stream.groupSequences().get(group) - 1) / plan.shardSequences();
                    return rebuild.ranges().stream().anyMatch(range -> range.from() <= last && first < range.to());
                })
                .mapToObj(group -> "(ordinal >= %d AND ordinal < %d)"
                        .formatted(
                                (long) group * plan.packingGroupDocuments(),
                                (group + 1L) * plan.packingGroupDocuments()))
                .collect(joining(" OR "));
        return groups.isEmpty() ? "false" : groups;
    }
}
