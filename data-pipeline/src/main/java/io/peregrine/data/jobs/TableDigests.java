package io.peregrine.data.jobs;

import io.peregrine.data.manifest.PayloadDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The payload digest of a table: the same for any order of its rows, any partitioning and any file layout.
 *
 * <p>Each row is hashed by itself, with the columns in the order of their names. The rows' digests fall into 256 buckets
 * by their first byte, each bucket is sorted and reduced to its Merkle root where it lies, and the root over the buckets
 * is the table's digest. Only the buckets' roots travel to the driver.
 */
public final class TableDigests {
    private static final int BUCKETS = 256;
    private static final StructType BUCKETED =
            new StructType().add("bucket", DataTypes.IntegerType).add("digest", DataTypes.BinaryType);
    private static final StructType REDUCED = new StructType()
            .add("bucket", DataTypes.IntegerType)
            .add("root", DataTypes.StringType)
            .add("rows", DataTypes.LongType);
    private static final Encoder<Row> BUCKETED_ROWS = Encoders.row(BUCKETED);
    private static final Encoder<Row> REDUCED_ROWS = Encoders.row(REDUCED);

    private TableDigests() {}

    /**
     * @param rows how many rows there are
     * @param payloadDigest 64 hexadecimal digits
     */
    public record Digest(long rows, String payloadDigest) {}

    /** Digests all rows of a table or query. */
    public static Digest of(Dataset<Row> table) {
        int[] columns = byName(table.schema());
        List<Row> buckets = table.mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> map(rows, row -> bucketed(row, columns)),
                        BUCKETED_ROWS)
                // Into as many partitions as the session has for shuffles, which Spark joins where there is little in
                // them: a number of our own would be that many tasks for any table, and most have a few rows.
                .repartition(functions.col("bucket"))
                .sortWithinPartitions("bucket", "digest")
                .mapPartitions((MapPartitionsFunction<Row, Row>) TableDigests::reduced, REDUCED_ROWS)
                .collectAsList();
        String[] roots = new String[BUCKETS];
        Arrays.fill(roots, PayloadDigest.merkleRoot(List.of()));
        long rows = 0;
        for (Row bucket : buckets) {
            roots[bucket.getInt(0)] = bucket.getString(1);
            rows += bucket.getLong(2);
        }
        PayloadDigest digest = new PayloadDigest();
        for (int column : columns) {
            digest.add(table.schema().fieldNames()[column]);
        }
        for (String root : roots) {
            digest.add(root);
        }
        return new Digest(rows, digest.hex());
    }

    private static int[] byName(StructType schema) {
        String[] names = schema.fieldNames();
        return IntStream.range(0, names.length)
                .boxed()
                .sorted((a, b) -> names[a].compareTo(names[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static Row bucketed(Row row, int[] columns) {
        PayloadDigest digest = new PayloadDigest();
        for (int column : columns) {
            RowDigests.add(digest, row.get(column));
        }
        byte[] bytes = digest.digest();
        return RowFactory.create(bytes[0] & 0xFF, bytes);
    }

    private static java.util.Iterator<Row> reduced(java.util.Iterator<Row> sorted) {
        List<Row> reduced = new ArrayList<>();
        List<byte[]> leaves = new ArrayList<>();
        int bucket = -1;
        while (sorted.hasNext()) {
            Row row = sorted.next();
            if (row.getInt(0) != bucket && !leaves.isEmpty()) {
                reduced.add(RowFactory.create(bucket, PayloadDigest.merkleRoot(leaves), (long) leaves.size()));
                leaves.clear();
            }
            bucket = row.getInt(0);
            leaves.add(row.getAs(1));
        }
        if (!leaves.isEmpty()) {
            reduced.add(RowFactory.create(bucket, PayloadDigest.merkleRoot(leaves), (long) leaves.size()));
        }
        return reduced.iterator();
    }

    private static java.util.Iterator<Row> map(
            java.util.Iterator<Row> rows, java.util.function.Function<Row, Row> function) {
        return new java.util.Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return function.apply(rows.next());
            }
        };
    }
}
