package io.peregrine.data.sources;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** How the bytes of a file are packed, known by its first bytes and not by its name. */
enum Compression {
    NONE,
    GZIP,
    ZSTD;

    static final int MAGIC_BYTES = 4;

    /**
     * Largest window that a zstd frame may ask for: 128 MiB, as {@code zstd -d} without options. A frame's header can ask
     * for terabytes.
     */
    private static final int ZSTD_WINDOW_LOG_MAX = 27;

    /** The compression that these first bytes of a file show. */
    static Compression of(byte[] head) {
        if (head.length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b) {
            return GZIP;
        }
        if (head.length < MAGIC_BYTES) {
            return NONE;
        }
        int magic = (head[0] & 0xFF) | (head[1] & 0xFF) << 8 | (head[2] & 0xFF) << 16 | head[3] << 24;
        // A zstd file may begin with a skippable frame.
        return magic == ZstdFrame.MAGIC || (magic & 0xFFFFFFF0) == 0x184D2A50 ? ZSTD : NONE;
    }

    /**
     * The inflated bytes, members and frames joined, counted against a budget. Damage in what is compressed is a {@link
     * ZipException}, its early end an {@link EOFException}.
     */
    static InputStream inflated(InputStream raw, InflationBudget budget) throws IOException {
        InputStream in = raw.markSupported() ? raw : new BufferedInputStream(raw, BoundedBytes.SEGMENT_BYTES);
        in.mark(MAGIC_BYTES);
        byte[] head = in.readNBytes(MAGIC_BYTES);
        in.reset();
        return switch (of(head)) {
            case NONE -> in;
            case GZIP -> budget.guard(new Named(gzip(in)));
            case ZSTD -> budget.guard(zstd(in));
        };
    }

    private static InputStream gzip(InputStream in) throws IOException {
        try {
            return new GzipMembers(in);
        } catch (IOException e) {
            throw Named.named(e);
        }
    }

    /** The inflated bytes of zstd frames. */
    static InputStream zstd(InputStream in) throws IOException {
        return new Named(
                new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE).setLongMax(ZSTD_WINDOW_LOG_MAX));
    }

    /** The JDK's stream of joined members, which drops what follows the last one silently: that is reported here. */
    private static final class GzipMembers extends GZIPInputStream {
        private static final int TRAILER_BYTES = 8;

        private boolean told;

        GzipMembers(InputStream in) throws IOException {
            super(in, BoundedBytes.SEGMENT_BYTES);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n < 0 && !told && (inf.getRemaining() > TRAILER_BYTES || in.read() >= 0)) {
                told = true;
                throw new ZipException("garbage after the last gzip member");
            }
            return n;
        }
    }

    /** A zstd frame that can be decoded only with more memory than a task gives it. */
    static final class WindowException extends IOException {
        private static final long serialVersionUID = 1L;

        WindowException(String message) {
            super(message);
        }
    }

    /** Gives the libraries' faults the types that {@link Faults} knows. */
    private static final class Named extends FilterInputStream {
        Named(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw named(e);
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException e) {
                throw named(e);
            }
        }

        @Override
        public long skip(long n) throws IOException {
            try {
                return in.skip(n);
            } catch (IOException e) {
                throw named(e);
            }
        }

        static IOException named(IOException e) {
            if (e instanceof EOFException) {
                return e;
            }
            String message = String.valueOf(e.getMessage());
            if (e instanceof ZstdIOException zstd && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
                return new WindowException(
                        "a zstd frame asks for a window above %d MiB".formatted(1 << (ZSTD_WINDOW_LOG_MAX - 20)));
            }
            IOException named = message.startsWith("Truncated") ? new EOFException(message) : new ZipException(message);
            named.initCause(e);
            return named;
        }
    }
}
