package io.peregrine.data.filters;

/** The families that a rule set may have. */
public enum FamilyName {
    /** Addresses: lists of hosts, words in the address. */
    URL,
    /** Which language the text is in, and how surely. */
    LANGUAGE,
    /** Words, lines, n-grams: the rules of a published profile. */
    TEXT,
    /** How much the text is about mathematics; writes its formulas in one notation. */
    MATH,
    /** How much the text is like the good examples of a trained model. */
    QUALITY,
    /** Under which licence a file of source code is; writes it into the document. */
    LICENCE,
    /** Words of lists that a run names. */
    TOXICITY,
    /** Personal data: counted, and masked in the text. */
    PII
}
