package io.peregrine.rewrite.prompts;

/** What is done with a document that one request cannot take. */
public enum LongText {
    /** Its segments are rewritten one by one and the answers joined. */
    JOIN,
    /** Its segments are rewritten one by one, and the answers made into one by further requests. */
    REDUCE,
    /** It is not asked about: a part of it would make no sense. */
    SKIP
}
