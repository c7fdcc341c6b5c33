package io.peregrine.data.sources;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bytes gathered up to a cap, in segments so that growing never copies. Past the cap everything is let go, so that a
 * document of any size costs at most the cap and one segment.
 */
final class BoundedBytes {
    static final int SEGMENT_BYTES = 64 << 10;

    private final int cap;
    private final List<byte[]> full = new ArrayList<>();
    private byte[] segment = new byte[SEGMENT_BYTES];
    private int used;
    private long total;

    BoundedBytes(int cap) {
        this.cap = cap;
    }

    /** Everything that a stream holds, or nothing if it holds more than the cap; then the rest stays unread. */
    static Optional<byte[]> readAll(InputStream in, int cap) throws IOException {
        BoundedBytes bytes = new BoundedBytes(cap);
        byte[] buffer = new byte[8 << 10];
        int n = in.read(buffer);
        while (n >= 0 && !bytes.isTooLarge()) {
            bytes.add(buffer, 0, n);
            n = bytes.isTooLarge() ? -1 : in.read(buffer);
        }
        return bytes.isTooLarge() ? Optional.empty() : Optional.of(bytes.toArray());
    }

    void add(byte[] source, int offset, int length) {
        total += length;
        if (isTooLarge()) {
            full.clear();
            used = 0;
            return;
        }
        int done = 0;
        while (done < length) {
            if (used == segment.length) {
                full.add(segment);
                segment = new byte[SEGMENT_BYTES];
                used = 0;
            }
            int n = Math.min(length - done, segment.length - used);
            System.arraycopy(source, offset + done, segment, used, n);
            used += n;
            done += n;
        }
    }

    /** Bytes added in all, kept or not. */
    long total() {
        return total;
    }

    boolean isTooLarge() {
        return total > cap;
    }

    /** Memory that the segments take now, in bytes. */
    long heldBytes() {
        return (long) (full.size() + 1) * SEGMENT_BYTES;
    }

    void clear() {
        full.clear();
        used = 0;
        total = 0;
    }

    byte[] toArray() {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(Math.toIntExact(total));
        full.forEach(joined::writeBytes);
        joined.write(segment, 0, used);
        return joined.toByteArray();
    }
}
