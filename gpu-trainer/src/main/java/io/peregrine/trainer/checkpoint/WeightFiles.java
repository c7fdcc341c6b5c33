package io.peregrine.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.DataException;
import io.peregrine.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The weights in a model's folder: one file, or several with an index, which is how Hugging Face's tools write models of more
 * than some gigabytes.
 *
 * <p>Ownership: holds the files open until closed.
 */
final class WeightFiles implements AutoCloseable {
    static final String INDEX = "model.safetensors.index.json";

    private static final long MOST_INDEX_BYTES = 100_000_000;

    /** Names a file of the folder itself: an index comes from elsewhere and shall not lead out of it. */
    private static final Pattern FILE_NAME = Pattern.compile("\\w[\\w.-]*\\.safetensors");

    /** Names the tensors: the index, or the only file. */
    private final Path source;

    private final Map<String, SafetensorsReader> files = new LinkedHashMap<>();
    private final Map<String, SafetensorsReader> fileOf = new LinkedHashMap<>();

    private WeightFiles(Path source) {
        this.source = source;
    }

    /**
     * Opens the weights. A folder with both forms is read as one file, as Hugging Face's loaders do.
     *
     * @throws DataException if a file is missing, damaged, or not what the index says
     */
    static WeightFiles open(Path folder) {
        Path single = folder.resolve(ModelFolder.WEIGHTS);
        Path index = folder.resolve(INDEX);
        boolean isIndexed = !Files.exists(single) && Files.exists(index);
        WeightFiles weights = new WeightFiles(isIndexed ? index : single);
        try {
            if (isIndexed) {
                weights.openIndexed();
            } else {
                SafetensorsReader file = weights.file(ModelFolder.WEIGHTS);
                file.names().forEach(name -> weights.fileOf.put(name, file));
            }
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** What names the tensors, for messages. */
    Path source() {
        return source;
    }

    /** Names of all tensors. */
    Set<String> names() {
        return fileOf.keySet();
    }

    /** As {@link SafetensorsReader#read(String, Tensor)}. */
    void read(String name, Tensor target) {
        fileOf.get(name).read(name, target);
    }

    private SafetensorsReader file(String name) {
        return files.computeIfAbsent(name, it -> SafetensorsReader.open(source.resolveSibling(it)));
    }

    private void openIndexed() {
        JsonNode map = readIndex().path("weight_map");
        if (!map.isObject()) {
            throw new DataException("%s: must have an object weight_map, from tensors to files".formatted(source));
        }
        map.properties().forEach(entry -> {
            String name = entry.getKey();
            String file = entry.getValue().asText("");
            if (!FILE_NAME.matcher(file).matches()) {
                throw new DataException("%s: weight_map.%s = %s: must name a .safetensors file beside it"
                        .formatted(source, name, entry.getValue()));
            }
            SafetensorsReader reader = file(file);
            reader.entry(name);
            fileOf.put(name, reader);
        });
        files.forEach((file, reader) -> reader.names().forEach(name -> {
            if (fileOf.get(name) != reader) {
                throw new DataException("%s: has a tensor %s, which the %s beside it does not say"
                        .formatted(source.resolveSibling(file), name, INDEX));
            }
        }));
    }

    private JsonNode readIndex() {
        try {
            long bytes = Files.size(source);
            if (bytes > MOST_INDEX_BYTES) {
                throw new DataException("%s: has %,d bytes: must be an index of at most %,d"
                        .formatted(source, bytes, MOST_INDEX_BYTES));
            }
            return SafetensorsReader.JSON.readTree(Files.readString(source));
        } catch (JsonProcessingException e) {
            throw new DataException("%s: is not JSON (%s)".formatted(source, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read (%s)".formatted(source, e), e);
        }
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsReader::close);
    }
}
