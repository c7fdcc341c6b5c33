package io.peregrine.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a large file into parts that tasks read side by side. What comes out of a file does not depend on the cuts.
 *
 * <p>Plain JSON lines are cut anywhere, zstd between frames, Parquet between row groups. A gzip file has no place to
 * begin in the middle of. WARC files are not cut: the magic bytes of a gzip member, even of one that holds a record,
 * can stand inside a page, so whoever publishes a page could begin a record of another's; crawls come in many files.
 */
public final class FileParts {
    private FileParts() {}

    /** The parts of a file, in its order; one, {@link FilePart#WHOLE}, for what is small or cannot be cut. */
    public static List<FilePart> of(SourceConfig source, InputFile file) {
        return of(source, file, Long.MAX_VALUE);
    }

    /** The same, of at most so many bytes each if that is less than the source's own limit. */
    public static List<FilePart> of(SourceConfig source, InputFile file, long bytesMax) {
        SourceLimits limits = source.limits().orElse(SourceLimits.DEFAULTS);
        long step = Math.min(limits.splitBytes(), bytesMax);
        try {
            long size = file.bytes();
            if (size <= step) {
                return List.of(FilePart.WHOLE);
            }
            return switch (source.kind()) {
                case PARQUET -> ranges(size, step);
                case JSONL, HTML_JSONL -> lines(file, size, step, limits);
                default -> List.of(FilePart.WHOLE);
            };
        } catch (IOException e) {
            // The reader meets the same fault and reports it.
            return List.of(FilePart.WHOLE);
        }
    }

    private static List<FilePart> lines(InputFile file, long size, long step, SourceLimits limits) throws IOException {
        Compression compression;
        try (InputStream in = file.open()) {
            compression = Compression.of(in.readNBytes(Compression.MAGIC_BYTES));
        }
        return switch (compression) {
            case NONE -> ranges(size, step);
            case GZIP -> List.of(FilePart.WHOLE);
            case ZSTD -> frames(file, size, step, limits).orElse(List.of(FilePart.WHOLE));
        };
    }

    private static List<FilePart> ranges(long size, long step) {
        List<FilePart> parts = new ArrayList<>();
        for (long start = 0; start < size; start += step) {
            long end = size - start <= step ? Long.MAX_VALUE : start + step;
            parts.add(new FilePart(start, end, start, end));
        }
        return parts;
    }

    /** Runs of frames; nothing if a header does not say how much its frame holds, or the sum is above the limits. */
    private static Optional<List<FilePart>> frames(InputFile file, long size, long step, SourceLimits limits)
            throws IOException {
        List<FilePart> parts = new ArrayList<>();
        long start = 0;
        long textStart = 0;
        long text = 0;
        try (FileChannel channel = FileChannel.open(file.path())) {
            for (long at = 0; at < size; ) {
                Optional<ZstdFrame> frame = ZstdFrame.at(channel, at);
                if (frame.isEmpty() || frame.get().textBytes().isEmpty()) {
                    return Optional.empty();
                }
                if (at - start >= step) {
                    parts.add(new FilePart(start, at, textStart, text));
                    start = at;
                    textStart = text;
                }
                at = frame.get().end();
                text += frame.get().textBytes().getAsLong();
                if (text < 0 || text > InflationBudget.limitBytes(limits, size)) {
                    return Optional.empty();
                }
            }
        }
        parts.add(new FilePart(start, Long.MAX_VALUE, textStart, Long.MAX_VALUE));
        return Optional.of(parts);
    }
}
