package io.peregrine.mixture.jobs;

import static org.apache.spark.sql.functions.col;

import io.delta.tables.DeltaTable;
import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Stage 70: moves the tokens into the plan's sequences, one Delta table per stream, one task and one file per shard.
 *
 * <p>A stream's sequences depend on its tokens and its packing, not on weights or budget. Their identity, the packing
 * digest, is written into the Delta commit: if the newest commit of a table already carries it, the table is left as it
 * is. Delta's own idempotence (txnAppId) would not do here: it skips whatever was ever written under the same name, also
 * when something else has been written over it since.
 *
 * <p>The tables are replaced, not append-only: a run that is built anew overwrites them in one commit each. Readers
 * that hold a version keep it, as the versions outlive every run (see {@code SparkSessions}).
 */
public final class ShardJob implements StageJob {
    /**
     * Dictionaries never pay for token columns and make the size of a page depend on its neighbours; without the small
     * explicit row group, its boundaries would depend on how many writers share the JVM.
     */
    private static final Map<String, String> PARQUET_SETTINGS =
            Map.of("parquet.enable.dictionary", "false", "parquet.block.size", String.valueOf(16 << 20));

    @Override
    public Stage stage() {
        return Stage.SHARDS;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.TOKENS, Stage.MIXTURE);
    }

    /** The plan is all the settings there are. */
    @Override
    public String configDigest() {
        return ConfigDigest.of(PARQUET_SETTINGS);
    }

    @Override
    public Outcome run(StageContext context) {
        MixturePlan plan = plan(context);
        Map<String, TableVersion> outputs = new TreeMap<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        List<ShardIndex.StreamShards> streams = new ArrayList<>();
        for (PlannedStream stream : plan.streams()) {
            if (stream.planned()) {
                ShardIndex.StreamShards shards = shards(context, plan, stream);
                streams.add(shards);
                outputs.put(stream.name(), shards.table());
                counts.put("sequences." + stream.name(), stream.sequences());
                counts.put("tokens." + stream.name(), stream.tokens());
                counts.put("fill.ppb." + stream.name(), stream.fillPpb(plan.sequenceLength()));
            }
        }
        ShardIndex index = new ShardIndex(
                ShardIndex.FORMAT,
                ShardIndex.VERSION,
                plan.sequenceLength(),
                plan.shardSequences(),
                plan.tokenBytes(),
                streams);
        index.requireFor(plan);
        index.write(context.folder().resolve(ShardIndex.FILE_NAME));
        outputs.put(ShardIndex.FILE_NAME, indexOutput(context, index));
        return new Outcome(outputs, counts);
    }

    private static MixturePlan plan(StageContext context) {
        Path file = context.layout().mixture().resolve(MixturePlan.FILE_NAME);
        MixturePlan plan = PlanFile.read(file);
        TableVersion planned = context.input(Stage.MIXTURE).output(MixturePlan.FILE_NAME);
        if (!context.file(file).equals(planned)) {
            throw new DataException(
                    "%s: not the plan that the stage's manifest names; run 'mixture plan' again".formatted(file));
        }
        return plan;
    }

    /** As an output the index counts by what it says of the content, not by the Delta versions it names. */
    private static TableVersion indexOutput(StageContext context, ShardIndex index) {
        TableVersion file = context.file(context.folder().resolve(ShardIndex.FILE_NAME));
        return new TableVersion(file.path(), file.version(), file.rows(), index.payloadDigest());
    }

    private static ShardIndex.StreamShards shards(StageContext context, MixturePlan plan, PlannedStream stream) {
        String identity = "peregrine shards %d: %s in shards of %d"
                .formatted(ShardIndex.VERSION, stream.packingDigest(), plan.shardSequences());
        String path = context.layout().table(Stage.SHARDS, stream.name()).toString();
        Optional<Long> version = newestCommit(context, path, identity);
        if (version.isEmpty()) {
            write(context, sequences(context, plan, stream), path, identity);
            version = newestCommit(context, path, identity);
        }
        return new ShardTable(context, plan, stream)
                .digested(version.orElseThrow(
                        () -> new IllegalStateException(path + ": somebody else has written to the table")));
    }

    /** Replaces a table in one commit. */
    private static void write(StageContext context, Dataset<Row> sequences, String path, String identity) {
        Map<String, String> before = set(context, PARQUET_SETTINGS);
        try {
            sequences
                    .write()
                    .format("delta")
                    .mode(SaveMode.Overwrite)
                    .option("overwriteSchema", "true")
                    .option("userMetadata", identity)
                    .option("delta.enableDeletionVectors", "false")
                    // Token ids barely compress, and a reader is two to three times as fast without.
                    .option("compression", "uncompressed")
                    .save(path);
        } finally {
            PARQUET_SETTINGS.keySet().forEach(context.spark().conf()::unset);
            set(context, before);
        }
    }

    /** Sets session settings and returns what they were, those that were set. */
    private static Map<String, String> set(StageContext context, Map<String, String> settings) {
        Map<String, String> before = new TreeMap<>();
        settings.forEach((key, value) -> {
            scala.Option<String> old = context.spark().conf().getOption(key);
            if (old.isDefined()) {
                before.put(key, old.get());
            }
            context.spark().conf().set(key, value);
        });
        return before;
    }

    /** The newest version of a table, if it was written with this identity. */
    private static Optional<Long> newestCommit(StageContext context, String path, String identity) {
        if (!DeltaTable.isDeltaTable(context.spark(), path)) {
            return Optional.empty();
        }
        Row newest = DeltaTable.forPath(context.spark(), path)
                .history(1)
                .select("version", "userMetadata")
                .head();
        return identity.equals(newest.getString(1)) ? Optional.of(newest.getLong(0)) : Optional.empty();
    }

    /** All sequences of a stream, one partition per shard, each in order. */
    private static Dataset<Row> sequences(StageContext context, MixturePlan plan, PlannedStream stream) {
        int width = plan.tokenBytes();
        int shardSequences = plan.shardSequences();
        Dataset<Row> tokens =
                context.table(Stage.TOKENS, "tokens").filter(col("stream").equalTo(stream.name()));
        Dataset<Row> pieces = new PackedGroups(
                        stream.name(), plan.packing(), plan.sequenceLength(), plan.packingGroupDocuments(), plan.seed())
                .pieces(tokens, stream.documents(), stream.groupStarts());
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
                        ShardTable.shards(plan, stream),
                        functions.floor(col("seq_ord").divide(shardSequences)).cast(DataTypes.IntegerType))
                .sortWithinPartitions("seq_ord", "slot")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) sorted -> ShardTableRows.assembled(sorted, width),
                        Encoders.row(ShardTableRows.SCHEMA));
    }
}
