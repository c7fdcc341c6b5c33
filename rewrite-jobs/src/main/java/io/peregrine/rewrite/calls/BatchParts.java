package io.peregrine.rewrite.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of requests of a wave and how far each has come, on disk: {@code part-N.jsonl}, and {@code part-N.json} with the
 * ids of its file and its batch once it has them. What is noted is never begun again.
 */
final class BatchParts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "part-";

    private BatchParts() {}

    /**
     * One file of requests.
     *
     * @param requests the file
     * @param fileId as the server calls it; empty before it is there
     * @param batchId as the server calls its batch; empty before it is begun
     * @param done whether what came of it is in the log
     */
    record Part(Path requests, String fileId, String batchId, boolean done) {
        Part uploaded(String id) {
            return new Part(requests, id, batchId, done);
        }

        Part begun(String id) {
            return new Part(requests, fileId, id, done);
        }

        Part ended() {
            return new Part(requests, fileId, batchId, true);
        }

        /** Notes how far it has come. */
        Part noted() {
            ObjectNode state = JSON.createObjectNode();
            state.put("file_id", fileId);
            state.put("batch_id", batchId);
            state.put("done", done);
            try {
                AtomicFiles.write(stateOf(requests), state.toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot note the state of " + requests, e);
            }
            return this;
        }

        Path beside(String suffix) {
            return requests.resolveSibling(requests.getFileName().toString().replace(".jsonl", suffix));
        }
    }

    private static Path stateOf(Path requests) {
        return requests.resolveSibling(requests.getFileName().toString().replace(".jsonl", ".json"));
    }

    /** Where the requests of a new part go. It is a part once it is noted. */
    static Part of(Path folder, int number) {
        return new Part(folder.resolve("%s%05d.jsonl".formatted(PREFIX, number)), "", "", false);
    }

    /** The parts of a wave's folder that were noted; none if it is no wave of batches. */
    static List<Part> read(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(PREFIX + "[0-9]{5}\\.json"))
                    .sorted()
                    .map(BatchParts::part)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static Part part(Path file) {
        try {
            JsonNode state = JSON.readTree(Files.readAllBytes(file));
            return new Part(
                    file.resolveSibling(file.getFileName() + "l"),
                    state.get("file_id").asText(),
                    state.get("batch_id").asText(),
                    state.get("done").asBoolean());
        } catch (IOException e) {
            throw new DataException("%s: cannot be read (%s); it says which batch was paid for".formatted(file, e), e);
        }
    }
}
