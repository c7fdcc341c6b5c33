package io.peregrine.trainer.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a finished run comes to; {@code training.json} beside the metrics, keys in snake case.
 *
 * @param steps optimizer steps
 * @param tokens tokens trained on, padding left out
 * @param parameters numbers the model has learned
 * @param flopsPerToken operations to train on one token, see {@link ModelFlops}
 * @param unigramNats entropy of single tokens: what the loss has to beat
 * @param lastLoss training loss of the last step, nats per token
 * @param bestValidationNats lowest held-out loss, nats per token; absent if nothing was held out
 * @param heldOutSequences sequences kept out of training
 */
public record TrainingSummary(
        long steps,
        long tokens,
        long parameters,
        double flopsPerToken,
        double unigramNats,
        double lastLoss,
        double bestValidationNats,
        long heldOutSequences) {
    public static final String FILE_NAME = "training.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    void write(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        try {
            AtomicFiles.write(file, (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
