package io.peregrine.data.filters;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Words;

/**
 * What the Gopher rules measure in a text, counted in one pass over its words.
 *
 * @param words all words, symbols included
 * @param plainWords words with a character that is not punctuation
 * @param plainWordCharacters code points of the plain words
 * @param hashes number signs, U+0023
 * @param ellipses occurrences of three full stops that do not overlap, and of U+2026
 * @param lines lines as Python's {@code splitlines} counts them
 * @param bulletLines lines whose first character after whitespace is U+2022 or U+002D
 * @param ellipsisLines lines that end with an ellipsis before trailing whitespace
 * @param letterWords words with a letter
 * @param stopWords how many different stop words occur, case-sensitive
 */
record GopherMeasures(
        long words,
        long plainWords,
        long plainWordCharacters,
        long hashes,
        long ellipses,
        long lines,
        long bulletLines,
        long ellipsisLines,
        long letterWords,
        int stopWords) {
    /** How many stop words there are. */
    static final int STOP_WORDS = 8;

    static GopherMeasures of(String text) {
        return new Counter(text).count();
    }

    double meanPlainWord() {
        return (double) plainWordCharacters / plainWords;
    }

    double perWord(long count) {
        return (double) count / words;
    }

    double perLine(long count) {
        return (double) count / lines;
    }

    /** The running counts. */
    private static final class Counter {
        private final String text;
        private final Words cursor;
        private long words;
        private long plainWords;
        private long plainWordCharacters;
        private long hashes;
        private long ellipses;
        private long lines;
        private long bulletLines;
        private long ellipsisLines;
        private long letterWords;
        private int stopWordsSeen;

        Counter(String text) {
            this.text = text;
            this.cursor = new Words(text);
        }

        GopherMeasures count() {
            int gapStart = 0;
            boolean lineHasWord = false;
            while (cursor.next()) {
                if (lineEnds(gapStart, cursor.start()) > 0) {
                    closeLine(lineHasWord, gapStart);
                    lineHasWord = false;
                }
                if (!lineHasWord) {
                    openLine();
                    lineHasWord = true;
                }
                countWord();
                gapStart = cursor.end();
            }
            lineEnds(gapStart, text.length());
            closeLine(lineHasWord, gapStart);
            boolean lastLineOpen = !text.isEmpty() && !endsLine(text.length() - 1);
            lines += lastLineOpen ? 1 : 0;
            return new GopherMeasures(
                    words,
                    plainWords,
                    plainWordCharacters,
                    hashes,
                    ellipses,
                    lines,
                    bulletLines,
                    ellipsisLines,
                    letterWords,
                    Integer.bitCount(stopWordsSeen));
        }

        /** Adds the line ends between two words to the lines; carriage return and line feed together are one. */
        private int lineEnds(int from, int to) {
            int ends = 0;
            for (int i = from; i < to; i++) {
                boolean secondHalf = text.charAt(i) == '\n' && i > 0 && text.charAt(i - 1) == '\r';
                ends += endsLine(i) && !secondHalf ? 1 : 0;
            }
            lines += ends;
            return ends;
        }

        private boolean endsLine(int index) {
            return CodePoints.is(text.charAt(index), CodePoints.LINE_END);
        }

        private void openLine() {
            char first = text.charAt(cursor.start());
            bulletLines += first == '\u2022' || first == '-' ? 1 : 0;
        }

        private void closeLine(boolean lineHasWord, int end) {
            if (lineHasWord && (text.startsWith("...", end - 3) || text.charAt(end - 1) == '\u2026')) {
                ellipsisLines++;
            }
        }

        private void countWord() {
            words++;
            if (cursor.any(CodePoints.LETTER)) {
                letterWords++;
                stopWordsSeen |= stopWord(cursor.start(), cursor.end());
            }
            if (!cursor.all(CodePoints.PUNCTUATION)) {
                plainWords++;
                plainWordCharacters += cursor.codePoints();
            }
            char first = text.charAt(cursor.start());
            if (first == '#') {
                hashes += occurrences('#', 1);
            } else if (first == '.') {
                ellipses += occurrences('.', 3);
            } else if (first == '\u2026') {
                ellipses += occurrences('\u2026', 1);
            }
        }

        /** Occurrences of {@code length} equal characters in the word that do not overlap. */
        private int occurrences(char wanted, int length) {
            int found = 0;
            int run = 0;
            for (int i = cursor.start(); i < cursor.end(); i++) {
                run = text.charAt(i) == wanted ? run + 1 : 0;
                if (run == length) {
                    found++;
                    run = 0;
                }
            }
            return found;
        }

        /** One bit per stop word. */
        private int stopWord(int start, int end) {
            if (end - start < 2 || end - start > 4) {
                return 0;
            }
            return switch (text.substring(start, end)) {
                case "the" -> 1;
                case "be" -> 1 << 1;
                case "to" -> 1 << 2;
                case "of" -> 1 << 3;
                case "and" -> 1 << 4;
                case "that" -> 1 << 5;
                case "have" -> 1 << 6;
                case "with" -> 1 << 7;
                default -> 0;
            };
        }
    }
}
