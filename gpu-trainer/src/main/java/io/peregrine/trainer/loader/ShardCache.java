package io.peregrine.trainer.loader;

import io.peregrine.trainer.loader.ShardTable.ShardFile;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shard files read last, up to so many bytes; the one not used for longest goes first.
 *
 * <p>At least the file asked for is kept, however large. Streams are read mostly from front to back, so one file per
 * stream in memory is enough to read each file once per epoch. Only what is read first of all is a part of a file, if one
 * sequence is all that is wanted of it: who resumes does not wait for the rest of a shard.
 *
 * <p>Thread: for one thread.
 */
final class ShardCache {
    private final long maxBytes;
    private final Map<Key, ShardRows> rows = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long reads;
    private long readBytes;

    private record Key(ShardTable table, int file) {}

    ShardCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The rows of the file that holds a sequence, read now if they are not here. */
    ShardRows holding(ShardTable table, long row) {
        ShardFile file = table.fileOf(row);
        Key key = new Key(table, file.index());
        ShardRows held = rows.get(key);
        if (held == null || !held.holds(row)) {
            held = reads == 0 ? table.readPart(file, row) : table.read(file);
            reads++;
            readBytes += held.whole() ? file.status().getSize() : held.bytes();
            ShardRows part = rows.put(key, held);
            bytes += held.bytes() - (part == null ? 0 : part.bytes());
            evict();
        }
        return held;
    }

    /** How often a file was read. */
    long reads() {
        return reads;
    }

    /** Size of the files that were read, each as often as it was. */
    long readBytes() {
        return readBytes;
    }

    /** Memory taken by the rows that are held. */
    long bytes() {
        return bytes;
    }

    private void evict() {
        Iterator<ShardRows> oldest = rows.values().iterator();
        while (bytes > maxBytes && rows.size() > 1) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
