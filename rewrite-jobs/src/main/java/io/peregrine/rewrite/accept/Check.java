package io.peregrine.rewrite.accept;

/** The checks that settings can name. That an answer is not empty is always looked at. */
public enum Check {
    /** The model came to an end by itself; it was not cut off at a limit or by a filter. */
    FINISH,
    /** The answer is not the document's own text. */
    UNCHANGED,
    /** The length, as a ratio to the document's, is within bounds. */
    LENGTH,
    /** The answer does not begin by declining the task. */
    REFUSAL,
    /** The answer does not talk about itself, before or after the text that was asked for. */
    PREAMBLE,
    /** The answer does not repeat itself more than the bound and the document allow. */
    REPETITION,
    /** Numbers stay, see {@link FactKind}. */
    NUMBERS,
    /** Dates stay. */
    DATES,
    /** Numbers with a unit stay. */
    UNITS,
    /** Addresses of the web stay. */
    URLS,
    /** Names as programs have them stay. */
    IDENTIFIERS,
    /** Formulas and LaTeX commands stay. */
    LATEX,
    /** Fenced blocks of code stay to the character. */
    CODE,
    /** The language is that of the document. */
    LANGUAGE,
    /** Not too many runs of 13 words are the document's. */
    COPY,
    /** Enough of the words are the document's. */
    DRIFT,
    /** Code in the answer is code of its language. */
    SYNTAX,
    /** The final answers, where both texts have one, are the same number. */
    RESULT
}
