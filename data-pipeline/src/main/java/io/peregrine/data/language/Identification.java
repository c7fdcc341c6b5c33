package io.peregrine.data.language;

import io.peregrine.data.Document;

/**
 * The language of a text.
 *
 * @param language BCP 47 code, or {@code und}
 * @param confidence 0 (undecided) to 1: by which share the likeliest language leads the next one, {@code 1 - p2 / p1}
 * @param ownScriptRatio 0..1, share of the letters looked at that belong to a script the language is written in; 1 where
 *     nothing is known of its scripts
 */
public record Identification(String language, double confidence, double ownScriptRatio) {
    /** No letters, no language. */
    public static final Identification UNDETERMINED = new Identification(Document.UNDETERMINED, 0, 1);

    public Identification {
        if (!(confidence >= 0 && confidence <= 1 && ownScriptRatio >= 0 && ownScriptRatio <= 1)) {
            throw new IllegalArgumentException(
                    "confidence %s and script ratio %s must be 0 to 1".formatted(confidence, ownScriptRatio));
        }
    }
}
