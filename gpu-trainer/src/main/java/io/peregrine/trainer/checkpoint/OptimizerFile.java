package io.peregrine.trainer.checkpoint;

import io.peregrine.data.DataException;
import io.peregrine.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The optimizer's moments in a checkpoint: {@value #FILE_NAME}. */
public final class OptimizerFile {
    public static final String FILE_NAME = "optimizer.safetensors";

    private OptimizerFile() {}

    /** Writes all moments, by name. */
    public static void write(Path folder, Map<String, Tensor> moments) throws IOException {
        SafetensorsWriter.write(folder.resolve(FILE_NAME), Map.of("format", "pt"), moments);
    }

    /**
     * Reads all moments into the optimizer's own tensors.
     *
     * @param moments by name; overwritten
     * @throws DataException naming file, tensor and shape if one is missing, one too many, cut short or of another shape
     */
    public static void read(Path folder, Map<String, Tensor> moments) {
        Path file = folder.resolve(FILE_NAME);
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            for (String name : reader.names()) {
                if (!moments.containsKey(name)) {
                    throw new DataException(
                            "%s: has a tensor %s that the model's optimizer has not".formatted(file, name));
                }
            }
            moments.forEach(reader::read);
        }
    }
}
