package io.peregrine.data.filters;

/** The families that a rule set may have. */
public enum FamilyName {
    /** Words, lines, n-grams: the rules of a published profile. */
    TEXT
}
