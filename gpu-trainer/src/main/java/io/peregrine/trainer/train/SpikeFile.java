package io.peregrine.trainer.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file {@code spike.json} in the folder of a branch that a spike made: which one. A branch without it was asked for. */
final class SpikeFile {
    static final String FILE_NAME = "spike.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private SpikeFile() {}

    static void write(Path folder, Spike spike) throws IOException {
        AtomicFiles.write(
                folder.resolve(FILE_NAME), (JSON.writeValueAsString(spike) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE_NAME));
    }
}
