package io.peregrine.data.math;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds LaTeX formulas in a text by their delimiters: {@code $...$}, {@code $$...$$}, {@code \(...\)}, {@code \[...\]} and
 * environments such as {@code equation} and {@code align}.
 *
 * <p>Dollars are money as often as mathematics. A single one opens a formula only as in pandoc's rule: no whitespace after
 * it, none before the closing one, no digit after the closing one, and both in one paragraph. A delimiter that is never closed is text. One
 * pass, constant memory besides the result.
 */
final class Formulas {
    /** Longest formula that is looked for, so that a stray delimiter costs no more than this. */
    static final int CHARACTERS_MAX = 20_000;

    private static final List<String> ENVIRONMENTS = List.of(
            "equation",
            "equation*",
            "align",
            "align*",
            "gather",
            "gather*",
            "multline",
            "multline*",
            "eqnarray",
            "eqnarray*",
            "displaymath",
            "math",
            "alignat",
            "alignat*",
            "flalign",
            "flalign*");

    private Formulas() {}

    /** How a formula stands in the text. */
    enum Style {
        INLINE,
        DISPLAY,
        /** An environment, whose name says how its lines are set. */
        ENVIRONMENT
    }

    /**
     * One formula.
     *
     * @param start index of its opening delimiter
     * @param bodyStart index after the opening delimiter
     * @param bodyEnd index of its closing delimiter
     * @param end index after its closing delimiter
     */
    record Formula(Style style, int start, int bodyStart, int bodyEnd, int end) {}

    /** The formulas of a text, in order; none inside another. */
    static List<Formula> of(String text) {
        List<Formula> formulas = new ArrayList<>();
        Closers closers = new Closers(text);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$' && c != '\\') {
                at++;
                continue;
            }
            Formula formula = c == '$' ? dollars(text, at) : backslash(text, at, closers);
            if (formula != null) {
                formulas.add(formula);
                at = formula.end();
            } else {
                // An escaped character, a dollar among them, opens nothing.
                at += c == '\\' ? 2 : 1;
            }
        }
        return formulas;
    }

    private static Formula dollars(String text, int at) {
        boolean display = text.startsWith("$$", at);
        int body = at + (display ? 2 : 1);
        if (body >= text.length() || (!display && Character.isWhitespace(text.charAt(body)))) {
            return null;
        }
        int limit = Math.min(text.length(), body + CHARACTERS_MAX);
        for (int i = body; i < limit; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\n' && i + 1 < limit && text.charAt(i + 1) == '\n') {
                return null;
            } else if (c == '$') {
                if (display) {
                    return text.startsWith("$$", i) && i > body ? new Formula(Style.DISPLAY, at, body, i, i + 2) : null;
                }
                boolean closes = i > body
                        && !Character.isWhitespace(text.charAt(i - 1))
                        && (i + 1 == text.length() || !Character.isDigit(text.charAt(i + 1)));
                return closes ? new Formula(Style.INLINE, at, body, i, i + 1) : null;
            }
        }
        return null;
    }

    private static Formula backslash(String text, int at, Closers closers) {
        if (text.startsWith("\\(", at)) {
            return closers.formula(Style.INLINE, at, at + 2, "\\)");
        }
        if (text.startsWith("\\[", at)) {
            return closers.formula(Style.DISPLAY, at, at + 2, "\\]");
        }
        if (!text.startsWith("\\begin{", at)) {
            return null;
        }
        int nameStart = at + "\\begin{".length();
        int nameEnd = text.indexOf('}', nameStart);
        if (nameEnd < 0 || nameEnd - nameStart > 12 || !ENVIRONMENTS.contains(text.substring(nameStart, nameEnd))) {
            return null;
        }
        return closers.formula(Style.ENVIRONMENT, at, nameEnd + 1, "\\end{" + text.substring(nameStart, nameEnd) + "}");
    }

    /**
     * Finds closing delimiters, and remembers how far each was looked for: openers that are never closed cost one reading
     * of the text together.
     */
    private static final class Closers {
        private final String text;
        private final Map<String, Integer> lookedUpTo = new HashMap<>();
        private final Map<String, Integer> found = new HashMap<>();

        Closers(String text) {
            this.text = text;
        }

        Formula formula(Style style, int start, int body, String close) {
            int end = next(close, body);
            return end < 0 || end - body > CHARACTERS_MAX
                    ? null
                    : new Formula(style, start, body, end, end + close.length());
        }

        private int next(String close, int from) {
            int known = found.getOrDefault(close, -1);
            if (known >= from) {
                return known;
            }
            int limit = Math.min(text.length(), from + CHARACTERS_MAX + close.length());
            int i = Math.max(from, lookedUpTo.getOrDefault(close, 0));
            for (; i + close.length() <= limit; i++) {
                if (text.charAt(i) == '\\') {
                    if (text.startsWith(close, i)) {
                        found.put(close, i);
                        lookedUpTo.put(close, i + close.length());
                        return i;
                    }
                    i++;
                }
            }
            lookedUpTo.put(close, i);
            return -1;
        }
    }
}
