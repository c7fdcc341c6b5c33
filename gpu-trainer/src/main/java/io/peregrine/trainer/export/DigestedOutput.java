package io.peregrine.trainer.export;

import io.peregrine.data.manifest.PayloadDigest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Little-endian bytes on their way out, counted and digested as they pass.
 *
 * <p>Thread: for one thread. Ownership: closing what has not been finished removes it.
 */
abstract class DigestedOutput implements Closeable {
    /** Small enough to be in the processor's cache still when it is digested and written. */
    private static final int BUFFER_BYTES = 1 << 17;

    private final String name;
    private final MessageDigest digest = PayloadDigest.sha256();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long bytes;

    /** @param name of the file that holds these bytes, or would */
    DigestedOutput(String name) {
        this.name = name;
    }

    /** Takes bytes that have been counted and digested; all of them. */
    abstract void write(ByteBuffer full) throws IOException;

    final void put(byte[] values) throws IOException {
        int done = 0;
        while (done < values.length) {
            int part = Math.min(values.length - done, buffer.remaining());
            buffer.put(values, done, part);
            done += part;
            require(1);
        }
    }

    final void putByte(int value) throws IOException {
        require(Byte.BYTES);
        buffer.put((byte) value);
    }

    final void putShort(int value) throws IOException {
        require(Short.BYTES);
        buffer.putShort((short) value);
    }

    final void putInt(int value) throws IOException {
        require(Integer.BYTES);
        buffer.putInt(value);
    }

    final void putLong(long value) throws IOException {
        require(Long.BYTES);
        buffer.putLong(value);
    }

    /** How many bytes were put. */
    final long bytes() {
        return bytes + buffer.position();
    }

    /** Hands the last bytes on and says what passed; nothing may be put afterwards. */
    final OutputFile digested() throws IOException {
        drain();
        return new OutputFile(name, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    private void require(int space) throws IOException {
        if (buffer.remaining() < space) {
            drain();
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        bytes += buffer.remaining();
        digest.update(buffer.array(), 0, buffer.limit());
        write(buffer);
        buffer.clear();
    }
}
