package io.peregrine.data.sources;

import java.io.Serializable;

/**
 * What one task reads of a file.
 *
 * <p>A line-based file's part has the lines that start behind {@code textStart} and not behind {@code textEnd}; the first
 * part has the line at 0 too. So a reader need not look at the byte before its part. A Parquet file's part has the row
 * groups that start in {@code start..end-1}.
 *
 * @param start first byte of the file
 * @param end byte of the file behind the last; {@link Long#MAX_VALUE} for the rest of the file
 * @param textStart where {@code start} is in the inflated file
 * @param textEnd where {@code end} is in the inflated file
 */
public record FilePart(long start, long end, long textStart, long textEnd) implements Serializable {
    /** The whole of a file. */
    public static final FilePart WHOLE = new FilePart(0, Long.MAX_VALUE, 0, Long.MAX_VALUE);

    public FilePart {
        if (start < 0 || end <= start || textStart < 0 || textEnd < textStart) {
            throw new IllegalArgumentException("part %d..%d, text %d..%d".formatted(start, end, textStart, textEnd));
        }
    }

    /** Whether the file's own faults, such as a broken footer, are this part's to report. */
    public boolean isFirst() {
        return start == 0;
    }

    /** Bytes of a file of this size that are in this part. */
    public long bytesOf(long fileBytes) {
        return Math.max(0, Math.min(end, fileBytes) - start);
    }
}
