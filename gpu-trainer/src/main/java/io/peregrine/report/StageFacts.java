package io.peregrine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import java.util.List;
import java.util.Map;

/**
 * The stages that have happened, from the counts of their manifests: the funnel of documents with its reasons, the
 * seconds, the digests.
 *
 * <p>A stage that passes documents on counts {@code in}, {@code out} and {@code dropped.REASON}, and the same for a
 * domain as {@code DOMAIN.in} and so on. Ingestion counts {@code documents} and {@code rejected.REASON}.
 */
final class StageFacts {
    private static final String DOCUMENTS = "documents";
    private static final String REJECTED = "rejected.";
    private static final String DROPPED = "dropped.";

    private static final List<Stage> PASSING_ON = List.of(Stage.FILTERS, Stage.DEDUP, Stage.DECONTAMINATE);

    private StageFacts() {}

    static ArrayNode of(List<StageManifest> manifests) {
        ArrayNode stages = JsonNodeFactory.instance.arrayNode();
        for (StageManifest manifest : manifests) {
            ObjectNode stage = stages.addObject();
            String folder = manifest.stage().folder();
            stage.put("stage", folder);
            stage.put("name", folder.substring(folder.indexOf('-') + 1));
            stage.put("seconds", manifest.seconds());
            ObjectNode counts = stage.putObject("counts");
            manifest.counts().forEach(counts::put);
            ArrayNode outputs = stage.putArray("outputs");
            manifest.outputs().values().forEach(outputs::addPOJO);
            if (manifest.stage() == Stage.DOCUMENTS) {
                ingested(stage, manifest.counts());
            } else if (PASSING_ON.contains(manifest.stage())) {
                passedOn(stage, manifest.counts());
            }
        }
        return stages;
    }

    private static void ingested(ObjectNode stage, Map<String, Long> counts) {
        long rejected = reasons(stage, counts, REJECTED);
        long documents = counts.getOrDefault(DOCUMENTS, 0L);
        stage.put("in", documents + rejected).put("out", documents);
    }

    private static void passedOn(ObjectNode stage, Map<String, Long> counts) {
        reasons(stage, counts, DROPPED);
        stage.put("in", counts.get("in")).put("out", counts.get("out"));
        ArrayNode domains = stage.putArray("domains");
        counts.forEach((name, in) -> {
            if (name.endsWith(".in")) {
                String domain = name.substring(0, name.length() - ".in".length());
                domains.addObject()
                        .put("domain", domain)
                        .put("in", in)
                        .put("out", counts.getOrDefault(domain + ".out", 0L));
            }
        });
    }

    /** Lists why documents were left out; returns how many were. */
    private static long reasons(ObjectNode stage, Map<String, Long> counts, String prefix) {
        ArrayNode reasons = stage.putArray("reasons");
        long sum = 0;
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            if (count.getKey().startsWith(prefix) && count.getValue() > 0) {
                reasons.addObject()
                        .put("name", count.getKey().substring(prefix.length()))
                        .put("count", count.getValue());
                sum += count.getValue();
            }
        }
        return sum;
    }
}
