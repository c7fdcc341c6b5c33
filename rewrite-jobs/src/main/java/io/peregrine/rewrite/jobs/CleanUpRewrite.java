package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.peregrine.data.jobs.IdHashes;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.rewrite.RewriteConfig;
import io.peregrine.rewrite.accept.RejectReason;
import io.peregrine.rewrite.cleanup.CleanUpRewriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.storage.StorageLevel;

/** The documents by the clean-up, see {@link RewriteJob}. */
final class CleanUpRewrite {
    private final RewriteConfig config;

    CleanUpRewrite(RewriteConfig config) {
        this.config = config;
    }

    StageJob.Outcome run(StageContext context) {
        Dataset<Row> clean = context.table(Stage.DECONTAMINATE, "clean");
        Dataset<Row> chosen = chosen(config, context, clean);
        AnswerRows rows = new AnswerRows(CleanUpRewriter::new, config.accept());
        Dataset<Row> answers =
                chosen.mapPartitions((MapPartitionsFunction<Row, Row>) rows::answers, AnswerRows.ENCODER);
        Dataset<Row> judged = withoutDuplicates(answers, clean).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            TableVersion rewrites = context.write(
                    judged.where(col("reason").isNull()).drop("reason", "measured", "limit"), "rewrites", "id");
            TableVersion rejected = context.write(judged.where(col("reason").isNotNull()), "rejected", "id");
            return new StageJob.Outcome(
                    Map.of("rewrites", rewrites, "rejected", rejected),
                    counts(context.input(Stage.DECONTAMINATE).output("clean").rows(), rewrites, context.at(rejected)));
        } finally {
            judged.unpersist();
        }
    }

    /** The documents that are rewritten. */
    static Dataset<Row> chosen(RewriteConfig config, StageContext context, Dataset<Row> clean) {
        return clean.where(col("domain").isin(config.domains().toArray()))
                .where(IdHashes.inShare(context.seed().child("sample"), col("id"), config.share()));
    }

    /** Refuses an answer whose text the run has already: as a document, or as the answer for a lower parent id. */
    private static Dataset<Row> withoutDuplicates(Dataset<Row> answers, Dataset<Row> clean) {
        Dataset<Row> known = clean.select(col("id")).distinct().withColumn("known", lit(true));
        Column rank = row_number()
                .over(Window.partitionBy(col("id"), col("reason").isNull()).orderBy("parent_id"));
        Column duplicate =
                col("reason").isNull().and(col("known").or(col("rank").gt(1)));
        return answers.join(known, new String[] {"id"}, "left")
                .withColumn("known", coalesce(col("known"), lit(false)))
                .withColumn("rank", rank)
                .withColumn("duplicate", duplicate)
                .withColumn(
                        "reason",
                        when(col("duplicate"), RejectReason.DUPLICATE.code()).otherwise(col("reason")))
                .withColumn("measured", when(col("duplicate"), lit(1.0)).otherwise(col("measured")))
                .withColumn("limit", when(col("duplicate"), lit(0.0)).otherwise(col("limit")))
                .select(java.util.Arrays.stream(AnswerRows.SCHEMA.fieldNames())
                        .map(name -> col(name))
                        .toArray(Column[]::new));
    }

    private static Map<String, Long> counts(long in, TableVersion rewrites, Dataset<Row> rejected) {
        Map<String, Long> byReason = new TreeMap<>();
        for (Row row : rejected.groupBy("reason").agg(count(lit(1))).collectAsList()) {
            byReason.put(row.getString(0), row.getLong(1));
        }
        long rejections = byReason.values().stream().mapToLong(Long::longValue).sum();
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("in", in);
        counts.put("asked", rewrites.rows() + rejections);
        counts.put("out", rewrites.rows());
        byReason.forEach((reason, rejectedRows) -> counts.put("rejected." + reason, rejectedRows));
        return counts;
    }
}
