package io.peregrine.data.sources;

import java.io.IOException;
import java.io.InputStream;

/** A cursor over the lines of a stream, as bytes, ended by LF. A line past the cap is passed over without being held. */
final class ByteLines {
    private final InputStream in;
    private final byte[] buffer = new byte[BoundedBytes.SEGMENT_BYTES];
    private final BoundedBytes line;
    private int position;
    private int filled;
    private long number;

    /** @param cap most bytes of a line */
    ByteLines(InputStream in, int cap) {
        this.in = in;
        this.line = new BoundedBytes(cap);
    }

    /** Steps to the next line; false at the end of the stream. */
    boolean next() throws IOException {
        line.clear();
        if (position == filled && !fill()) {
            return false;
        }
        number++;
        do {
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            line.add(buffer, position, end - position);
            position = end;
            if (end < filled) {
                position++;
                return true;
            }
        } while (fill());
        return true;
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = 0;
        int n = in.read(buffer);
        filled = Math.max(n, 0);
        return n > 0;
    }

    /** Number of the current line, from 1. */
    long number() {
        return number;
    }

    boolean isTooLong() {
        return line.isTooLarge();
    }

    /** Length of the current line in bytes, held or not. */
    long length() {
        return line.total();
    }

    byte[] bytes() {
        return line.toArray();
    }

    /** Memory in use, in bytes. */
    long heldBytes() {
        return buffer.length + line.heldBytes();
    }
}
