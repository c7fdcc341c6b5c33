package io.peregrine.rewrite.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.jobs.ScratchTables;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run has paid, over all its attempts, wave by wave: a folder {@code wave-N} with the logs of its tasks while it is
 * under way, a file {@code wave-N.json} with its sum once its responses are in the table.
 */
final class SpendBook {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "wave-";
    private static final String CLOSED = ".json";

    private final Path folder;

    SpendBook(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException("%s: cannot be made: %s".formatted(folder, e), e);
        }
    }

    /** What the closed waves have cost. */
    Spent spent() {
        Spent spent = Spent.NOTHING;
        for (Path closed : names(CLOSED)) {
            try {
                JsonNode sum = JSON.readTree(Files.readAllBytes(closed));
                spent = spent.plus(new Spent(
                        sum.get("tokens").asLong(), sum.get("micro_dollars").asLong()));
            } catch (IOException e) {
                throw new DataException(
                        "%s: cannot be read (%s); it says what was paid, so that the budget holds".formatted(closed, e),
                        e);
            }
        }
        return spent;
    }

    /** A folder for the logs of a new wave. */
    Path begin() {
        long last = -1;
        for (Path path : names("")) {
            String name = path.getFileName().toString();
            last = Math.max(last, Long.parseLong(name.substring(PREFIX.length()).replace(CLOSED, "")));
        }
        Path wave = folder.resolve("%s%06d".formatted(PREFIX, last + 1));
        try {
            Files.createDirectory(wave);
            AtomicFiles.forceFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + wave, e);
        }
        return wave;
    }

    /** Waves whose responses are not all in the table: those of a job that was killed. */
    List<Path> open() {
        List<Path> open = new java.util.ArrayList<>();
        for (Path path : names("")) {
            if (!path.toString().endsWith(CLOSED)) {
                if (Files.exists(closed(path))) {
                    ScratchTables.delete(path);
                } else {
                    open.add(path);
                }
            }
        }
        return open;
    }

    /** Notes what a wave has cost, and deletes its logs. Its responses must be in the table. */
    void close(Path wave, Spent spent, long responses) {
        ObjectNode sum = JSON.createObjectNode();
        sum.put("tokens", spent.tokens());
        sum.put("micro_dollars", spent.microDollars());
        sum.put("responses", responses);
        try {
            AtomicFiles.write(closed(wave), sum.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + closed(wave), e);
        }
        ScratchTables.delete(wave);
    }

    private static Path closed(Path wave) {
        return wave.resolveSibling(wave.getFileName() + CLOSED);
    }

    private List<Path> names(String suffix) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith(PREFIX)
                            && path.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }
}
