package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.tokenizer.PreTokenizer;
import io.peregrine.data.tokenizer.SplitRules;
import io.peregrine.data.tokenizer.TextWeight;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.data.tokenizer.TrainingSample;
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
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Counts the pre-tokens of a run's documents on the cluster, into a table that outlives the attempt: a training that was
 * killed while it merged does not count again. Sums of whole numbers are the same in any order, so the table is the same
 * for any partitioning.
 *
 * <p>Table {@code pretokens}: {@code pretoken} STRING; {@code count} BIGINT, weighted; {@code marked} BIGINT, how much of the
 * count is from the domains whose LaTeX commands count.
 */
final class PretokenCounting {
    static final String TABLE = "pretokens";

    private static final String MARKER = "pretokens.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StructType SHARES =
            new StructType().add("stream", DataTypes.StringType, false).add("buckets", DataTypes.IntegerType, false);

    private final TokenizerConfig config;
    private final StageContext context;

    PretokenCounting(TokenizerConfig config, StageContext context) {
        this.config = config;
        this.context = context;
    }

    /**
     * What was counted.
     *
     * @param of digest of all that the counts depend on
     * @param table the table
     * @param facts for the manifest
     */
    record Counted(String of, TableVersion table, Map<String, Long> facts) {}

    /** The counts of an earlier attempt, or new ones. */
    Counted counted() {
        Path marker = context.folder().resolve(MARKER);
        String of = inputs();
        if (Files.isRegularFile(marker)) {
            try {
                Counted earlier = JSON.readValue(Files.readAllBytes(marker), Counted.class);
                if (earlier.of().equals(of)) {
                    return earlier;
                }
            } catch (JsonProcessingException e) {
                throw new DataException("%s: not valid (%s); delete it".formatted(marker, e.getOriginalMessage()), e);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + marker, e);
            }
        }
        Counted fresh = countAnew(of);
        try {
            AtomicFiles.write(marker, JSON.writeValueAsBytes(fresh));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + marker, e);
        }
        return fresh;
    }

    private String inputs() {
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put(
                "documents", context.input(Stage.DECONTAMINATE).output("clean").payloadDigest());
        inputs.put("seed", context.seed().key());
        inputs.put("split", config.split());
        inputs.put("weights", config.weights());
        inputs.put("marked", config.latex().domains());
        inputs.put("bytes", config.trainingBytesPerStream());
        inputs.put("least", config.pretokenCountMin());
        return ConfigDigest.of(inputs);
    }

    private Counted countAnew(String of) {
        Map<String, Long> facts = new LinkedHashMap<>();
        Dataset<Row> texts = sample(texts(), facts);
        SplitRules split = config.split();
        Dataset<Row> counted = texts.mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> new PretokenRows(rows, new PreTokenizer(split)),
                        PretokenRows.ENCODER)
                .groupBy("pretoken")
                .agg(
                        sum("count").as("count"),
                        sum("marked").as("marked"),
                        sum("overlong_bytes").as("overlong_bytes"))
                .persist(StorageLevel.DISK_ONLY());
        try {
            Column overlong = col("pretoken").equalTo(PretokenRows.OVERLONG);
            Column frequent = col("count").geq(config.pretokenCountMin());
            Row rest = counted.agg(
                            sum(when(overlong, col("count"))),
                            sum(when(overlong, col("overlong_bytes"))),
                            count(when(overlong.or(frequent), null).otherwise(1)),
                            sum(when(overlong.or(frequent), 0L).otherwise(col("count"))),
                            sum(when(overlong.or(frequent), 0L)
                                    .otherwise(col("count").multiply(octet_length(col("pretoken"))))))
                    .head();
            TableVersion table = context.write(
                    counted.where(frequent.and(overlong.unary_$bang())).select("pretoken", "count", "marked"),
                    TABLE,
                    "pretoken");
            facts.put("pretokens", table.rows());
            List<String> names = List.of(
                    "overlong-pretokens", "overlong-bytes", "pruned-pretokens", "pruned-occurrences", "pruned-bytes");
            for (int i = 0; i < names.size(); i++) {
                facts.put(names.get(i), rest.isNullAt(i) ? 0 : rest.getLong(i));
            }
            return new Counted(of, table, facts);
        } finally {
            counted.unpersist();
        }
    }

    private Dataset<Row> texts() {
        return context.table(Stage.DECONTAMINATE, "clean")
                .select(
                        col("domain").as("stream"),
                        IdHashes.bucket(
                                        IdHashes.of(context.seed().child("training-sample"), col("id")),
                                        TrainingSample.BUCKET_BITS)
                                .as("bucket"),
                        weight().as("weight"),
                        col("domain").isin(config.latex().domains().toArray()).as("marked"),
                        col("text"))
                .where(col("weight").gt(0));
    }

    /** The first weight that fits a document, or 1. */
    private Column weight() {
        Column weight = lit(1);
        for (int i = config.weights().size() - 1; i >= 0; i--) {
            TextWeight each = config.weights().get(i);
            Column fits = lit(true);
            if (each.source().isPresent()) {
                fits = fits.and(col("source").equalTo(each.source().get()));
            }
            if (each.domain().isPresent()) {
                fits = fits.and(col("domain").equalTo(each.domain().get()));
            }
            if (each.language().isPresent()) {
                fits = fits.and(col("language").equalTo(each.language().get()));
            }
            weight = when(coalesce(fits, lit(false)), each.weight()).otherwise(weight);
        }
        return weight;
    }

    /** The documents whose hash lies in their stream's share. */
    private Dataset<Row> sample(Dataset<Row> texts, Map<String, Long> facts) {
        Map<String, SortedMap<Integer, Long>> bytes = new TreeMap<>();
        long documents = 0;
        Dataset<Row> sizes = texts.groupBy("stream", "bucket")
                .agg(sum(octet_length(col("text"))).as("bytes"), count(lit(1)).as("documents"));
        for (Row size : sizes.collectAsList()) {
            bytes.computeIfAbsent(size.getString(0), stream -> new TreeMap<>()).put(size.getInt(1), size.getLong(2));
            documents += size.getLong(3);
        }
        facts.put("in", documents);
        if (documents == 0) {
            throw new DataException(
                    ("tokenizer: the run has no documents to train on (10 documents to 34 decontaminate kept none,"
                            + " or tokenizer.weights leave all out); see ./peregrine report"));
        }
        List<Row> shares = new ArrayList<>();
        bytes.forEach((stream, buckets) -> {
            int taken = TrainingSample.buckets(buckets, config.trainingBytesPerStream());
            shares.add(RowFactory.create(stream, taken));
            long sampled = buckets.headMap(taken).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            facts.put("bytes." + stream, sampled);
        });
        Dataset<Row> share = context.spark().createDataFrame(shares, SHARES);
        return texts.join(broadcast(share), "stream")
                .where(col("bucket").lt(col("buckets")))
                .select("text", "weight", "marked");
    }
}
