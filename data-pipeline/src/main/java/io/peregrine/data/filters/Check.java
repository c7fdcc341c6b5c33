package io.peregrine.data.filters;

/**
 * One rule held against one document.
 *
 * @param reason the rule
 * @param measured what the document has, in the rule's unit; NaN where the document has nothing to measure, which
 *     breaks no rule
 * @param side which side of the limit is bad
 * @param limit the bound; a document that sits on it is kept
 */
public record Check(DropReason reason, double measured, Side side, double limit) {
    /** Which values break a rule. */
    public enum Side {
        BELOW,
        ABOVE
    }

    /** A rule that asks for at least the limit. */
    static Check atLeast(DropReason reason, double measured, double limit) {
        return new Check(reason, measured, Side.BELOW, limit);
    }

    /** A rule that allows at most the limit. */
    static Check atMost(DropReason reason, double measured, double limit) {
        return new Check(reason, measured, Side.ABOVE, limit);
    }

    /** Whether the document breaks the rule. */
    public boolean broken() {
        return side == Side.BELOW ? measured < limit : measured > limit;
    }
}
