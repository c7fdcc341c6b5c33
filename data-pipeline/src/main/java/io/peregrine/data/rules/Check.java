package io.peregrine.data.rules;

/**
 * One rule held against one document.
 *
 * @param rule with the limit that applies in the document's language
 * @param measured value of the rule's signal; NaN where the document has nothing to measure, which breaks no rule
 */
public record Check(Rule rule, double measured) {
    /** Whether the document breaks the rule. */
    public boolean broken() {
        return rule.side().broken(measured, rule.limit());
    }
}
