package io.peregrine.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The inflated bytes of a zstd file, from the beginning of a frame on.
 *
 * <p>Each frame is decoded by itself: reads never span two, so what a damaged frame still gives does not depend on where
 * reading began, and the frame behind it can be gone on with.
 */
final class ZstdText extends InputStream {
    private final FileChannel file;
    private Optional<InputStream> decoder = Optional.empty();
    private ZstdFrame frame;
    private long frameText;
    private long produced;

    /**
     * @param file closed by the caller
     * @param start first byte of a frame
     * @param textStart where that is in the inflated file
     */
    ZstdText(FileChannel file, long start, long textStart) {
        this.file = file;
        this.frame = new ZstdFrame(start, start, OptionalLong.of(0));
        this.frameText = textStart;
    }

    /** Byte of the file at which the current frame begins. */
    long frameStart() {
        return frame.start();
    }

    /** Where the current frame begins in the inflated file. */
    long frameTextStart() {
        return frameText;
    }

    /** Where the frame behind the current one begins in the inflated file, once that is left. */
    long nextTextStart() {
        return frameText + produced;
    }

    /** Leaves a damaged frame for the one behind it; false if that cannot be found, or its place in the text is not known. */
    boolean leaveFrame() throws IOException {
        if (frame.textBytes().isEmpty()) {
            return false;
        }
        closeFrame();
        produced = frame.textBytes().getAsLong();
        return true;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (true) {
            if (decoder.isEmpty()) {
                if (frame.end() >= file.size()) {
                    return -1;
                }
                openFrame();
            }
            int n = decoder.get().read(buffer, offset, length);
            if (n > 0) {
                produced += n;
                return n;
            }
            closeFrame();
        }
    }

    private void openFrame() throws IOException {
        long start = frame.end();
        frameText += produced;
        produced = 0;
        // What does not show its end is decoded to the end of the file, or to its fault.
        frame = ZstdFrame.at(file, start).orElse(new ZstdFrame(start, file.size(), OptionalLong.empty()));
        decoder = Optional.of(Compression.zstd(new Slice(file, frame.start(), frame.end())));
    }

    private void closeFrame() throws IOException {
        if (decoder.isPresent()) {
            decoder.get().close();
            decoder = Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        closeFrame();
    }

    private static final class Slice extends InputStream {
        private final FileChannel file;
        private final long end;
        private long at;

        Slice(FileChannel file, long start, long end) {
            this.file = file;
            this.at = start;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int n = read(one, 0, 1);
            return n < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (at >= end) {
                return -1;
            }
            int n = file.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, end - at)), at);
            at += Math.max(n, 0);
            return n;
        }
    }
}
