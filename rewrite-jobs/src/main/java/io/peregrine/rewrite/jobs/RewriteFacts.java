package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** What the page about the rewrites of a run draws, from the tables that the stage's manifest names. */
final class RewriteFacts {
    private static final int TEXT_CHARACTERS = 6_000;
    private static final int OPENINGS = 5;
    private static final String REQUESTS = "requests";

    private final StageContext context;
    private final StageManifest manifest;
    private final int samples;

    /** @param samples rewrites shown of each template, and refused answers of each reason */
    RewriteFacts(StageContext context, int samples) {
        this.context = context;
        this.manifest = context.input(Stage.REWRITE);
        this.samples = samples;
    }

    ObjectNode gather(String run, String digest) {
        Dataset<Row> rewrites = uniform(context.at(manifest.output("rewrites")));
        Dataset<Row> rejected = uniform(context.at(manifest.output("rejected")));
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("title", run + ": the rewrites");
        ArrayNode head = facts.putArray("facts");
        fact(head, "folder", context.layout().root().toString());
        fact(head, "settings digest", digest);
        ObjectNode counts = facts.putObject("counts");
        manifest.counts().forEach(counts::put);
        facts.set("answers", answers(rewrites, rejected));
        ArrayNode cost = facts.putArray("cost");
        if (manifest.outputs().containsKey(REQUESTS)) {
            cost(context.at(manifest.output(REQUESTS)), cost);
        }
        facts.set("openings", openings(rewrites));
        Dataset<Row> parents = context.table(Stage.DECONTAMINATE, "clean")
                .groupBy("id")
                .agg(org.apache.spark.sql.functions.first("text").as("original"))
                .withColumnRenamed("id", "parent_id");
        facts.set("rewrites", pairs(rewrites, parents, "template"));
        facts.set("rejected", pairs(rejected, parents, "reason"));
        return facts;
    }

    private static void fact(ArrayNode head, String label, String value) {
        head.addObject().put("label", label).put("value", value);
    }

    /** The clean-up's tables have no template: the rewriter takes its place. */
    private static Dataset<Row> uniform(Dataset<Row> rows) {
        if (rows.schema().getFieldIndex("template").isDefined()) {
            return rows;
        }
        return rows.withColumn("template", col("rewriter"))
                .withColumn("kind", col("rewriter"))
                .withColumn("variant", lit(0))
                .withColumn("segments", lit(1))
                .withColumn("originals", lit(0));
    }

    /** Answers by source, template and reason; no reason for those that stand. */
    private static ArrayNode answers(Dataset<Row> rewrites, Dataset<Row> rejected) {
        ArrayNode answers = JsonNodeFactory.instance.arrayNode();
        Dataset<Row> all = rewrites.where(col("originals").equalTo(0))
                .select(col("source"), col("template"), lit("").as("reason"))
                .union(rejected.select("source", "template", "reason"));
        for (Row row : all.groupBy("source", "template", "reason")
                .agg(count(lit(1)))
                .orderBy("source", "template", "reason")
                .collectAsList()) {
            answers.addObject()
                    .put("source", row.getString(0))
                    .put("template", row.getString(1))
                    .put("reason", row.getString(2))
                    .put("answers", row.getLong(3));
        }
        return answers;
    }

    private static void cost(Dataset<Row> requests, ArrayNode cost) {
        for (Row row : requests.groupBy("source", "template")
                .agg(
                        count(lit(1)),
                        sum(when(col("state").equalTo(RequestStates.ANSWERED), lit(1L))
                                .otherwise(lit(0L))),
                        sum("prompt_tokens"),
                        sum("completion_tokens"),
                        sum("tokens"),
                        sum("micro_dollars"))
                .orderBy("source", "template")
                .collectAsList()) {
            cost.addObject()
                    .put("source", row.getString(0))
                    .put("template", row.getString(1))
                    .put(REQUESTS, row.getLong(2))
                    .put("answered", row.getLong(3))
                    .put("prompt_tokens", row.getLong(4))
                    .put("answer_tokens", row.getLong(5))
                    .put("tokens", row.getLong(6))
                    .put("micro_dollars", row.getLong(7));
        }
    }

    /** The most common openings of each style, with how many answers the style has. */
    private static ArrayNode openings(Dataset<Row> rewrites) {
        Dataset<Row> counted = ModelCounts.counted(rewrites);
        Dataset<Row> first = counted.withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy("kind")
                                        .orderBy(col("answers").desc(), col("opening"))))
                .withColumn("all", sum("answers").over(Window.partitionBy("kind")))
                .where(col("place").leq(OPENINGS))
                .orderBy("kind", "place");
        ArrayNode openings = JsonNodeFactory.instance.arrayNode();
        for (Row row : first.select("kind", "opening", "answers", "all").collectAsList()) {
            openings.addObject()
                    .put("kind", row.getString(0))
                    .put("opening", row.getString(1))
                    .put("answers", row.getLong(2))
                    .put("all", row.getLong(3));
        }
        return openings;
    }

    /** A few of each group with their originals: those of the smallest ids, which are as good as drawn. */
    private ArrayNode pairs(Dataset<Row> rows, Dataset<Row> parents, String group) {
        boolean refused = group.equals("reason");
        Dataset<Row> few = rows.withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy(group)
                                        .orderBy("parent_id", "template", "variant", "location")))
                .where(col("place").leq(samples))
                .join(parents, new String[] {"parent_id"}, "left")
                .orderBy(group, "place")
                .select(
                        col(group),
                        col("source"),
                        col("location"),
                        col("template"),
                        col("variant"),
                        col("originals"),
                        length(col("text")),
                        substring(col("text"), 1, TEXT_CHARACTERS),
                        length(col("original")),
                        substring(col("original"), 1, TEXT_CHARACTERS),
                        refused ? col("measured") : lit(0.0),
                        refused ? col("limit") : lit(0.0));
        Map<String, ObjectNode> groups = new LinkedHashMap<>();
        for (Row row : rows.groupBy(group).agg(count(lit(1))).orderBy(group).collectAsList()) {
            ObjectNode one = JsonNodeFactory.instance.objectNode();
            one.put(group, row.getString(0)).put("answers", row.getLong(1));
            one.putArray("samples");
            groups.put(row.getString(0), one);
        }
        for (Row row : few.collectAsList()) {
            ObjectNode sample =
                    groups.get(row.getString(0)).withArray("samples").addObject();
            sample.put("source", row.getString(1))
                    .put("location", row.getString(2))
                    .put("template", row.getString(3))
                    .put("variant", row.getInt(4))
                    .put("originals", row.getInt(5));
            text(sample.putObject("rewrite"), row.getInt(6), row.getString(7));
            if (!row.isNullAt(8)) {
                text(sample.putObject("original"), row.getInt(8), row.getString(9));
            }
            if (refused) {
                sample.put("measured", row.getDouble(10)).put("limit", row.getDouble(11));
            }
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        groups.values().forEach(all::add);
        return all;
    }

    private static void text(ObjectNode side, int characters, String text) {
        side.put("characters", characters).put("text", text);
    }
}
