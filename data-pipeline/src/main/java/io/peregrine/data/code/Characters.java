package io.peregrine.data.code;

import io.peregrine.data.text.CodePoints;

/** Counts of one pass over the code points of a text. */
final class Characters {
    private static final int ESCAPE = 0x1B;
    private static final int REPLACEMENT = 0xFFFD;

    private long bytes;
    private long characters;
    private long visible;
    private long alphanumeric;
    private long letters;
    private long digits;
    private long replacements;
    private long controls;
    private long lines;
    private long lineCharacters;
    private long longestLine;
    private long line;

    static Characters of(String text) {
        Characters counts = new Characters();
        int previous = -1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            counts.add(c, previous);
            previous = c;
            i += Character.charCount(c);
        }
        if (previous >= 0 && !CodePoints.is(previous, CodePoints.LINE_END)) {
            counts.closeLine();
        }
        return counts;
    }

    private void add(int c, int previous) {
        characters++;
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        int flags = CodePoints.flags(c);
        visible += (flags & CodePoints.SPACE) == 0 ? 1 : 0;
        alphanumeric += (flags & CodePoints.ALPHANUMERIC) == 0 ? 0 : 1;
        letters += (flags & CodePoints.LETTER) == 0 ? 0 : 1;
        digits += (flags & CodePoints.DIGIT) == 0 ? 0 : 1;
        replacements += c == REPLACEMENT ? 1 : 0;
        controls += c < ' ' && c != ESCAPE && c != '\b' && (flags & CodePoints.SPACE) == 0 ? 1 : 0;
        if ((flags & CodePoints.LINE_END) == 0) {
            line++;
        } else if (c != '\n' || previous != '\r') {
            closeLine();
        }
    }

    private void closeLine() {
        lines++;
        lineCharacters += line;
        longestLine = Math.max(longestLine, line);
        line = 0;
    }

    long bytes() {
        return bytes;
    }

    long characters() {
        return characters;
    }

    long visible() {
        return visible;
    }

    long lines() {
        return lines;
    }

    long longestLine() {
        return longestLine;
    }

    double meanLine() {
        return (double) lineCharacters / lines;
    }

    double alphanumericRatio() {
        return (double) alphanumeric / characters;
    }

    double alphabeticRatio() {
        return (double) letters / characters;
    }

    double visibleAlphabeticRatio() {
        return (double) letters / visible;
    }

    double digitRatio() {
        return (double) digits / visible;
    }

    double whitespaceRatio() {
        return (double) (characters - visible) / characters;
    }

    double replacementRatio() {
        return (double) replacements / characters;
    }

    long controls() {
        return controls;
    }
}
