package io.peregrine.data.sources;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds where a WARC record can begin: a gzip member in a compressed file, a version line in a plain one. */
final class RecordStarts {
    private static final byte[] GZIP_MEMBER = {0x1f, (byte) 0x8b, 0x08};
    private static final byte[] VERSION_LINE = "\nWARC/".getBytes(StandardCharsets.US_ASCII);

    private RecordStarts() {}

    /** The first possible start behind a position, in bytes from the start of the file. */
    static Optional<Long> after(FileChannel file, long position) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(GZIP_MEMBER.length);
        file.read(head, 0);
        boolean gzip =
                head.position() == head.capacity() && head.get(0) == GZIP_MEMBER[0] && head.get(1) == GZIP_MEMBER[1];
        return gzip
                ? find(file, GZIP_MEMBER, position + 1)
                : find(file, VERSION_LINE, position).map(newline -> newline + 1);
    }

    private static Optional<Long> find(FileChannel file, byte[] pattern, long from) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(BoundedBytes.SEGMENT_BYTES);
        long start = from;
        while (true) {
            window.clear();
            int filled = 0;
            int n = file.read(window, start);
            while (n > 0) {
                filled += n;
                n = file.read(window, start + filled);
            }
            for (int i = 0; i + pattern.length <= filled; i++) {
                if (matches(window, i, pattern)) {
                    return Optional.of(start + i);
                }
            }
            if (filled < window.capacity()) {
                return Optional.empty();
            }
            // The next window overlaps by what a pattern cut in two would need.
            start += filled - pattern.length + 1;
        }
    }

    private static boolean matches(ByteBuffer window, int at, byte[] pattern) {
        for (int i = 0; i < pattern.length; i++) {
            if (window.get(at + i) != pattern[i]) {
                return false;
            }
        }
        return true;
    }
}
