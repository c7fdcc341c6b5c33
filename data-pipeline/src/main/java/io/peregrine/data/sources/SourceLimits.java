package io.peregrine.data.sources;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;

/**
 * How much one input may cost, so that no file can take the memory or the time of a run.
 *
 * @param maxDocumentBytes see {@link Key}, as for all components
 */
public record SourceLimits(
        @Key(
                unit = "bytes",
                doc =
                        "largest file, archive entry, line or page before extraction; a larger one is rejected as too_large")
        int maxDocumentBytes,

        @Key(unit = "entries", doc = "most entries of one archive; the rest is rejected as too_many_entries")
        int maxArchiveEntries,

        @Key(
                unit = "bytes",
                doc = "most bytes that one compressed file may inflate to; the rest is rejected as inflation")
        long maxInflatedBytes,

        @Key(
                doc =
                        "most bytes that one compressed byte of a file may inflate to, on average; deflate's own limit is 1032")
        int maxInflationRatio,

        @Key(
                unit = "bytes",
                doc =
                        "a larger file is read in parts of about this size, side by side, where its format can be cut: plain JSON lines, zstd frames, Parquet row groups; what is read does not depend on it")
        long splitBytes) {
    /** A page above 16 MiB is not a page; text rarely packs better than 1 in 50. */
    public static final SourceLimits DEFAULTS = new SourceLimits(16 << 20, 500_000, 64L << 30, 250, 64L << 20);

    public SourceLimits {
        // Texts above this would break the 2 GiB limit of a Spark row once escaped.
        if (maxDocumentBytes < 1 || maxDocumentBytes > 256 << 20) {
            throw new ConfigException(
                    "max-document-bytes", maxDocumentBytes, "must be in 1..268435456 bytes (256 MiB)");
        }
        if (maxArchiveEntries < 1) {
            throw new ConfigException("max-archive-entries", maxArchiveEntries, "must be > 0 entries");
        }
        if (maxInflatedBytes < 1) {
            throw new ConfigException("max-inflated-bytes", maxInflatedBytes, "must be > 0 bytes");
        }
        if (maxInflationRatio < 1) {
            throw new ConfigException("max-inflation-ratio", maxInflationRatio, "must be > 0");
        }
        if (splitBytes < 1) {
            throw new ConfigException("split-bytes", splitBytes, "must be > 0 bytes");
        }
    }
}
