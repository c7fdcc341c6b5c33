package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
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

/**
 * One arm with one seed, finished; keys in snake case. Either it was trained to its end, or it diverged.
 *
 * @param arm its name
 * @param seed its seed
 * @param fingerprint identity of all that decided its numbers
 * @param coordinates its choice on each axis
 * @param values where it stands on axes of numbers
 * @param trained what training came to
 * @param divergence why it could not be trained to its end
 */
public record ArmResult(
        String arm,
        long seed,
        String fingerprint,
        Map<String, String> coordinates,
        Map<String, Double> values,
        Optional<TrainedArm> trained,
        Optional<String> divergence) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    public ArmResult {
        coordinates = Collections.unmodifiableMap(new LinkedHashMap<>(coordinates));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        if (trained.isPresent() == divergence.isPresent()) {
            throw new DataException("arm %s, seed %d: must be trained or have diverged".formatted(arm, seed));
        }
    }

    /** The result on one line. */
    public String line() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result can always be written", e);
        }
    }

    /** Writes it, whole or not at all. */
    void write(Path file) {
        try {
            AtomicFiles.write(file, line().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * Reads a result.
     *
     * @return nothing if there is none
     * @throws DataException naming the file if it is not one
     */
    static Optional<ArmResult> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), ArmResult.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s: not the result of an arm (%s); delete it to train the arm again"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
