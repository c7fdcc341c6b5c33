package io.peregrine.notebook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The run that a notebook looks at.
 *
 * @param layout where it lies
 * @param settings its run file, as it was in force
 */
public record NotebookRun(RunLayout layout, RunFile settings) {
    /** Environment variable that names another run than the one a notebook was stored with. */
    public static final String VARIABLE = "PEREGRINE_RUN";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Opens the run that {@link #VARIABLE} names, or else the one that the notebook was stored with.
     *
     * @param stored folder of that run, from the folder of the project
     * @throws DataException if there is no run
     */
    public static NotebookRun open(String stored) {
        return open(stored, System.getenv());
    }

    static NotebookRun open(String stored, Map<String, String> environment) {
        RunLayout layout = new RunLayout(Path.of(environment.getOrDefault(VARIABLE, stored)));
        if (!Files.exists(layout.settings())) {
            throw new DataException("%s: there is no run here; make one, or name another by %s=FOLDER"
                    .formatted(layout.settings(), VARIABLE));
        }
        return new NotebookRun(
                layout,
                RunFile.open(layout.settings(), Map.of("root", layout.root().toString())));
    }

    /** Name of the run. */
    public String name() {
        return settings.head().run();
    }

    /**
     * Reads a file of JSON.
     *
     * @throws DataException if it is missing, naming the command that writes it, or damaged
     */
    public JsonNode json(Path file, String command) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new DataException("%s: is not there; 'peregrine %s' writes it".formatted(file, command), e);
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s: not JSON (%s); run 'peregrine %s' again".formatted(file, e.getOriginalMessage(), command), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * The numbers under a key, in order; not a number where one has none.
     *
     * @param rows an array of objects
     * @param key may have dots, for keys inside of objects
     */
    public static List<Double> column(Iterable<JsonNode> rows, String key) {
        List<Double> column = new ArrayList<>();
        String pointer = "/" + key.replace('.', '/');
        rows.forEach(row -> column.add(row.at(pointer).asDouble(Double.NaN)));
        return column;
    }

    /** The objects whose key has a value. */
    public static List<JsonNode> where(Iterable<JsonNode> rows, String key, String value) {
        List<JsonNode> found = new ArrayList<>();
        rows.forEach(row -> {
            if (row.path(key).asText().equals(value)) {
                found.add(row);
            }
        });
        return found;
    }

    /** The values of a key, each once, in the order in which they come. */
    public static List<String> distinct(Iterable<JsonNode> rows, String key) {
        List<String> values = new ArrayList<>();
        rows.forEach(row -> {
            if (!values.contains(row.path(key).asText())) {
                values.add(row.path(key).asText());
            }
        });
        return values;
    }
}
