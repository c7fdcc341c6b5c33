package io.peregrine.data.filters;

/** What a filter says of a document. */
public sealed interface Verdict {
    /** The one way to keep a document. */
    Verdict KEEP = new Keep();

    /** No rule is broken. */
    record Keep() implements Verdict {}

    /**
     * A rule is broken.
     *
     * @param reason the rule
     * @param measured what the document has, in the rule's unit
     * @param limit what the rule allows at most or asks for at least; {@link Check} says which
     */
    record Drop(DropReason reason, double measured, double limit) implements Verdict {}
}
