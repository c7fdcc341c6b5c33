package io.peregrine.data.dedup;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;

/** Which repeated lines are removed, see {@link RepeatedLines}. */
public record LineDedupConfig(
        @Key(unit = "documents", doc = "a line that more documents have is removed")
        long documentsMax,

        @Key(doc = "whether the first document, in the order in which documents are kept, keeps the line")
        boolean keepFirst,

        @Key(unit = "characters", doc = "lines that are shorter once simplified are left alone")
        int lineCharactersMin,

        @Key(unit = "characters", doc = "a document that lost lines and is then shorter is dropped")
        int documentCharactersMin,

        @Key(unit = "lines", doc = "how many of the most frequent removed lines are listed")
        int largestLines)
        implements Serializable {
    public static final LineDedupConfig DEFAULTS = new LineDedupConfig(10, true, 10, 200, 100);

    public LineDedupConfig {
        if (documentsMax < 1) {
            throw new ConfigException("documents-max", documentsMax, "must be > 0 documents");
        }
        if (lineCharactersMin < 1) {
            throw new ConfigException("line-characters-min", lineCharactersMin, "must be > 0 characters");
        }
        if (documentCharactersMin < 1) {
            throw new ConfigException("document-characters-min", documentCharactersMin, "must be > 0 characters");
        }
        if (largestLines < 0) {
            throw new ConfigException("largest-lines", largestLines, "must be >= 0 lines");
        }
    }
}
