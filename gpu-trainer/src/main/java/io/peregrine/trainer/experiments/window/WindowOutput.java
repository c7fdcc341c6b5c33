package io.peregrine.trainer.experiments.window;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.page.HtmlPage;
import io.peregrine.mixture.window.WindowCaps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes what an experiment found; the files are in the package's documentation. */
final class WindowOutput {
    static final String RESULTS = "results.json";
    static final String GAPS = "gaps.jsonl";
    static final String CAPS = "caps.yaml";
    static final String COMPARISON = "comparison.json";
    static final String PAGE = "report.html";

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final ObjectMapper LINES = new ObjectMapper();

    private final Path folder;

    /** @param folder of the experiment */
    WindowOutput(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes all files.
     *
     * @param facts {@link WindowFacts#of}
     * @param others the results of other runs, to compare with
     * @return the comparison, if there are others
     */
    Optional<WindowComparison> write(ObjectNode facts, WindowStudy study, List<Path> others) {
        write(RESULTS, json(facts));
        write(GAPS, gaps(facts));
        write(CAPS, caps(study).toYaml(comment(study)));
        Optional<WindowComparison> comparison = Optional.empty();
        ObjectNode page = facts.deepCopy();
        if (!others.isEmpty()) {
            List<Path> files = new ArrayList<>(List.of(folder.resolve(RESULTS)));
            files.addAll(others);
            WindowComparison made = WindowComparison.of(files);
            made.addTo(page);
            write(COMPARISON, json(page.get("comparison")));
            comparison = Optional.of(made);
        }
        write(PAGE, HtmlPage.of(facts.get("title").asText(), WindowFacts.class, WindowFacts.SCRIPT, page));
        return comparison;
    }

    /** The caps of the sources that have one. */
    static WindowCaps caps(WindowStudy study) {
        Map<String, Double> tokens = new TreeMap<>();
        study.answers().forEach(window -> window.cap().ifPresent(cap -> tokens.put(window.source(), cap)));
        return WindowCaps.of(tokens);
    }

    private static String comment(WindowStudy study) {
        StringBuilder comment =
                new StringBuilder("Memorization windows, measured by 'experiment %s'.\n".formatted(WindowStudy.NAME));
        comment.append(
                "Copy window-tokens into the streams of a run file's mixture; 'mixture plan' then keeps repeats so far apart.\n");
        study.answers()
                .forEach(window -> comment.append(window.source())
                        .append(": ")
                        .append(window.cap().isPresent() ? "" : "no window, ")
                        .append(window.reason())
                        .append('\n'));
        return comment.toString();
    }

    private static String gaps(ObjectNode facts) {
        StringBuilder lines = new StringBuilder();
        for (JsonNode window : facts.path("windows")) {
            for (String kind : List.of("points", "empty")) {
                for (JsonNode bin : window.path(kind)) {
                    ObjectNode line = facts.objectNode();
                    line.set("step", window.get("step"));
                    line.set("source", window.get("source"));
                    line.setAll((ObjectNode) bin);
                    lines.append(lineOf(line)).append('\n');
                }
            }
        }
        return lines.toString();
    }

    private static String lineOf(JsonNode line) {
        try {
            return LINES.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    private static String json(JsonNode tree) {
        try {
            return JSON.writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    private void write(String name, String text) {
        Path file = folder.resolve(name);
        try {
            AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }
}
