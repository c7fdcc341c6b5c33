package io.peregrine.data.extract;

/** Text of one block while it is gathered: white space collapsed, links counted. */
final class InlineText {
    private static final int SCRIPT_CHARS_MAX = 12;

    private final StringBuilder text = new StringBuilder();
    private int linkDepth;
    private int chars;
    private int linkChars;

    /** @param chars visible characters */
    record Taken(String text, int chars, int linkChars) {}

    void append(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c <= ' ' || c == '\u00A0' || c == '\u2028' || c == '\u2029') {
                space();
            } else if (c != '\u200B' && c != '\u00AD' && c != '\uFEFF') {
                text.append(c);
                chars++;
                linkChars += linkDepth > 0 ? 1 : 0;
            }
        }
    }

    /** A formula; it stands off from the word before it, and what follows decides for itself. */
    void formula(String latex) {
        if (latex.isEmpty()) {
            return;
        }
        if (!text.isEmpty() && isWord(text.charAt(text.length() - 1))) {
            space();
        }
        append(latex);
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '$';
    }

    void openLink() {
        linkDepth++;
    }

    void closeLink() {
        linkDepth--;
    }

    void lineBreak() {
        trimEnd();
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
    }

    /** Closes a cell of a row. */
    void cellBorder() {
        trimEnd();
        text.append(" | ");
    }

    /** A superscript or subscript, as an exponent or index where it is one. */
    void script(String raw, char sign) {
        String script = raw.strip();
        if (script.isEmpty()) {
            return;
        }
        if (script.length() > SCRIPT_CHARS_MAX || !isMathematical(script, sign)) {
            append(script);
        } else if (script.length() == 1 || script.chars().allMatch(Character::isDigit)) {
            append(sign + script);
        } else {
            append(sign + "(" + script + ")");
        }
    }

    /** Ordinals (1st, 2e), trade marks and chemical formulas (H2O) are written without a sign. */
    private boolean isMathematical(String script, char sign) {
        char before = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
        if (sign == '_') {
            return !(Character.isUpperCase(before) && script.chars().allMatch(Character::isDigit));
        }
        boolean word = script.length() > 1 && script.codePoints().allMatch(Character::isLetter);
        boolean ordinal = Character.isDigit(before) && "eora".contains(script);
        return !word && !ordinal && script.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** The block's text, stripped; the next block starts empty. */
    Taken take() {
        trimEnd();
        while (text.length() >= 2 && text.charAt(text.length() - 1) == '|' && text.charAt(text.length() - 2) == ' ') {
            text.setLength(text.length() - 2);
            trimEnd();
        }
        String taken = text.toString().strip();
        taken = taken.equals("|") || chars == 0 ? "" : taken;
        Taken result = new Taken(taken, chars, linkChars);
        text.setLength(0);
        chars = 0;
        linkChars = 0;
        return result;
    }

    private void space() {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ' ' && text.charAt(text.length() - 1) != '\n') {
            text.append(' ');
        }
    }

    private void trimEnd() {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) <= ' ') {
            end--;
        }
        text.setLength(end);
    }
}
