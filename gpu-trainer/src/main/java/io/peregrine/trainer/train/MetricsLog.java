package io.peregrine.trainer.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code metrics.jsonl}: one line of JSON for each step, validation, checkpoint, spike and rollback, appended as they happen.
 *
 * <p>Every line has {@code kind} ({@code step}, {@code validation}, {@code checkpoint}, {@code spike} or {@code rollback})
 * and {@code step}; the other keys are the components of {@link StepReport}, of
 * {@link io.peregrine.trainer.eval.ValidationReport}, of {@link CheckpointReport}, of {@link Spike} or of
 * {@link RollbackReport} in snake case, those that are not known left out; a number that is none, or not finite, is text. A run that goes on from a checkpoint drops the
 * lines after it, and a line that was cut off, so that its steps and validations read as if the run had never stopped. A
 * checkpoint's line stands where its writing in the background was seen to have ended. The loss is written with all its
 * digits.
 *
 * <p>Thread: one.
 */
public final class MetricsLog implements AutoCloseable {
    public static final String FILE_NAME = "metrics.jsonl";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private final Path file;
    private final FileChannel channel;

    private MetricsLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the log to go on after a step.
     *
     * @param file made if missing
     * @param lastStep lines of later steps are dropped; 0 begins anew
     */
    public static MetricsLog after(Path file, long lastStep) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFiles.write(file, linesUpTo(file, lastStep).getBytes(StandardCharsets.UTF_8));
            return new MetricsLog(file, FileChannel.open(file, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }

    /** All lines that are whole, in order. */
    public static List<JsonNode> read(Path file) {
        List<JsonNode> lines = new ArrayList<>();
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            for (String line : text.lines().toList()) {
                try {
                    lines.add(JSON.readTree(line));
                } catch (JsonProcessingException e) {
                    // Only the last line of a run that was killed can be cut off; nothing whole comes after it.
                    break;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return lines;
    }

    private static String linesUpTo(Path file, long lastStep) {
        StringBuilder kept = new StringBuilder();
        for (JsonNode line : read(file)) {
            if (line.path("step").asLong(Long.MAX_VALUE) <= lastStep) {
                kept.append(line).append('\n');
            }
        }
        return kept.toString();
    }

    /** Appends a line. */
    public void add(String kind, Record values) {
        ObjectNode line = JSON.createObjectNode().put("kind", kind);
        line.setAll((ObjectNode) JSON.valueToTree(values));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Forces the lines to disk: to be called before the checkpoint that relies on them. */
    public void force() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot force " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
