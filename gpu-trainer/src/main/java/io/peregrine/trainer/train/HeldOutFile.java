package io.peregrine.trainer.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The file {@code held-out.json}: the first row held out of each stream, kept for as long as the run goes on. */
final class HeldOutFile {
    static final String FILE_NAME = "held-out.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private HeldOutFile() {}

    static void write(Path folder, Map<String, Long> firstRows) {
        try {
            String json = JSON.writeValueAsString(new TreeMap<>(firstRows)) + "\n";
            AtomicFiles.write(folder.resolve(FILE_NAME), json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder.resolve(FILE_NAME), e);
        }
    }

    /** What was written; empty if nothing was. */
    static Map<String, Long> read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        try {
            return JSON.readValue(Files.readString(file), new TypeReference<TreeMap<String, Long>>() {});
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s: not the rows that are held out (%s); restore it, or delete the folder to train anew"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
