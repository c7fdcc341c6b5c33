package io.peregrine.rewrite.accept;

import java.util.Locale;

/** Why an answer does not stand, in the order in which it is looked at; the first that fits is counted. */
public enum RejectReason {
    /** Nothing but white space. */
    EMPTY,
    /** The document's own text. */
    UNCHANGED,
    /** Fewer characters than the allowed share of the document's. */
    TOO_SHORT,
    /** More characters than the allowed multiple of the document's. */
    TOO_LONG,
    /** A number, or one occurrence of it, is gone, new or changed. */
    NUMBERS_CHANGED,
    /** As for numbers, for addresses of the web. */
    URLS_CHANGED,
    /** As for numbers, for LaTeX commands and formulas. */
    LATEX_CHANGED,
    /** As for numbers, for fenced blocks of code. */
    CODE_CHANGED,
    /** Another language than that of the document. */
    LANGUAGE_CHANGED,
    /** The same text as another document or another rewrite of the run. */
    DUPLICATE;

    /** The name in tables, counts and settings. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
