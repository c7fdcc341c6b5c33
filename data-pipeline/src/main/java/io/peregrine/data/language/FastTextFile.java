package io.peregrine.data.language;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads a model from front to back, little-endian, and maps the large arrays in it. */
final class FastTextFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    FastTextFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.size = channel.size();
        buffer.limit(0);
    }

    byte readByte() throws IOException {
        need(1);
        position++;
        return buffer.get();
    }

    int readInt() throws IOException {
        need(Integer.BYTES);
        position += Integer.BYTES;
        return buffer.getInt();
    }

    long readLong() throws IOException {
        need(Long.BYTES);
        position += Long.BYTES;
        return buffer.getLong();
    }

    double readDouble() throws IOException {
        return Double.longBitsToDouble(readLong());
    }

    boolean readFlag(String what) throws IOException {
        byte flag = readByte();
        if (flag != 0 && flag != 1) {
            throw broken("%s %d must be 0 or 1".formatted(what, flag));
        }
        return flag == 1;
    }

    /** A count of at most {@code most}; anything else is a broken file, not memory to be asked for. */
    int readCount(String what, long most) throws IOException {
        return count(what, readInt(), most);
    }

    /** The same for a count of eight bytes. */
    int readLongCount(String what, long most) throws IOException {
        return count(what, readLong(), most);
    }

    private int count(String what, long count, long most) {
        if (count < 0 || count > most) {
            throw broken("%s %d must be 0 to %d".formatted(what, count, most));
        }
        return (int) count;
    }

    byte[] readBytes(int length) throws IOException {
        promise(length);
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            need(1);
            int part = Math.min(length - done, buffer.remaining());
            buffer.get(bytes, done, part);
            position += part;
            done += part;
        }
        return bytes;
    }

    float[] readFloats(int length) throws IOException {
        promise((long) Float.BYTES * length);
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = Float.intBitsToFloat(readInt());
        }
        return floats;
    }

    /** Maps the next bytes and goes on after them; the mapping outlives this reader. */
    MappedByteBuffer map(long length) throws IOException {
        promise(length);
        MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, position, length);
        position += length;
        buffer.limit(0);
        mapped.order(ByteOrder.LITTLE_ENDIAN);
        return mapped;
    }

    /** Fails before anything is allocated for bytes that are not there. */
    void promise(long length) {
        if (length > size - position) {
            throw broken("truncated, %d more bytes must follow here and %d do".formatted(length, size - position));
        }
    }

    private void need(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        promise(bytes);
        buffer.clear();
        long at = position;
        while (buffer.hasRemaining() && at < size) {
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw broken("became shorter while it was read");
            }
            at += read;
        }
        buffer.flip();
    }

    /** What is wrong with the file, and where. */
    DataException broken(String what) {
        return new DataException(
                "%s: byte %d: no fastText model: %s; download it again".formatted(path, position, what));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
