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
    private long start;
    private long nextStart;

    /**
     * @param in the text from a place on
     * @param start that place, in bytes from the beginning of the text
     * @param cap most bytes of a line
     */
    ByteLines(InputStream in, long start, int cap) {
        this.in = in;
        this.nextStart = start;
        this.line = new BoundedBytes(cap);
    }

    /** Steps to the next line; false at the end of the stream. */
    boolean next() throws IOException {
        line.clear();
        start = nextStart;
        if (position == filled && !fill()) {
            return false;
        }
        do {
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            line.add(buffer, position, end - position);
            position = end;
            if (end < filled) {
                position++;
                nextStart = start + line.total() + 1;
                return true;
            }
        } while (fill());
        nextStart = start + line.total();
        return true;
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = 0;
        int n = in.read(buffer);
        filled = Math.max(n, 0);
        return n > 0;
    }

    /** Where the current line begins, in bytes from the beginning of the text. */
    long start() {
        return start;
    }

    /** Where the next line begins. */
    long nextStart() {
        return nextStart;
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
