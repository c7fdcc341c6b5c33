package io.peregrine.rewrite.accept;

import java.util.function.Consumer;

/**
 * Finds formulas by what stands between their delimiters ({@code $}, {@code $$}, {@code \( \)}, {@code \[ \]}), and
 * commands outside of them. A dollar sign opens or closes a formula where Pandoc's does: no blank on its inner side, no
 * digit behind; so {@code $5 and $6} is no formula.
 */
final class LatexFacts {
    private static final int FORMULA_CHARACTERS_MAX = 2_000;

    private LatexFacts() {}

    static void formulas(String text, Consumer<String> found) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = c == '$' ? dollars(text, at, found) : c == '\\' ? backslash(text, at, found) : at;
            at = Math.max(end, at + 1);
        }
    }

    private static int dollars(String text, int at, Consumer<String> found) {
        if (text.startsWith("$$", at)) {
            return between(text, at + 2, "$$", found);
        }
        int open = at + 1;
        if (open >= text.length() || Character.isWhitespace(text.charAt(open))) {
            return at;
        }
        int stop = Math.min(text.length(), open + FORMULA_CHARACTERS_MAX);
        for (int i = open; i < stop && !text.startsWith("\n\n", i); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '$') {
                return closesHere(text, i) ? accept(text, open, i, i + 1, found) : at;
            }
        }
        return at;
    }

    private static boolean closesHere(String text, int at) {
        boolean blank = Character.isWhitespace(text.charAt(at - 1));
        boolean digit = at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
        return !blank && !digit;
    }

    private static int backslash(String text, int at, Consumer<String> found) {
        if (text.startsWith("\\(", at)) {
            return between(text, at + 2, "\\)", found);
        }
        if (text.startsWith("\\[", at)) {
            return between(text, at + 2, "\\]", found);
        }
        int end = at + 1;
        while (end < text.length() && isAsciiLetter(text.charAt(end))) {
            end++;
        }
        return end > at + 1 ? accept(text, at, end, end, found) : Math.min(at + 2, text.length());
    }

    /** Looks for the end within bounds, so that a text of many beginnings costs no more than the bound for each. */
    private static int between(String text, int open, String closing, Consumer<String> found) {
        int stop = Math.min(text.length(), open + FORMULA_CHARACTERS_MAX);
        int close = text.substring(open, stop).indexOf(closing);
        return close < 0 ? open : accept(text, open, open + close, open + close + closing.length(), found);
    }

    private static int accept(String text, int from, int to, int next, Consumer<String> found) {
        if (to > from) {
            found.accept(onOneLine(text.substring(from, to).strip()));
        }
        return next;
    }

    /** White space with a line end in it is one blank, so that lines may be broken elsewhere. */
    private static String onOneLine(String formula) {
        if (formula.indexOf('\n') < 0) {
            return formula;
        }
        StringBuilder line = new StringBuilder(formula.length());
        int at = 0;
        while (at < formula.length()) {
            int end = at;
            while (end < formula.length() && Character.isWhitespace(formula.charAt(end))) {
                end++;
            }
            String blanks = formula.substring(at, end);
            line.append(blanks.indexOf('\n') < 0 ? blanks : " ");
            if (end < formula.length()) {
                line.append(formula.charAt(end));
            }
            at = end + 1;
        }
        return line.toString();
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
