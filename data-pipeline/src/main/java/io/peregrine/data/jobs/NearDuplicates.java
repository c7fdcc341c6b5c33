package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import io.peregrine.data.dedup.MinHashConfig;
import io.peregrine.data.dedup.Signature;
import io.peregrine.data.dedup.SignatureBatch;
import io.peregrine.data.dedup.opencl.OpenClMinima;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Signatures of documents, and the pairs that share a band. {@link SimilarPairs} says which of them are compared.
 *
 * <p>A band that m documents share gives m - 1 pairs, each with the smallest of them: a grouped minimum, combined before
 * anything is shuffled, so a boilerplate page in a million documents makes no task larger than another.
 */
final class NearDuplicates {
    private static final Encoder<Row> SIGNATURES = Encoders.row(
            new StructType().add("node", DataTypes.StringType, false).add("signature", DataTypes.BinaryType, false));
    private static final Encoder<Row> BANDS = Encoders.row(new StructType()
            .add("band", DataTypes.IntegerType, false)
            .add("key", DataTypes.LongType, false)
            .add("node", DataTypes.StringType, false));
    private static final Encoder<Row> PAIRS = Encoders.row(new StructType()
            .add("a", DataTypes.StringType, false)
            .add("b", DataTypes.StringType, false)
            .add("similarity", DataTypes.DoubleType, false));
    private static final String[] BUCKET = {"band", "key"};

    private NearDuplicates() {}

    /** From columns {@code node} and {@code text} to {@code node} and {@code signature}, for texts that have one. */
    static Dataset<Row> signatures(Dataset<Row> texts, MinHashConfig config) {
        return texts.select("node", "text")
                .mapPartitions((MapPartitionsFunction<Row, Row>) rows -> new Signing(rows, config), SIGNATURES);
    }

    /** {@code band}, {@code key} and {@code node} for each band of each signature. */
    static Dataset<Row> bands(Dataset<Row> signatures, MinHashConfig config) {
        int rows = config.rows();
        return signatures.mapPartitions(
                (MapPartitionsFunction<Row, Row>) signed -> Rows.flatMap(signed, row -> bands(row, rows)), BANDS);
    }

    private static Iterator<Row> bands(Row signed, int rows) {
        List<Long> keys = Signature.ofBytes(signed.getAs(1)).bandKeys(rows);
        List<Row> bands = new ArrayList<>(keys.size());
        for (int band = 0; band < keys.size(); band++) {
            bands.add(RowFactory.create(band, keys.get(band), signed.getString(0)));
        }
        return bands.iterator();
    }

    /** Each bucket, a {@code band} and {@code key}, with its smallest {@code node} and how many {@code members} it has. */
    static Dataset<Row> buckets(Dataset<Row> bands) {
        return bands.groupBy("band", "key")
                .agg(min("node").as("node"), count(lit(1)).as("members"));
    }

    /** The same buckets, where those that an earlier run has too have its node, which counts as one member. */
    static Dataset<Row> under(Dataset<Row> buckets, Dataset<Row> earlier) {
        return buckets.join(earlier.select(col("band"), col("key"), col("node").as("earlier")), BUCKET, "left")
                .select(
                        col("band"),
                        col("key"),
                        coalesce(col("earlier"), col("node")).as("node"),
                        col("members")
                                .plus(when(col("earlier").isNull(), lit(0L)).otherwise(lit(1L)))
                                .as("members"));
    }

    /** Pairs {@code a}, {@code b} that share a bucket of several, {@code b} being its node; each pair once. */
    static Dataset<Row> candidates(Dataset<Row> bands, Dataset<Row> buckets) {
        return linked(bands, buckets).select("a", "b").distinct();
    }

    /** The bands of members that were cut from the node of their bucket: pairs {@code a}, {@code b}. */
    static Dataset<Row> cutOff(Dataset<Row> bands, Dataset<Row> buckets, Dataset<Row> cut) {
        // The first join is for its size: few are cut, and only theirs are looked for among all buckets.
        Dataset<Row> ofCut = bands.join(cut.select(col("a").as("node")).distinct(), new String[] {"node"}, "left_semi");
        return linked(ofCut, buckets)
                .join(cut, new String[] {"a", "b"}, "left_semi")
                .select(col("band"), col("key"), col("a").as("node"));
    }

    private static Dataset<Row> linked(Dataset<Row> bands, Dataset<Row> buckets) {
        Dataset<Row> shared = buckets.where(col("members").gt(1))
                .select(col("band"), col("key"), col("node").as("b"));
        return bands.join(shared, BUCKET, "inner")
                .where(col("node").notEqual(col("b")))
                .select(col("band"), col("key"), col("node").as("a"), col("b"));
    }

    /** Pairs {@code a}, {@code b} with their estimated {@code similarity}; both must have a signature. */
    static Dataset<Row> compare(Dataset<Row> pairs, Dataset<Row> signatures) {
        return pairs.join(
                        signatures.select(col("node").as("a"), col("signature").as("left")), "a")
                .join(signatures.select(col("node").as("b"), col("signature").as("right")), "b")
                .select("a", "b", "left", "right")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> Rows.map(rows, NearDuplicates::compared), PAIRS);
    }

    private static Row compared(Row pair) {
        Signature left = Signature.ofBytes(pair.getAs(2));
        Signature right = Signature.ofBytes(pair.getAs(3));
        return RowFactory.create(pair.getString(0), pair.getString(1), left.similarity(right));
    }

    /** Reads rows until a batch is full, and gives out what it has signed. */
    private static final class Signing implements Iterator<Row> {
        private final Iterator<Row> texts;
        private final SignatureBatch batch;
        private final List<String> nodes = new ArrayList<>();
        private Iterator<Row> signed = Collections.emptyIterator();

        Signing(Iterator<Row> texts, MinHashConfig config) {
            this.texts = texts;
            this.batch = new SignatureBatch(config, OpenClMinima.of(config));
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> batch.close());
        }

        @Override
        public boolean hasNext() {
            while (!signed.hasNext() && texts.hasNext()) {
                while (texts.hasNext() && !batch.isFull()) {
                    Row row = texts.next();
                    nodes.add(row.getString(0));
                    batch.add(row.getString(1));
                }
                signed = sign();
            }
            return signed.hasNext();
        }

        private Iterator<Row> sign() {
            List<Optional<Signature>> signatures = batch.take();
            List<Row> rows = new ArrayList<>(signatures.size());
            for (int i = 0; i < signatures.size(); i++) {
                String node = nodes.get(i);
                signatures.get(i).ifPresent(found -> rows.add(RowFactory.create(node, found.toBytes())));
            }
            nodes.clear();
            return rows.iterator();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return signed.next();
        }
    }
}
