package io.peregrine.data.language;

/** Says which language a text is in. The answer depends on the text alone. */
public interface LanguageIdentifier {
    /** The likeliest language; {@code und} with confidence 0 for a text without any letter the identifier knows. */
    Identification identify(String text);
}
