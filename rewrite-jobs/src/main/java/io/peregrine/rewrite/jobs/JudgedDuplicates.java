package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.peregrine.rewrite.accept.RejectReason;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Refuses what stands with a text that the run has already, as a document or as another rewrite. */
final class JudgedDuplicates {
    private JudgedDuplicates() {}

    /**
     * @param judged rows of {@link JudgedRows}
     * @param clean the documents of the run
     */
    static Dataset<Row> refused(Dataset<Row> judged, Dataset<Row> clean) {
        Dataset<Row> known = clean.select(col("id")).distinct().withColumn("known", lit(true));
        Column rank = row_number()
                .over(Window.partitionBy(col("id"), col("stands")).orderBy("parent_id", "template", "variant"));
        // An original in the place of a refused answer is there by policy.
        Column original = col("originals").equalTo(col("segments"));
        Column duplicate =
                col("stands").and(col("known").and(not(original)).or(col("rank").gt(1)));
        return judged.join(known, new String[] {"id"}, "left")
                .withColumn("known", coalesce(col("known"), lit(false)))
                .withColumn("rank", rank)
                .withColumn("duplicate", duplicate)
                .withColumn("stands", col("stands").and(not(col("duplicate"))))
                .withColumn(
                        "reason",
                        when(col("duplicate"), RejectReason.DUPLICATE.code()).otherwise(col("reason")))
                .withColumn("measured", when(col("duplicate"), lit(1.0)).otherwise(col("measured")))
                .withColumn("limit", when(col("duplicate"), lit(0.0)).otherwise(col("limit")))
                .select(Arrays.stream(JudgedRows.SCHEMA.fieldNames())
                        .map(name -> col(name))
                        .toArray(Column[]::new));
    }
}
