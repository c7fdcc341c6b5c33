package io.peregrine.data.sources;

import java.util.Locale;

/** Faults that an input can have. */
public enum RejectReason {
    /** The file could not be opened or read. */
    UNREADABLE,
    /** The file has no bytes. */
    EMPTY_FILE,
    /** The file ends in the middle of something. */
    TRUNCATED,
    /** Compressed data that does not unpack. */
    DAMAGED,
    /** A document of more than {@link SourceLimits#maxDocumentBytes()}. */
    TOO_LARGE,
    /** A line that is not one JSON object. */
    MALFORMED_JSON,
    /** Bytes that are not UTF-8 where the format asks for UTF-8. */
    MALFORMED_UTF8,
    /** A JSON object without the text fields of the source, or with something else than text in them. */
    MISSING_FIELD,
    /** A WARC record or an HTTP message that cannot be parsed. */
    MALFORMED_RECORD,
    /** XML that is not well-formed. */
    MALFORMED_XML,
    /** Nothing left to read: white space only, or a page without main text. */
    NO_TEXT,
    /** An archive entry whose name points outside the archive. */
    UNSAFE_PATH,
    /** An archive of more than {@link SourceLimits#maxArchiveEntries()}. */
    TOO_MANY_ENTRIES,
    /** More inflated bytes than {@link SourceLimits} allows: a decompression bomb. */
    INFLATION;

    /** The name in tables and reports. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
