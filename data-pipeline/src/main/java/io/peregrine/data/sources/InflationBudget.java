package io.peregrine.data.sources;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts what a compressed file inflates to, over all its entries, and stops a decompression bomb.
 *
 * <p>The ratio is taken against the size of the whole file, so entries that share compressed bytes count as often as
 * they are read.
 */
final class InflationBudget {
    /** Small files may pack well without being a threat. */
    private static final long ALWAYS_ALLOWED_BYTES = 1 << 20;

    private final long limitBytes;
    private final String rule;
    private long inflatedBytes;

    /** @param fileBytes size of the compressed file */
    InflationBudget(SourceLimits limits, long fileBytes) {
        this.limitBytes = limitBytes(limits, fileBytes);
        this.rule = limitBytes < limits.maxInflatedBytes()
                ? "max-inflation-ratio = " + limits.maxInflationRatio()
                : "max-inflated-bytes = " + limits.maxInflatedBytes();
    }

    private InflationBudget(long limitBytes, String rule) {
        this.limitBytes = limitBytes;
        this.rule = rule;
    }

    /** A budget for looking at the first bytes of a file. */
    static InflationBudget unlimited() {
        return new InflationBudget(Long.MAX_VALUE, "");
    }

    /** The same limit, with nothing counted against it. */
    InflationBudget copy() {
        return new InflationBudget(limitBytes, rule);
    }

    /** Most bytes that a compressed file of this size may inflate to. */
    static long limitBytes(SourceLimits limits, long fileBytes) {
        // Files are below 2^53 bytes and ratios below 2^31: in doubles the product cannot overflow.
        double byRatio = ALWAYS_ALLOWED_BYTES + (double) fileBytes * limits.maxInflationRatio();
        return (long) Math.min(limits.maxInflatedBytes(), byRatio);
    }

    /** The stream, counted against this budget. */
    InputStream guard(InputStream inflated) {
        return new FilterInputStream(inflated) {
            @Override
            public int read() throws IOException {
                int b = in.read();
                count(b < 0 ? 0 : 1);
                return b;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int n = in.read(buffer, offset, length);
                count(Math.max(n, 0));
                return n;
            }

            @Override
            public long skip(long n) throws IOException {
                long skipped = in.skip(n);
                count(skipped);
                return skipped;
            }
        };
    }

    void count(long bytes) throws IOException {
        inflatedBytes += bytes;
        if (inflatedBytes > limitBytes) {
            throw new ExceededException("inflates to more than %d bytes (%s)".formatted(limitBytes, rule));
        }
    }

    /** The file inflates to more than the limits allow. */
    static final class ExceededException extends IOException {
        private static final long serialVersionUID = 1L;

        ExceededException(String message) {
            super(message);
        }
    }
}
