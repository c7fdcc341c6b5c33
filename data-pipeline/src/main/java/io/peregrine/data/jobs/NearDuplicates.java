package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import io.peregrine.data.dedup.MinHash;
import io.peregrine.data.dedup.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Signatures of documents, and the pairs that share a band.
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

    private NearDuplicates() {}

    /** From columns {@code node} and {@code text} to {@code node} and {@code signature}, for texts that have one. */
    static Dataset<Row> signatures(Dataset<Row> texts) {
        return texts.select("node", "text")
                .mapPartitions((MapPartitionsFunction<Row, Row>) NearDuplicates::sign, SIGNATURES);
    }

    private static Iterator<Row> sign(Iterator<Row> texts) {
        MinHash minHash = new MinHash();
        return Rows.flatMap(
                texts,
                row -> minHash.signature(row.getString(1))
                        .map(signature -> RowFactory.create(row.getString(0), signature.toBytes()))
                        .map(signed -> Collections.singletonList(signed).iterator())
                        .orElse(Collections.emptyIterator()));
    }

    /** Pairs {@code a}, {@code b} that share a band, {@code b} being the smallest node of the band; each pair once. */
    static Dataset<Row> candidates(Dataset<Row> signatures) {
        Dataset<Row> bands = signatures.mapPartitions(
                (MapPartitionsFunction<Row, Row>) rows -> Rows.flatMap(rows, NearDuplicates::bands), BANDS);
        Dataset<Row> shared = bands.groupBy("band", "key")
                .agg(min("node").as("b"), count(lit(1)).as("members"))
                .where(col("members").gt(1))
                .drop("members");
        return bands.join(shared, new String[] {"band", "key"}, "inner")
                .where(col("node").notEqual(col("b")))
                .select(col("node").as("a"), col("b"))
                .distinct();
    }

    private static Iterator<Row> bands(Row signed) {
        List<Long> keys = Signature.ofBytes(signed.getAs(1)).bandKeys(8);
        List<Row> bands = new ArrayList<>(keys.size());
        for (int band = 0; band < keys.size(); band++) {
            bands.add(RowFactory.create(band, keys.get(band), signed.getString(0)));
        }
        return bands.iterator();
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
}
