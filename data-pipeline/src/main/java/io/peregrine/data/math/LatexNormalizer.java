package io.peregrine.data.math;

/**
 * Writes formulas in one notation, so that equal formulas are equal texts for deduplication and the tokenizer: {@code $...$}
 * in a line, {@code $$...$$} by itself; no comments, labels, spacing commands or runs of whitespace inside. What is not a
 * formula stays as it is, character for character.
 */
final class LatexNormalizer {
    private LatexNormalizer() {}

    /** The text with its formulas rewritten; the same text if none changes. */
    static String normalize(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        for (Formulas.Formula formula : Formulas.of(text)) {
            out.append(text, from, formula.start());
            String body = body(text, formula.bodyStart(), formula.bodyEnd());
            switch (formula.style()) {
                case INLINE -> out.append('$').append(body).append('$');
                case DISPLAY -> out.append("$$").append(body).append("$$");
                case ENVIRONMENT -> environment(text, formula, body, out);
            }
            from = formula.end();
        }
        String normal = out.append(text, from, text.length()).toString();
        return normal.equals(text) ? text : normal;
    }

    /** An equation of one line is a display; the others keep what says how their lines stand to each other. */
    private static void environment(String text, Formulas.Formula formula, String body, StringBuilder out) {
        String name = text.substring(formula.start() + "\\begin{".length(), formula.bodyStart() - 1);
        boolean plain = name.startsWith("equation") || name.equals("displaymath");
        if (plain) {
            out.append("$$").append(body).append("$$");
        } else if (name.equals("math")) {
            out.append('$').append(body).append('$');
        } else {
            String unnumbered = name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
            out.append("\\begin{").append(unnumbered).append('}').append(body);
            out.append("\\end{").append(unnumbered).append('}');
        }
    }

    private static String body(String text, int from, int to) {
        StringBuilder body = new StringBuilder(to - from);
        int commandEnd = -1;
        for (int i = from; i < to; ) {
            char c = text.charAt(i);
            if (c == '\\') {
                int before = body.length();
                i = command(text, i, to, body);
                commandEnd =
                        body.length() > before && isLetter(body.charAt(body.length() - 1)) ? body.length() : commandEnd;
            } else if (c == '%') {
                i = endOfLine(text, i, to);
            } else if (Character.isWhitespace(c)) {
                space(body);
                i++;
            } else {
                // What stood between a command and this letter may be gone: \\alpha\\!b is not \\alphab.
                if (isLetter(c) && body.length() == commandEnd) {
                    body.append(' ');
                }
                body.append(c);
                i++;
            }
        }
        int end = body.length();
        while (end > 0 && body.charAt(end - 1) == ' ' && (end < 2 || body.charAt(end - 2) != '\\')) {
            end--;
        }
        return body.substring(0, end);
    }

    /** Copies a command, unless it sets space or a label; returns where it goes on. */
    private static int command(String text, int at, int to, StringBuilder body) {
        int next = at + 1;
        if (next >= to) {
            body.append('\\');
            return next;
        }
        char c = text.charAt(next);
        if (c == ',' || c == ';' || c == ':' || c == '!') {
            space(body, c == '!');
            return next + 1;
        }
        int end = next;
        while (end < to && isLetter(text.charAt(end))) {
            end++;
        }
        String name = text.substring(next, end);
        switch (name) {
            case "label", "tag" -> {
                int close = end < to && text.charAt(end) == '{' ? text.indexOf('}', end) : -1;
                if (close >= 0 && close < to) {
                    return close + 1;
                }
            }
            case "nonumber", "notag", "displaystyle", "textstyle", "limits", "nolimits" -> {
                return end;
            }
            case "quad", "qquad", "thinspace" -> {
                space(body);
                return end;
            }
            default -> {
                // Another command: copied below.
            }
        }
        int copied = end == next ? next + 1 : end;
        body.append(text, at, copied);
        return copied;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static void space(StringBuilder body) {
        if (!body.isEmpty() && body.charAt(body.length() - 1) != ' ') {
            body.append(' ');
        }
    }

    /** A thin space between two symbols is a space; a negative one is nothing. */
    private static void space(StringBuilder body, boolean negative) {
        if (!negative) {
            space(body);
        }
    }

    private static int endOfLine(String text, int at, int to) {
        int end = text.indexOf('\n', at);
        return end < 0 || end > to ? to : end;
    }
}
