package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.substring;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What was removed as a copy of something: by kind, by similarity, and the largest clusters. */
final class DuplicateFacts {
    private static final int SIMILARITY_BINS = 20;

    private DuplicateFacts() {}

    static ObjectNode of(Dataset<Row> duplicates, int samples) {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        ArrayNode kinds = facts.putArray("kinds");
        for (Row row : duplicates
                .groupBy("kind", "source")
                .count()
                .orderBy("kind", "source")
                .collectAsList()) {
            kinds.addObject()
                    .put("kind", row.getString(0))
                    .put("source", row.getString(1))
                    .put("documents", row.getLong(2));
        }
        ArrayNode similarities = facts.putArray("similarities");
        for (Row row : duplicates
                .where(col("kind").startsWith("near"))
                .groupBy(floor(col("estimated_jaccard").multiply(SIMILARITY_BINS))
                        .as("bin"))
                .count()
                .orderBy("bin")
                .collectAsList()) {
            similarities
                    .addObject()
                    .put("from", (double) row.getLong(0) / SIMILARITY_BINS)
                    .put("documents", row.getLong(1));
        }
        ArrayNode clusters = facts.putArray("clusters");
        Dataset<Row> largest = duplicates
                .groupBy("cluster")
                .agg(
                        max("cluster_size").as("size"),
                        count(lit(1)).as("removed"),
                        min("estimated_jaccard").as("similarity"),
                        min(substring(col("text"), 1, DataFacts.SAMPLE_CHARACTERS))
                                .as("text"))
                .orderBy(col("size").desc(), col("cluster"))
                .limit(samples);
        for (Row row : largest.collectAsList()) {
            clusters.addObject()
                    .put("cluster", row.getString(0))
                    .put("size", row.getLong(1))
                    .put("removed", row.getLong(2))
                    .put("similarity", row.getDouble(3))
                    .put("text", row.getString(4));
        }
        return facts;
    }
}
