package io.peregrine.trainer.export;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Compresses what it is given into a file, as one zstd frame that names its content's size: readers that decompress in one
 * call need it.
 */
final class ZstdOutput extends DigestedOutput {
    private static final int PART_BYTES = 1 << 17;

    private final FileOutput compressed;
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final ByteBuffer in = ByteBuffer.allocateDirect(PART_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(PART_BYTES);
    private final byte[] part = new byte[PART_BYTES];

    /**
     * @param name of the file before compression
     * @param bytes that will be put, exactly
     * @param level from 1 to 22
     * @param compressed where to; closed with this
     */
    ZstdOutput(String name, long bytes, int level, FileOutput compressed) {
        super(name);
        this.compressed = compressed;
        context.setLevel(level).setContentSize(true);
        context.setPledgedSrcSize(bytes);
    }

    @Override
    void write(ByteBuffer full) throws IOException {
        while (full.hasRemaining()) {
            int taken = Math.min(full.remaining(), in.capacity());
            in.clear();
            in.put(full.slice(full.position(), taken)).flip();
            full.position(full.position() + taken);
            while (in.hasRemaining()) {
                compress(EndDirective.CONTINUE);
            }
        }
    }

    /** Ends the frame and makes the compressed file real. */
    OutputFile finish() throws IOException {
        in.clear().flip();
        boolean done = false;
        while (!done) {
            done = compress(EndDirective.END);
        }
        return compressed.finish();
    }

    private boolean compress(EndDirective directive) throws IOException {
        out.clear();
        boolean done = context.compressDirectByteBufferStream(out, in, directive);
        out.flip();
        while (out.hasRemaining()) {
            int length = out.remaining();
            if (length == part.length) {
                out.get(part);
                compressed.put(part);
            } else {
                byte[] last = new byte[length];
                out.get(last);
                compressed.put(last);
            }
        }
        return done;
    }

    @Override
    public void close() throws IOException {
        context.close();
        compressed.close();
    }
}
