package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.substring;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.manifest.StageManifest;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which evaluation sets were found in the documents, how often, and some of the documents with the words they share. */
final class ContaminationFacts {
    private static final String ITEMS = "items.";
    private static final int NGRAM_CHARACTERS = 400;

    private ContaminationFacts() {}

    /** Every set of the stage in order of its name, those that were not found too. */
    static ArrayNode of(StageManifest manifest, Dataset<Row> contaminated, int samples) {
        Map<String, Long> counts = manifest.counts();
        Map<String, ObjectNode> sets = new TreeMap<>();
        counts.keySet().stream()
                .filter(name -> name.startsWith(ITEMS))
                .map(name -> name.substring(ITEMS.length()))
                .forEach(set -> sets.put(set, set(set, counts)));
        Dataset<Row> few = DocumentSamples.first(contaminated, samples, col("set"), col("item"), col("id"))
                .select(
                        col("set"),
                        col("item"),
                        col("source"),
                        col("location"),
                        col("action"),
                        substring(col("ngram"), 1, NGRAM_CHARACTERS),
                        col("hits"),
                        col("item_share"),
                        col("document_share"),
                        length(col("text")),
                        substring(col("text"), 1, DataFacts.SAMPLE_CHARACTERS));
        for (Row row : few.collectAsList()) {
            sets.get(row.getString(0))
                    .withArray("samples")
                    .addObject()
                    .put("item", row.getString(1))
                    .put("source", row.getString(2))
                    .put("location", row.getString(3))
                    .put("action", row.getString(4))
                    .put("ngram", row.getString(5))
                    .put("hits", row.getLong(6))
                    .put("item_share", row.getDouble(7))
                    .put("document_share", row.getDouble(8))
                    .put("characters", row.getInt(9))
                    .put("text", row.getString(10));
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        sets.values().forEach(all::add);
        return all;
    }

    private static ObjectNode set(String set, Map<String, Long> counts) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("set", set)
                .put("items", counts.get(ITEMS + set))
                .put("uncovered", counts.get("items-uncovered." + set))
                .put("touched", counts.get("items-touched." + set))
                .put("documents", counts.get("documents-touched." + set))
                .put("below_share", counts.get("documents-below-share." + set));
        node.putArray("samples");
        return node;
    }
}
