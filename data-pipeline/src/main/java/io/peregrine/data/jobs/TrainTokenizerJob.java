package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sum;

import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.tokenizer.BpeTrainer;
import io.peregrine.data.tokenizer.PretokenCount;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.data.tokenizer.TokenizerModel;
import io.peregrine.data.tokenizer.TrainingSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains the tokenizer on the unique documents of the run: counting on the cluster, merging on the driver. Sums of whole
 * numbers are the same in any order, so the tokenizer is the same for any partitioning.
 */
public final class TrainTokenizerJob implements StageJob {
    private static final StructType SHARES =
            new StructType().add("stream", DataTypes.StringType, false).add("buckets", DataTypes.IntegerType, false);

    private final TokenizerConfig config;

    public TrainTokenizerJob(TokenizerConfig config) {
        this.config = config;
    }

    @Override
    public Stage stage() {
        return Stage.TOKENIZER;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.DECONTAMINATE);
    }

    @Override
    public String configDigest() {
        return ConfigDigest.of(config);
    }

    @Override
    public Outcome run(StageContext context) {
        Dataset<Row> texts = context.table(Stage.DECONTAMINATE, "clean")
                .select(
                        col("domain").as("stream"),
                        IdHashes.bucket(
                                        IdHashes.of(context.seed().child("training-sample"), col("id")),
                                        TrainingSample.BUCKET_BITS)
                                .as("bucket"),
                        col("text"));
        Map<String, Long> counts = new LinkedHashMap<>();
        List<PretokenCount> pretokens = countPretokens(sample(context, texts, counts), counts);
        TokenizerModel model = BpeTrainer.train(pretokens, config, context.progress());
        counts.put("vocabulary", (long) model.tokens().size());
        counts.put("merges", (long) model.merges().size());
        TokenizerFiles.write(model, context.folder());
        Map<String, TableVersion> outputs = new LinkedHashMap<>();
        for (String name : TokenizerFiles.NAMES) {
            outputs.put(name, context.file(context.folder().resolve(name)));
        }
        return new Outcome(outputs, counts);
    }

    /** The documents whose hash lies in their stream's share. */
    private Dataset<Row> sample(StageContext context, Dataset<Row> texts, Map<String, Long> counts) {
        Map<String, SortedMap<Integer, Long>> bytes = new TreeMap<>();
        long documents = 0;
        Dataset<Row> sizes = texts.groupBy("stream", "bucket")
                .agg(sum(octet_length(col("text"))).as("bytes"), count(lit(1)).as("documents"));
        for (Row size : sizes.collectAsList()) {
            bytes.computeIfAbsent(size.getString(0), stream -> new TreeMap<>()).put(size.getInt(1), size.getLong(2));
            documents += size.getLong(3);
        }
        counts.put("in", documents);
        List<Row> shares = new ArrayList<>();
        bytes.forEach((stream, buckets) -> {
            int taken = TrainingSample.buckets(buckets, config.trainingBytesPerStream());
            shares.add(RowFactory.create(stream, taken));
            long sampled = buckets.headMap(taken).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            counts.put("bytes." + stream, sampled);
        });
        Dataset<Row> share = context.spark().createDataFrame(shares, SHARES);
        return texts.join(broadcast(share), "stream")
                .where(col("bucket").lt(col("buckets")))
                .select("text");
    }

    private List<PretokenCount> countPretokens(Dataset<Row> texts, Map<String, Long> counts) {
        Dataset<Row> counted = texts.mapPartitions(
                        (MapPartitionsFunction<Row, Row>) PretokenRows::new, PretokenRows.ENCODER)
                .groupBy("pretoken")
                .agg(sum("count").as("count"), sum("overlong_bytes").as("overlong_bytes"));
        List<PretokenCount> pretokens = new ArrayList<>();
        counts.put("pretokens", 0L);
        counts.put("overlong-pretokens", 0L);
        counts.put("overlong-bytes", 0L);
        Dataset<Row> frequent = counted.where(
                col("count").geq(config.pretokenCountMin()).or(col("pretoken").equalTo(PretokenRows.OVERLONG)));
        for (Row row : frequent.collectAsList()) {
            if (row.getString(0).equals(PretokenRows.OVERLONG)) {
                counts.put("overlong-pretokens", row.getLong(1));
                counts.put("overlong-bytes", row.getLong(2));
            } else {
                pretokens.add(new PretokenCount(row.getString(0), row.getLong(1)));
            }
        }
        counts.put("pretokens", (long) pretokens.size());
        return pretokens;
    }
}
