package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;

import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenStatistics;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.data.tokenizer.WordCount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Encodes the unique documents and the rewrites, and gives each its place in its stream.
 *
 * <p>Table {@code tokens}: {@code stream} STRING, the document's domain; {@code ordinal} BIGINT, 0 and up in each stream
 * without a gap; {@code id} STRING; {@code tokens} BINARY, see {@link io.peregrine.data.tokenizer.TokenBytes}, ended by the
 * end-of-text token; {@code n_tok} INT. The order of a stream is that of a keyed hash of the ids: a shuffle of the whole
 * stream that depends on seed and ids only. So that no task ever sorts a whole stream, the hashes are cut into buckets;
 * a place is the number of documents in the buckets before plus the rank inside the bucket.
 */
public final class TokenizeJob implements StageJob {
    private static final int BUCKET_DOCUMENTS = 1 << 16;
    private static final int BUCKET_BITS_MAX = 20;
    private static final StructType OFFSETS = new StructType()
            .add("stream", DataTypes.StringType, false)
            .add("bucket", DataTypes.IntegerType, false)
            .add("offset", DataTypes.LongType, false);

    @Override
    public Stage stage() {
        return Stage.TOKENS;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.DECONTAMINATE, Stage.REPOSITORIES, Stage.REWRITE, Stage.TOKENIZER);
    }

    /** No settings but the tokenizer, which is an input. */
    @Override
    public String configDigest() {
        return ConfigDigest.of(Map.of());
    }

    /** What is known of a stream before its tokens are. */
    private static final class StreamSize {
        private long documents;
        private long bytes;
    }

    @Override
    public Outcome run(StageContext context) {
        Path file = context.layout().tokenizer().resolve(TokenizerFiles.TOKENIZER_JSON);
        byte[] json = tokenizerJson(context, file);
        int vocabSize;
        try (BpeTokenizer tokenizer = BpeTokenizer.of(json, file.toString())) {
            vocabSize = tokenizer.vocabSize();
        }
        Broadcast<byte[]> shared = JavaSparkContext.fromSparkContext(
                        context.spark().sparkContext())
                .broadcast(json);
        TokenRows rows = new TokenRows(shared, file.toString(), vocabSize);

        Dataset<Row> documents = documents(context);
        Map<String, StreamSize> sizes = new TreeMap<>();
        Dataset<Row> offsets = offsets(context, documents, sizes);
        Dataset<Row> encoded =
                documents.mapPartitions((MapPartitionsFunction<Row, Row>) rows::encode, TokenRows.ENCODED_ENCODER);
        // Documents of equal text in one stream are equal rows, so their order among themselves does not show.
        WindowSpec inBucket = Window.partitionBy("stream", "bucket").orderBy("hash", "id");
        Dataset<Row> placed = encoded.withColumn("rank", row_number().over(inBucket))
                .join(broadcast(offsets), new String[] {"stream", "bucket"})
                .select(
                        col("stream"),
                        col("offset").plus(col("rank")).minus(1).as("ordinal"),
                        col("id"),
                        col("tokens"),
                        col("n_tok"));
        TableVersion tokens = context.write(placed, "tokens", "stream", "ordinal");
        TokenStatistics statistics = statistics(context.at(tokens), rows, vocabSize, sizes);
        shared.destroy();
        TableVersion written = context.file(statistics.write(context.folder()));
        return new Outcome(Map.of("tokens", tokens, TokenStatistics.FILE_NAME, written), counts(statistics));
    }

    /** The tokenizer, if it still is what its stage wrote. */
    private static byte[] tokenizerJson(StageContext context, Path file) {
        String expected = context.input(Stage.TOKENIZER)
                .output(TokenizerFiles.TOKENIZER_JSON)
                .payloadDigest();
        if (!Files.isRegularFile(file)) {
            throw new DataException("%s: no such file; run the tokenizer stage again".formatted(file));
        }
        if (!context.file(file).payloadDigest().equals(expected)) {
            throw new DataException("%s: is not what the tokenizer stage wrote; run that stage again".formatted(file));
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Dataset<Row> documents(StageContext context) {
        long rows = context.input(Stage.DECONTAMINATE).output("clean").rows()
                + context.input(Stage.REPOSITORIES).output("repositories").rows()
                + context.input(Stage.REWRITE).output("rewrites").rows();
        int bits = bucketBits(rows);
        Dataset<Row> clean = context.table(Stage.DECONTAMINATE, "clean").select("id", "domain", "text");
        Dataset<Row> repositories =
                context.table(Stage.REPOSITORIES, "repositories").select("id", "domain", "text");
        Dataset<Row> rewrites = context.table(Stage.REWRITE, "rewrites").select("id", "domain", "text");
        return clean.union(repositories)
                .union(rewrites)
                .withColumn("hash", IdHashes.of(context.seed(), col("id")))
                .select(
                        col("domain").as("stream"),
                        IdHashes.bucket(col("hash"), bits).as("bucket"),
                        col("hash"),
                        col("id"),
                        col("text"));
    }

    /** As few buckets as keep each of them small even if all documents are of one stream. */
    private static int bucketBits(long documents) {
        int bits = 0;
        while (bits < BUCKET_BITS_MAX && documents >> bits > BUCKET_DOCUMENTS) {
            bits++;
        }
        return bits;
    }

    /** For each bucket the number of documents in the buckets before it. */
    private static Dataset<Row> offsets(StageContext context, Dataset<Row> documents, Map<String, StreamSize> sizes) {
        List<Row> offsets = new ArrayList<>();
        Dataset<Row> buckets = documents
                .groupBy("stream", "bucket")
                .agg(
                        count(lit(1)).as("documents"),
                        sum(octet_length(col("text"))).as("bytes"))
                .orderBy("stream", "bucket");
        for (Row bucket : buckets.collectAsList()) {
            StreamSize size = sizes.computeIfAbsent(bucket.getString(0), stream -> new StreamSize());
            offsets.add(RowFactory.create(bucket.get(0), bucket.get(1), size.documents));
            size.documents += bucket.getLong(2);
            size.bytes += bucket.getLong(3);
        }
        return context.spark().createDataFrame(offsets, OFFSETS);
    }

    private static TokenStatistics statistics(
            Dataset<Row> tokens, TokenRows rows, int vocabSize, Map<String, StreamSize> sizes) {
        Map<String, SortedMap<Integer, Long>> counted = new TreeMap<>();
        sizes.keySet().forEach(stream -> counted.put(stream, new TreeMap<>()));
        Dataset<Row> counts = tokens.select("stream", "tokens")
                .mapPartitions((MapPartitionsFunction<Row, Row>) rows::count, TokenRows.COUNTED_ENCODER)
                .groupBy("stream", "token")
                .agg(sum("count"));
        for (Row count : counts.collectAsList()) {
            counted.get(count.getString(0)).put(count.getInt(1), count.getLong(2));
        }
        Map<String, TokenStatistics.Counted> streams = new TreeMap<>();
        counted.forEach((stream, tokenCounts) -> {
            StreamSize size = sizes.get(stream);
            WordCount words = new WordCount(
                    tokenCounts.remove(TokenRows.WORDS), tokenCounts.remove(TokenRows.SINGLE_TOKEN_WORDS));
            streams.put(stream, new TokenStatistics.Counted(size.documents, size.bytes, words, tokenCounts));
        });
        return TokenStatistics.of(vocabSize, streams);
    }

    private static Map<String, Long> counts(TokenStatistics statistics) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("in", statistics.all().documents());
        counts.put("tokens", statistics.all().tokens());
        counts.put("bytes", statistics.all().bytes());
        statistics.streams().forEach((name, stream) -> {
            counts.put("documents." + name, stream.documents());
            counts.put("tokens." + name, stream.tokens());
            counts.put("bytes." + name, stream.bytes());
        });
        return counts;
    }
}
