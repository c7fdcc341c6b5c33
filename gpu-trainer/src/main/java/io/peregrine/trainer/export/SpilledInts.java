package io.peregrine.trainer.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Numbers put aside in a temporary file, to be gone through when all are known: an index of any size in little memory.
 *
 * <p>Thread: for one thread. Ownership: the file is removed when this is closed.
 */
final class SpilledInts implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long size;

    /** What is done with each number. */
    interface Use {
        void accept(int value) throws IOException;
    }

    SpilledInts(Path file) throws IOException {
        this.channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    void add(int value) throws IOException {
        if (buffer.remaining() < Integer.BYTES) {
            drain();
        }
        buffer.putInt(value);
        size++;
    }

    long size() {
        return size;
    }

    /** Goes through the numbers in their order. */
    void forEach(Use use) throws IOException {
        drain();
        ByteBuffer read = ByteBuffer.allocate(BUFFER_BYTES);
        long position = 0;
        while (position < channel.size()) {
            read.clear();
            while (read.hasRemaining() && position < channel.size()) {
                position += channel.read(read, position);
            }
            read.flip();
            while (read.hasRemaining()) {
                use.accept(read.getInt());
            }
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
