package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.try_parse_url;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The hosts that most documents come from, and how many of theirs are kept. */
final class Hosts {
    private static final int SHOWN = 50;

    private Hosts() {}

    static ArrayNode of(Dataset<Row> kept, Dataset<Row> dropped) {
        Dataset<Row> hosts = hosts(kept, 1)
                .union(hosts(dropped, 0))
                .groupBy("host")
                .agg(sum("documents").as("documents"), sum("kept").as("kept"))
                .orderBy(col("documents").desc(), col("host"))
                .limit(SHOWN);
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (Row row : hosts.collectAsList()) {
            nodes.addObject()
                    .put("host", row.getString(0))
                    .put("documents", row.getLong(1))
                    .put("kept", row.getLong(2));
        }
        return nodes;
    }

    private static Dataset<Row> hosts(Dataset<Row> documents, long kept) {
        return documents
                .where(lower(col("location")).rlike("^https?://"))
                .groupBy(coalesce(lower(try_parse_url(col("location"), lit("HOST"))), lit("(malformed address)"))
                        .as("host"))
                .agg(
                        count(lit(1)).as("documents"),
                        count(lit(1)).multiply(lit(kept)).as("kept"));
    }
}
