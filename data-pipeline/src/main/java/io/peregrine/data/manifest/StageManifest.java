package io.peregrine.data.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a finished stage read, wrote and dropped. The file is written last and atomically, so a stage has happened
 * exactly if its manifest can be read.
 *
 * @param stage the stage
 * @param fingerprint digest of all that decides the outputs: settings, inputs, seed, code version
 * @param inputs payload digest of each input, by {@code stage/table}
 * @param outputs what was written, by name
 * @param counts rows in and out, drops by reason: what the report's funnel is drawn from, in the stage's order
 * @param seconds how long the stage took, wall clock
 * @param codeVersion version of Peregrine that ran it
 */
public record StageManifest(
        Stage stage,
        String fingerprint,
        Map<String, String> inputs,
        Map<String, TableVersion> outputs,
        Map<String, Long> counts,
        double seconds,
        String codeVersion) {
    public static final String FILE_NAME = "manifest.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    public StageManifest {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
        outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    /** The output of this name, which the stage must have. */
    public TableVersion output(String name) {
        TableVersion output = outputs.get(name);
        if (output == null) {
            throw new DataException("%s: the manifest has no output '%s', only %s; run this stage again"
                    .formatted(stage.folder(), name, outputs.keySet()));
        }
        return output;
    }

    /** Puts the manifest in its place: from now on the stage has happened. */
    public void write(RunLayout layout) {
        try {
            String json = JSON.writeValueAsString(this) + "\n";
            AtomicFiles.write(layout.manifest(stage), json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + layout.manifest(stage), e);
        }
    }

    /** The manifest of a stage, or nothing if the stage has not happened. */
    public static Optional<StageManifest> read(RunLayout layout, Stage stage) {
        Path file = layout.manifest(stage);
        try {
            return Optional.of(JSON.readValue(Files.readString(file), StageManifest.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s: not a stage manifest (%s); delete it and run the stage again"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Takes a manifest away: the stage has not happened any more, and its outputs may be overwritten. */
    public static void withdraw(RunLayout layout, Stage stage) {
        try {
            Files.deleteIfExists(layout.manifest(stage));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot withdraw " + layout.manifest(stage), e);
        }
    }

    /** The manifest of a stage that must have happened. */
    public static StageManifest require(RunLayout layout, Stage stage) {
        return read(layout, stage)
                .orElseThrow(() -> new DataException("%s: this stage has not finished (no %s); run it first"
                        .formatted(layout.folder(stage), FILE_NAME)));
    }
}
