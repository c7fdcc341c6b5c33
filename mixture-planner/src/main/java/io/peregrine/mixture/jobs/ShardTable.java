package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.shard.ShardDigests;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardRebuild;
import io.peregrine.mixture.shard.ShardRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Reads a stream's shards back from the table and digests them: what is in the index is what a reader will see, not what
 * was handed to the writer. Only digests travel between the tasks, 32 bytes a sequence.
 */
final class ShardTable {
    private static final StructType ROW_DIGESTS = new StructType()
            .add("shard", DataTypes.IntegerType, false)
            .add("seq_ord", DataTypes.LongType, false)
            .add("n_tok", DataTypes.IntegerType, false)
            .add("digest", DataTypes.BinaryType, false);

    private static final StructType SHARD_DIGESTS = new StructType()
            .add("shard", DataTypes.IntegerType, false)
            .add("rows", DataTypes.LongType, false)
            .add("tokens", DataTypes.LongType, false)
            .add("digest", DataTypes.StringType, false)
            .add("parts", DataTypes.createArrayType(DataTypes.StringType, false), false);

    private final StageContext context;
    private final MixturePlan plan;
    private final PlannedStream stream;
    private final List<String> packings;

    ShardTable(StageContext context, MixturePlan plan, PlannedStream stream, List<String> packings) {
        this.packings = packings;
        this.context = context;
        this.plan = plan;
        this.stream = stream;
    }

    /**
     * Checks that a version of the table holds exactly the plan's sequences, shard by shard and one file each, and
     * digests it.
     *
     * @throws DataException if it does not
     */
    ShardIndex.StreamShards digested(long version) {
        return digested(version, at(version), shards -> true, Optional.empty());
    }

    /**
     * The same for a version in which only some shards were written: the others are the files that they were, and have the
     * digests that they had.
     *
     * @param before what is known of the version before
     */
    ShardIndex.StreamShards digested(long version, ShardRebuild rebuild, ShardIndex.StreamShards before) {
        Dataset<Row> rows = at(version);
        return digested(
                version, rows.filter(rebuild.condition(plan.shardSequences())), rebuild::writes, Optional.of(before));
    }

    private Dataset<Row> at(long version) {
        return context.at(new TableVersion(path(), version, stream.sequences(), ""));
    }

    private String path() {
        return Stage.SHARDS.folder() + "/" + stream.name();
    }

    private ShardIndex.StreamShards digested(
            long version, Dataset<Row> rows, IntPredicate written, Optional<ShardIndex.StreamShards> before) {
        int shards = shards(plan, stream);
        List<Row> found = new ArrayList<>(shardDigests(rows, plan.shardSequences(), plan.tokenBytes(), shards));
        found.sort(Comparator.comparingInt(row -> row.getInt(0)));
        Iterator<Row> next = found.iterator();
        List<String> digests = new ArrayList<>();
        List<List<String>> parts = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            if (!written.test(shard)) {
                digests.add(before.orElseThrow().shards().get(shard));
                parts.add(before.orElseThrow().parts().get(shard));
                continue;
            }
            long first = (long) shard * plan.shardSequences();
            long planned = Math.min(plan.shardSequences(), stream.sequences() - first);
            Row row = next.hasNext() ? next.next() : null;
            require(
                    row != null && row.getInt(0) == shard && row.getLong(1) == planned,
                    version,
                    "shard %d is missing or has other sequences than the %d of the plan".formatted(shard, planned));
            digests.add(row.getString(3));
            parts.add(row.getList(4));
        }
        require(!next.hasNext(), version, "more shards than the %d of the plan".formatted(shards));
        int files = at(version).inputFiles().length;
        long tokens = before.isEmpty()
                ? found.stream().mapToLong(row -> row.getLong(2)).sum()
                : at(version).agg(functions.sum("n_tok")).head().getLong(0);
        require(
                files == shards && tokens == stream.tokens(),
                version,
                "%d files with %d tokens, the plan has %d shards with %d"
                        .formatted(files, tokens, shards, stream.tokens()));
        String digest = ShardDigests.ofStream(digests);
        TableVersion table = new TableVersion(path(), version, stream.sequences(), digest);
        return new ShardIndex.StreamShards(
                stream.name(), table, stream.packingDigest(), stream.tokens(), digest, digests, packings, parts);
    }

    private void require(boolean holds, long version, String fault) {
        if (!holds) {
            throw new DataException("%s/%s version %d: %s; run 'mixture build' again"
                    .formatted(Stage.SHARDS.folder(), stream.name(), version, fault));
        }
    }

    /** How many shards a stream has. */
    static int shards(MixturePlan plan, PlannedStream stream) {
        return Math.toIntExact((stream.sequences() + plan.shardSequences() - 1) / plan.shardSequences());
    }

    private static List<Row> shardDigests(Dataset<Row> rows, int shardSequences, int width, int shards) {
        return rows.mapPartitions(
                        (MapPartitionsFunction<Row, Row>) sequences -> rowDigests(sequences, shardSequences, width),
                        Encoders.row(ROW_DIGESTS))
                .repartition(
                        Math.min(shards, rows.sparkSession().sparkContext().defaultParallelism()),
                        functions.col("shard"))
                .sortWithinPartitions("shard", "seq_ord")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) sorted -> reduced(sorted, shardSequences),
                        Encoders.row(SHARD_DIGESTS))
                .collectAsList();
    }

    private static Iterator<Row> rowDigests(Iterator<Row> rows, int shardSequences, int width) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                ShardRow row = ShardTableRows.fromRow(rows.next(), width);
                int shard = Math.toIntExact(row.seqOrd() / shardSequences);
                return RowFactory.create(shard, row.seqOrd(), row.nTok(), ShardDigests.ofRow(row));
            }
        };
    }

    private static Iterator<Row> reduced(Iterator<Row> sorted, int shardSequences) {
        List<Row> shards = new ArrayList<>();
        List<byte[]> digests = new ArrayList<>();
        long tokens = 0;
        Row next = sorted.hasNext() ? sorted.next() : null;
        while (next != null) {
            int shard = next.getInt(0);
            while (next != null && next.getInt(0) == shard) {
                long expected = (long) shard * shardSequences + digests.size();
                if (next.getLong(1) != expected) {
                    throw new DataException("shards: sequence %d where %d was expected; run 'mixture build' again"
                            .formatted(next.getLong(1), expected));
                }
                digests.add(next.getAs(3));
                tokens += next.getInt(2);
                next = sorted.hasNext() ? sorted.next() : null;
            }
            shards.add(RowFactory.create(
                    shard,
                    (long) digests.size(),
                    tokens,
                    ShardDigests.ofShard(digests),
                    ShardDigests.partsOf(digests).toArray(String[]::new)));
            digests.clear();
            tokens = 0;
        }
        return shards.iterator();
    }
}
