package io.peregrine.rewrite.accept;

import java.util.function.Consumer;

/** Finds words that look like names in programs: an underscore inside, or a capital after a small letter. */
final class IdentifierFacts {
    private IdentifierFacts() {}

    static void identifiers(String text, Consumer<String> found) {
        int from = -1;
        boolean name = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (isWord(c)) {
                name |= from >= 0 && isJoint(text.charAt(i - 1), c);
                from = from < 0 ? i : from;
            } else if (from >= 0) {
                if (name) {
                    found.accept(text.substring(from, i));
                }
                from = -1;
                name = false;
            }
        }
    }

    private static boolean isWord(char c) {
        return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
    }

    private static boolean isJoint(char before, char c) {
        return (before == '_') != (c == '_') || (Character.isLowerCase(before) && Character.isUpperCase(c));
    }
}
