package io.peregrine.trainer.model;

/** How the scan's state is kept from one document of a sequence to the next. */
public enum SsmReset {
    /** It is 0 before a document's first token: nothing of it is left. */
    EXACT,
    /** As in the paper: -80 is added to the logarithm of the decay at a document's first token, and nothing is masked. */
    BIAS80
}
