package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts by groups of documents, whose texts nobody has to look at. */
final class GroupFacts {
    private GroupFacts() {}

    /** How many documents of each source and language broke which rule first. */
    static ArrayNode drops(Dataset<Row> dropped) {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (Row row : dropped.groupBy("domain", "source", "language", "rule")
                .count()
                .orderBy("domain", "source", "language", "rule")
                .collectAsList()) {
            nodes.addObject()
                    .put("domain", row.getString(0))
                    .put("source", row.getString(1))
                    .put("language", row.getString(2))
                    .put("reason", row.getString(3))
                    .put("documents", row.getLong(4));
        }
        return nodes;
    }

    /** Under which licences the documents of each domain are. */
    static ArrayNode licences(Dataset<Row> documents) {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (Row row : documents
                .groupBy("domain", "licence")
                .agg(
                        count(lit(1)).as("documents"),
                        sum(octet_length(col("text"))).as("bytes"))
                .orderBy(col("domain"), col("documents").desc(), col("licence"))
                .collectAsList()) {
            nodes.addObject()
                    .put("domain", row.getString(0))
                    .put("licence", row.getString(1))
                    .put("documents", row.getLong(2))
                    .put("bytes", row.getLong(3));
        }
        return nodes;
    }
}
