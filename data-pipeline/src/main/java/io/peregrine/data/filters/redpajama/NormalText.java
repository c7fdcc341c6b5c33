package io.peregrine.data.filters.redpajama;

import io.peregrine.data.filters.words.PythonText;
import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.UnicodeText;

/** RedPajama's normal form of a text: no ASCII punctuation, lower case, single blanks, canonically decomposed. */
final class NormalText {
    private NormalText() {}

    static String of(String text) {
        return UnicodeText.decomposed(blanksJoined(PythonText.strip(UnicodeText.lower(withoutPunctuation(text)))));
    }

    private static String withoutPunctuation(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean punctuation = c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
            if (!punctuation) {
                kept.append(c);
            }
        }
        return kept.toString();
    }

    private static String blanksJoined(String text) {
        StringBuilder joined = new StringBuilder(text.length());
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = CodePoints.is(c, CodePoints.SPACE);
            if (!space) {
                joined.append(c);
            } else if (!blank) {
                joined.append(' ');
            }
            blank = space;
        }
        return joined.toString();
    }
}
