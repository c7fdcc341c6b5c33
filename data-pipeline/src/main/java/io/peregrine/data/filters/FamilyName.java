package io.peregrine.data.filters;

/** The families that a rule set may have. */
public enum FamilyName {
    /** Which language the text is in, and how surely. */
    LANGUAGE,
    /** Words, lines, n-grams: the rules of a published profile. */
    TEXT,
    /** How much the text is about mathematics; writes its formulas in one notation. */
    MATH,
    /** How much the text is like the good examples of a trained model. */
    QUALITY
}
