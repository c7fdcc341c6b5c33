package io.peregrine.rewrite.calls;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The write-ahead log of one task: what was paid for is on disk before anything is made of it, so that a task that is tried
 * again asks only for what its forerunners did not bring. Each attempt of a task writes a file of its own and reads all;
 * a forerunner that still runs disturbs nobody. A kill loses fewer than {@code forceEvery} responses and those in flight.
 *
 * <p>The file: {@code attempt-N.log}, one {@link ResponseLine} after another. A line cut short may stand at a file's end.
 *
 * <p>Thread: one.
 */
public final class ResponseLog implements AutoCloseable {
    private static final String PREFIX = "attempt-";
    private static final String SUFFIX = ".log";

    private final FileChannel channel;
    private final int forceEvery;
    private final Map<RequestKey, Response> replayed = new HashMap<>();
    private BudgetLedger.Spent spent = new BudgetLedger.Spent(0, 0);
    private final StringBuilder waiting = new StringBuilder();
    private int waitingResponses;

    /**
     * Reads what is there and begins a file.
     *
     * @param folder of the task, on storage that all executors share
     * @param attempt number of this attempt, never used before in this folder
     * @param forceEvery responses that are forced to disk together
     */
    public ResponseLog(Path folder, long attempt, int forceEvery) {
        if (forceEvery < 1) {
            throw new IllegalArgumentException("force every %d responses: must be > 0".formatted(forceEvery));
        }
        this.forceEvery = forceEvery;
        try {
            Files.createDirectories(folder);
            replay(folder);
            this.channel = FileChannel.open(
                    folder.resolve(PREFIX + attempt + SUFFIX), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            AtomicFiles.forceFolder(folder);
        } catch (IOException e) {
            throw new DataException(
                    "%s: attempt %d cannot begin its log (%s); it needs a folder that all executors can write"
                            .formatted(folder, attempt, e),
                    e);
        }
    }

    /** What an earlier attempt brought for this request. */
    public Optional<Response> replayed(RequestKey key) {
        return Optional.ofNullable(replayed.get(key));
    }

    /** What all earlier attempts spent, also where two of them asked the same. */
    public BudgetLedger.Spent spent() {
        return spent;
    }

    /** Keeps a response; it is on disk after {@link #force} or when enough are waiting. */
    public void append(Response response) {
        waiting.append(ResponseLine.write(response)).append('\n');
        waitingResponses++;
        if (waitingResponses >= forceEvery) {
            force();
        }
    }

    /** Brings what is waiting to the disk. */
    public void force() {
        if (waitingResponses == 0) {
            return;
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(waiting.toString());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        waiting.setLength(0);
        waitingResponses = 0;
    }

    @Override
    public void close() {
        try (channel) {
            force();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void replay(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().startsWith(PREFIX)
                            && file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            replayFile(file);
        }
    }

    private void replayFile(Path file) throws IOException {
        long number = 0;
        long damaged = 0;
        // A character cut in two is replaced, not refused: the CRC tells.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (damaged > 0) {
                    throw new DataException(
                            ("%s, line %d: its CRC does not match, and it is not the last line; what was"
                                            + " paid for is damaged, so look at the storage, then remove the line")
                                    .formatted(file, damaged));
                }
                Optional<Response> read = ResponseLine.read(line);
                if (read.isEmpty()) {
                    damaged = number;
                    continue;
                }
                Response response = read.get();
                replayed.putIfAbsent(response.key(), response);
                spent = new BudgetLedger.Spent(
                        Math.addExact(spent.tokens(), response.tokens()),
                        Math.addExact(spent.microDollars(), response.microDollars()));
            }
        }
    }
}
