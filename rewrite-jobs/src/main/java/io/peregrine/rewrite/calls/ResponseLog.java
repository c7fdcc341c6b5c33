package io.peregrine.rewrite.calls;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The write-ahead log of one task: what was paid for is in a file before anything is made of it, so that a task that is
 * tried again asks only for what its forerunners did not bring. Each attempt of a task writes a file of its own and reads
 * all; a forerunner that still runs disturbs nobody.
 *
 * <p>What may be spent is noted before it is: a request of which only the sending is known counts as paid in full. A line is
 * handed to the file system at once, so that a killed process loses only what is in flight; every so many responses the file
 * is forced to disk, so that a machine that dies loses fewer than those besides.
 *
 * <p>The file: {@code attempt-N.log}, one {@link ResponseLine} after another. A line cut short may stand at a file's end.
 *
 * <p>Thread: one.
 */
public final class ResponseLog implements AutoCloseable {
    static final String PREFIX = "attempt-";
    static final String SUFFIX = ".log";

    private final FileChannel channel;
    private final int forceEvery;
    private final LoggedResponses before;
    private int unforced;

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
            this.before = LoggedResponses.read(folder);
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
        return Optional.ofNullable(before.byKey().get(key));
    }

    /** What all earlier attempts spent, also where two of them asked the same. */
    public BudgetLedger.Spent spent() {
        return before.spent();
    }

    /**
     * Notes that a request is about to be sent.
     *
     * @param atMost what it may have cost if nothing more is heard of it, its earlier attempts included
     */
    public void sending(RequestKey key, BudgetLedger.Spent atMost) {
        write(ResponseLine.write(new ResponseLine.Sent(key, atMost)));
    }

    /** Keeps a response. */
    public void append(Response response) {
        write(ResponseLine.write(response));
        unforced++;
        if (unforced >= forceEvery) {
            force();
        }
    }

    /** Forces what was written to the disk. */
    public void force() {
        if (unforced == 0) {
            return;
        }
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        unforced = 0;
    }

    private void write(String line) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (channel) {
            force();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
