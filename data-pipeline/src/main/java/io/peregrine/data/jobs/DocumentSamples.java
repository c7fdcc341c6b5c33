package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.substring;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.filters.RuleSets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** A few of the documents that were not kept, for each reason: those of the smallest ids, which are as good as drawn. */
final class DocumentSamples {
    private DocumentSamples() {}

    /** Every reason that fired, in the order in which the rules decide, with samples. */
    static ArrayNode byRule(Dataset<Row> dropped, RuleSets sets, int samples) {
        Map<String, ObjectNode> byReason = new LinkedHashMap<>();
        Funnel.reasons(sets).forEach(reason -> byReason.put(reason, JsonNodeFactory.instance.objectNode()));
        for (Row row : dropped.groupBy("stage", "rule").count().orderBy("rule").collectAsList()) {
            ObjectNode reason =
                    byReason.computeIfAbsent(row.getString(1), name -> JsonNodeFactory.instance.objectNode());
            reason.put("filter", row.getString(0))
                    .put("reason", row.getString(1))
                    .put("documents", row.getLong(2));
            reason.putArray("samples");
        }
        Dataset<Row> few = first(
                        dropped, samples, col("rule"), col("id"), col("source"), col("origin"), col("location"))
                .select(
                        col("rule"),
                        col("source"),
                        col("location"),
                        col("language"),
                        col("measured"),
                        col("limit"),
                        length(col("text")),
                        substring(col("text"), 1, DataFacts.SAMPLE_CHARACTERS),
                        col("repository"));
        for (Row row : few.collectAsList()) {
            byReason.get(row.getString(0))
                    .withArray("samples")
                    .addObject()
                    .put("source", row.getString(1))
                    .put("location", row.getString(2))
                    .put("language", row.getString(3))
                    .put("measured", row.getDouble(4))
                    .put("limit", row.getDouble(5))
                    .put("characters", row.getInt(6))
                    .put("text", row.getString(7))
                    .put("repository", row.getString(8));
        }
        ArrayNode fired = JsonNodeFactory.instance.arrayNode();
        byReason.values().stream().filter(reason -> reason.has("documents")).forEach(fired::add);
        return fired;
    }

    /** Documents of each source. */
    static ArrayNode bySource(Dataset<Row> documents, int samples) {
        Dataset<Row> few = first(documents, samples, col("source"), col("id"), col("origin"), col("location"))
                .select(
                        col("source"),
                        col("location"),
                        col("language"),
                        col("licence"),
                        length(col("text")),
                        substring(col("text"), 1, DataFacts.SAMPLE_CHARACTERS),
                        col("repository"));
        Map<String, ObjectNode> sources = new LinkedHashMap<>();
        for (Row row : few.collectAsList()) {
            sources.computeIfAbsent(
                            row.getString(0),
                            name -> JsonNodeFactory.instance.objectNode().put("source", name))
                    .withArray("samples")
                    .addObject()
                    .put("location", row.getString(1))
                    .put("language", row.getString(2))
                    .put("licence", row.getString(3))
                    .put("characters", row.getInt(4))
                    .put("text", row.getString(5))
                    .put("repository", row.getString(6));
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        sources.values().forEach(all::add);
        return all;
    }

    /** Input that could not be read, by reason, with samples. */
    static ArrayNode rejected(Dataset<Row> rejected, int samples) {
        Map<String, ObjectNode> byReason = new LinkedHashMap<>();
        for (Row row : rejected.groupBy("reason").count().orderBy("reason").collectAsList()) {
            ObjectNode reason = JsonNodeFactory.instance.objectNode();
            reason.put("reason", row.getString(0)).put("pieces", row.getLong(1));
            reason.putArray("samples");
            byReason.put(row.getString(0), reason);
        }
        Dataset<Row> few = first(rejected, samples, col("reason"), col("source"), col("origin"), col("position"))
                .select("reason", "source", "origin", "position", "detail");
        for (Row row : few.collectAsList()) {
            byReason.get(row.getString(0))
                    .withArray("samples")
                    .addObject()
                    .put("source", row.getString(1))
                    .put("origin", row.getString(2))
                    .put("position", row.getString(3))
                    .put("detail", row.getString(4));
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        byReason.values().forEach(all::add);
        return all;
    }

    /** The first rows of each group. Spark keeps no more than these per task before it shuffles. */
    static Dataset<Row> first(Dataset<Row> rows, int samples, Column group, Column... order) {
        return rows.withColumn(
                        "place", row_number().over(Window.partitionBy(group).orderBy(order)))
                .where(col("place").leq(lit(samples)))
                .orderBy(group, col("place"))
                .drop("place");
    }
}
