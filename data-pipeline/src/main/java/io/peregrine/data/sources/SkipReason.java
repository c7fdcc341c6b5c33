package io.peregrine.data.sources;

import java.util.Locale;

/** What a source passes over without fault. */
public enum SkipReason {
    /** Its path matches a glob of the source's exclude list. */
    EXCLUDED,
    /** A file without text: it has zero bytes near its start. */
    BINARY,
    /** A file whose name does not say that it is of the source's kind. */
    OTHER_FORMAT,
    /** An archive inside an archive; those are not opened. */
    NESTED_ARCHIVE,
    /** A link, a device or another special entry of an archive. */
    SPECIAL_ENTRY,
    /** A WARC record that is not a captured page: a request, a redirect, an image, metadata. */
    NOT_A_PAGE;

    /** The name in reports. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
