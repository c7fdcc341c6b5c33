package io.peregrine.trainer.experiments.window;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.DataException;
import io.peregrine.trainer.model.LossSum;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The losses of one checkpoint on disk, sequence by sequence; the format is in the package's documentation.
 *
 * <p>Thread: one writer.
 */
final class LossFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<Sequence, LossSum> losses = new HashMap<>();

    /**
     * A sequence.
     *
     * @param stream its stream's name
     * @param row row of the stream's shards
     */
    record Sequence(String stream, long row) implements Comparable<Sequence> {
        @Override
        public int compareTo(Sequence other) {
            int byStream = stream.compareTo(other.stream);
            return byStream != 0 ? byStream : Long.compare(row, other.row);
        }
    }

    private record Line(String stream, long row, double nats, long predictions) {}

    private LossFile(Path file) {
        this.file = file;
    }

    /**
     * Opens a file, which need not be there yet; what a killed process left of a line is cut off.
     *
     * @throws DataException if a line is something else
     */
    static LossFile open(Path file) {
        LossFile opened = new LossFile(file);
        if (Files.exists(file)) {
            opened.read();
        }
        return opened;
    }

    private void read() {
        try {
            String text = Files.readString(file);
            int whole = text.lastIndexOf('\n') + 1;
            if (whole < text.length()) {
                Files.writeString(file, text.substring(0, whole));
            }
            int number = 0;
            for (String line : text.substring(0, whole).lines().toList()) {
                number++;
                read(line, number);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void read(String text, int number) {
        try {
            Line line = JSON.readValue(text, Line.class);
            if (!Double.isFinite(line.nats()) || line.predictions() < 0) {
                throw new DataException("%s:%d: nats = %s, predictions = %d: must be finite and >= 0; delete the file"
                        .formatted(file, number, line.nats(), line.predictions()));
            }
            losses.put(new Sequence(line.stream(), line.row()), new LossSum(line.nats(), line.predictions()));
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s:%d: not a loss (%s); delete the file to measure again"
                            .formatted(file, number, e.getOriginalMessage()),
                    e);
        }
    }

    /** The loss of a sequence, if it has been measured. */
    Optional<LossSum> of(Sequence sequence) {
        return Optional.ofNullable(losses.get(sequence));
    }

    /** Adds losses, in this order. */
    void add(List<Sequence> sequences, List<LossSum> sums) {
        StringBuilder lines = new StringBuilder();
        try {
            for (int i = 0; i < sequences.size(); i++) {
                Sequence sequence = sequences.get(i);
                LossSum sum = sums.get(i);
                losses.put(sequence, sum);
                lines.append(JSON.writeValueAsString(
                                new Line(sequence.stream(), sequence.row(), sum.nats(), sum.predictions())))
                        .append('\n');
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(
                    file,
                    lines.toString().getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
