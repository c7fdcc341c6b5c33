package io.peregrine.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.PayloadDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One finished checkpoint: a folder that holds exactly the files its marker lists.
 *
 * <p>The marker {@value #MARKER} is written last and atomically; a folder without one was never finished and is not a
 * checkpoint. It holds each file's size and SHA-256, so that a file cut short afterwards is noticed before it is used.
 *
 * @param folder the folder, {@code step-000200}
 * @param state where the run stood
 */
public record Checkpoint(Path folder, RunState state) {
    public static final String MARKER = "checkpoint.json";

    private static final int COPY_BYTES = 1 << 20;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** What the marker says of one file. */
    record FileEntry(long bytes, String sha256) {}

    /** The marker's content. */
    record Marker(Map<String, FileEntry> files) {
        Marker {
            files = Collections.unmodifiableMap(new TreeMap<>(files));
        }
    }

    /** Whether a folder has been finished. */
    static boolean isComplete(Path folder) {
        return Files.isRegularFile(folder.resolve(MARKER));
    }

    /** Writes the marker over the files that are there now: the folder becomes a checkpoint. */
    static void mark(Path folder) throws IOException {
        Map<String, FileEntry> files = new TreeMap<>();
        for (Path file : filesOf(folder)) {
            files.put(file.getFileName().toString(), new FileEntry(Files.size(file), sha256(file)));
        }
        String json = JSON.writeValueAsString(new Marker(files)) + "\n";
        AtomicFiles.write(folder.resolve(MARKER), json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Holds every file against the marker.
     *
     * @throws DataException naming the first file that is missing, cut short or changed, and what to do
     */
    public void verify() {
        try {
            for (Map.Entry<String, FileEntry> entry : readMarker().files().entrySet()) {
                Path file = folder.resolve(entry.getKey());
                FileEntry expected = entry.getValue();
                if (!Files.isRegularFile(file)) {
                    throw damaged(file, "is missing");
                }
                if (Files.size(file) != expected.bytes()) {
                    throw damaged(file, "has %d bytes, %d were written".formatted(Files.size(file), expected.bytes()));
                }
                if (!sha256(file).equals(expected.sha256())) {
                    throw damaged(file, "has changed since it was written (SHA-256 differs)");
                }
            }
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read (" + e + ")", e);
        }
    }

    /** Copies all but the state and the marker into an empty folder: the content of a checkpoint that begins here. */
    public void copyPayload(Path emptyFolder) throws IOException {
        for (String name : readMarker().files().keySet()) {
            if (!name.equals(RunState.FILE_NAME)) {
                Files.copy(folder.resolve(name), emptyFolder.resolve(name));
            }
        }
    }

    /** Identity of everything in it: the digest of the marker, which has that of every file. */
    public String digest() {
        try {
            return sha256(folder.resolve(MARKER));
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read (" + e + ")", e);
        }
    }

    private Marker readMarker() throws IOException {
        Path file = folder.resolve(MARKER);
        try {
            return JSON.readValue(Files.readString(file), Marker.class);
        } catch (JsonProcessingException e) {
            throw damaged(file, "is not a checkpoint marker (" + e.getOriginalMessage() + ")");
        }
    }

    private DataException damaged(Path file, String what) {
        return new DataException("%s: %s; delete the folder %s to resume from the checkpoint before it"
                .formatted(file, what, folder.getFileName()));
    }

    static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = new ArrayList<>(entries.toList());
            Collections.sort(files);
            return files;
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest hash = PayloadDigest.sha256();
        byte[] buffer = new byte[COPY_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(hash.digest());
    }
}
