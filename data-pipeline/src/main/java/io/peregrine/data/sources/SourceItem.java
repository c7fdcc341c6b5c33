package io.peregrine.data.sources;

import io.peregrine.data.Document;

/** What a reader gives: a document, or the account of something that did not become one. */
public sealed interface SourceItem {
    /** A document. */
    record Accepted(Document document) implements SourceItem {}

    /**
     * A fault in the input. It is written to the rejected table.
     *
     * @param source name of the source
     * @param origin name of the input file
     * @param position where in the file: a line, a byte offset, or the name of an entry
     * @param reason the kind of fault
     * @param detail what was found, for a person
     */
    record Rejected(String source, String origin, String position, RejectReason reason, String detail)
            implements SourceItem {}

    /** Something that the source does not take, and no fault: it is counted. */
    record Skipped(SkipReason reason) implements SourceItem {}
}
