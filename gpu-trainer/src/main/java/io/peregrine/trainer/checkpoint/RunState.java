package io.peregrine.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a training run stands: with the weights and the optimizer's moments, all that the next step depends on.
 *
 * @param step optimizer steps done
 * @param position first position of the mixture plan that has not been read
 * @param tokens tokens of the sequences trained on, padding left out
 * @param seed key of the run's seed stream
 * @param planDigest digest of the mixture plan the position counts in
 * @param configDigest digest of the settings that decide the run's numbers, the model's included
 * @param bestValidationNats lowest validation loss so far, nats per token; {@link #NOT_VALIDATED} before the first one
 * @param codeVersion version of Peregrine that wrote it
 */
public record RunState(
        long step,
        long position,
        long tokens,
        long seed,
        String planDigest,
        String configDigest,
        double bestValidationNats,
        String codeVersion) {
    public static final String FILE_NAME = "run_state.json";

    /** The value of {@link #bestValidationNats} before the first validation: any loss is below it. */
    public static final double NOT_VALIDATED = Double.MAX_VALUE;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    public RunState {
        if (step < 0 || position < 0 || tokens < 0) {
            throw new DataException("run state: step %d, position %d, tokens %d: none may be below 0"
                    .formatted(step, position, tokens));
        }
    }

    /** The same state in a later version of the plan. */
    public RunState withPlanDigest(String digest) {
        return new RunState(step, position, tokens, seed, digest, configDigest, bestValidationNats, codeVersion);
    }

    /** The same state with another lowest validation loss. */
    public RunState withBestValidationNats(double nats) {
        return new RunState(step, position, tokens, seed, planDigest, configDigest, nats, codeVersion);
    }

    /** Writes the state into a checkpoint's folder; the folder's own commit makes it durable. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE_NAME), JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
    }

    /**
     * Reads the state of a checkpoint.
     *
     * @throws DataException naming the file if it is missing, cut short or not a run state
     */
    public static RunState read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        try {
            return JSON.readValue(Files.readString(file), RunState.class);
        } catch (JsonProcessingException e) {
            throw new DataException("%s: not a run state (%s)".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + e + ")", e);
        }
    }
}
