package io.peregrine.mixture.shard;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says which versions of the shards a process reads that does not hold the run's lock, such as an export: {@code mixture gc}
 * removes nothing of them meanwhile, whatever is built.
 *
 * <p>A file below the shards that its owner keeps locked, with the index that the owner reads. The operating system lets go
 * of the lock when the process ends, however it ends; a lease that nobody holds counts for nothing.
 */
public final class ShardLease implements AutoCloseable {
    private static final String FOLDER = "leases";
    private static final String PREFIX = "lease-";
    private static final String SUFFIX = ".json";

    private final Path file;
    private final FileChannel channel;
    private final ShardIndex index;

    private ShardLease(Path file, FileChannel channel, ShardIndex index) {
        this.file = file;
        this.channel = channel;
        this.index = index;
    }

    /**
     * Takes a lease on the shards as they are now.
     *
     * @throws DataException if there are no shards, or the folder cannot be written
     */
    public static ShardLease take(RunLayout layout) {
        Path current = layout.shards().resolve(ShardIndex.FILE_NAME);
        ShardIndex.read(current); // so that no folder is made where there are no shards
        Path folder = layout.shards().resolve(FOLDER);
        try {
            Files.createDirectories(folder);
            while (true) {
                Path file = Files.createTempFile(folder, PREFIX, SUFFIX);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                channel.lock();
                if (Files.exists(file)) {
                    // Read after locking: whoever looks for leases later finds this one, whoever looked before has the
                    // run's lock, and so the index stays what it is.
                    return new ShardLease(file, channel, ShardIndex.read(current)).written();
                }
                channel.close(); // somebody took it for one that is left over, before it was locked
            }
        } catch (IOException e) {
            throw new DataException(
                    ("%s: the shards cannot be leased (%s), and 'mixture gc' might remove them while they are read; make "
                                    + "the folder writable")
                            .formatted(folder, e),
                    e);
        }
    }

    private ShardLease written() throws IOException {
        ByteBuffer content = StandardCharsets.UTF_8.encode(index.toJson());
        while (content.hasRemaining()) {
            channel.write(content);
        }
        return this;
    }

    /** The shards that are leased. */
    public ShardIndex index() {
        return index;
    }

    /** The file of every lease that somebody holds: an index, or nothing yet where the lease is just being taken. */
    public static List<Path> held(RunLayout layout) {
        return all(layout, true);
    }

    /** The file of every lease whose owner ended without giving it back. */
    public static List<Path> leftOver(RunLayout layout) {
        return all(layout, false);
    }

    private static List<Path> all(RunLayout layout, boolean held) {
        Path folder = layout.shards().resolve(FOLDER);
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(ShardLease::isLease).sorted().toList()) {
                if (isHeld(file) == held) {
                    found.add(file);
                }
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be looked through: %s".formatted(folder, e), e);
        }
        return found;
    }

    private static boolean isLease(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    private static boolean isHeld(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true; // by another thread of this process
        }
    }

    /** Gives the lease back. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            throw new DataException("%s: the lease cannot be given back: %s".formatted(file, e), e);
        }
    }
}
