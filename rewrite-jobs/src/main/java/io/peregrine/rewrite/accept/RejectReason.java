package io.peregrine.rewrite.accept;

import java.util.Locale;

/** Why an answer does not stand, in the order in which it is looked at; the first that fits is counted. */
public enum RejectReason {
    /** No attempt brought an answer. */
    NO_ANSWER,
    /** The model did not come to an end by itself. */
    CUT_OFF,
    /** Nothing but white space. */
    EMPTY,
    /** The document's own text. */
    UNCHANGED,
    /** Fewer characters than the allowed share of the document's. */
    TOO_SHORT,
    /** More characters than the allowed multiple of the document's. */
    TOO_LONG,
    /** The answer declines the task. */
    REFUSAL,
    /** The answer talks about itself. */
    PREAMBLE,
    /** Too many runs of words have been there before. */
    REPETITIVE,
    /** Too large a share of the document's numbers, each occurrence counted, is gone. */
    NUMBERS_LOST,
    /** Too large a share of the answer's numbers is none of the document's. */
    NUMBERS_NEW,
    /** As for numbers, for dates. */
    DATES_LOST,
    DATES_NEW,
    /** As for numbers, for numbers with a unit. */
    UNITS_LOST,
    UNITS_NEW,
    /** As for numbers, for addresses of the web. */
    URLS_LOST,
    URLS_NEW,
    /** As for numbers, for names as programs have them. */
    IDENTIFIERS_LOST,
    IDENTIFIERS_NEW,
    /** As for numbers, for LaTeX commands and formulas. */
    LATEX_LOST,
    LATEX_NEW,
    /** As for numbers, for fenced blocks of code. */
    CODE_LOST,
    CODE_NEW,
    /** Another language than that of the document. */
    LANGUAGE_CHANGED,
    /** Too many runs of 13 words are the document's. */
    COPIED,
    /** Too few of the words are the document's. */
    DRIFTED,
    /** Code that its language's parser or lexer refuses. */
    SYNTAX,
    /** Another final answer than the document's. */
    RESULT_CHANGED,
    /** The same text as another document or another rewrite of the run. */
    DUPLICATE,
    /** Nearly the same text as another variant of the same document. */
    NEAR_DUPLICATE;

    /** The name in tables, counts and settings. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
