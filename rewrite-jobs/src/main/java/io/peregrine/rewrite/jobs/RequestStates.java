package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Every request with what became of it. */
final class RequestStates {
    static final String ANSWERED = "answered";
    static final String UNSENT = "unsent";

    private RequestStates() {}

    /** Rows of table {@code requests}, see {@link ModelRewrite}. */
    static Dataset<Row> of(Dataset<Row> asked, Dataset<Row> responses) {
        return asked.join(responses.withColumn("known", lit(true)), new String[] {"key"}, "left")
                .select(
                        col("parent_id"),
                        col("source"),
                        col("domain"),
                        col("template"),
                        col("kind"),
                        col("variant"),
                        col("level"),
                        col("index"),
                        col("key"),
                        when(col("known").isNull(), lit(UNSENT))
                                .when(col("text").isNotNull(), lit(ANSWERED))
                                .otherwise(col("reason"))
                                .as("state"),
                        col("finish_reason"),
                        coalesce(col("prompt_tokens"), lit(0L)).as("prompt_tokens"),
                        coalesce(col("completion_tokens"), lit(0L)).as("completion_tokens"),
                        coalesce(col("tokens"), lit(0L)).as("tokens"),
                        coalesce(col("micro_dollars"), lit(0L)).as("micro_dollars"),
                        coalesce(col("attempts"), lit(0)).as("attempts"),
                        coalesce(col("endpoint"), lit("")).as("endpoint"),
                        coalesce(col("detail"), lit("")).as("detail"));
    }
}
