package io.peregrine.data.manifest;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to write into a run's folder, held by one process at a time. The operating system takes it back when the
 * process ends, however it ends; the file that carries it stays.
 */
public final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock without waiting.
     *
     * @throws DataException if another process has it
     */
    public static RunLock take(RunLayout layout) {
        Path file = layout.root().resolve(".lock");
        try {
            Files.createDirectories(layout.root());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(channel) == null) {
                channel.close();
                throw new DataException(
                        "%s: another process is working on this run; wait for it or stop it".formatted(layout.root()));
            }
            return new RunLock(channel);
        } catch (IOException e) {
            throw new DataException("%s: cannot be locked: %s".formatted(file, e), e);
        }
    }

    private static FileLock locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by another thread of this process
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give the run's lock back", e);
        }
    }
}
