package io.peregrine.data.filters.datatrove;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import java.util.OptionalInt;

/** FineWeb's shares of lines. A line ends at a line feed and nowhere else, and blank lines are none. */
final class FineWebLines {
    /** Length in code points of the longest short line. */
    static final int SHORT_LINE = 30;

    private final WordSplitter splitter;
    private final Spans words = new Spans();
    private final HashCounts table = new HashCounts();
    private char[] units = new char[1 << 14];

    private int lines;
    private int feeds;
    private int punctuatedLines;
    private int shortLines;
    private long duplicateCharacters;

    FineWebLines(WordSplitter splitter) {
        this.splitter = splitter;
    }

    /**
     * Writes the values of {@link Family#FINEWEB}; how many there are.
     *
     * @param knownWords how many words the text has, where it has been split already
     */
    int measure(String text, OptionalInt knownWords, double[] values, int offset) {
        if (units.length < text.length()) {
            units = new char[(int) Math.min(Integer.MAX_VALUE - 8L, text.length() * 3L / 2)];
        }
        text.getChars(0, text.length(), units, 0);
        readLines(text);
        int wordCount = knownWords.orElseGet(() -> words(text));
        double nonBlank = lines;
        int at = offset;
        values[at++] = lines;
        values[at++] = punctuatedLines / nonBlank;
        values[at++] = shortLines / nonBlank;
        values[at++] = (double) duplicateCharacters / (CodePoints.count(text) - feeds);
        values[at++] = wordCount;
        values[at++] = (double) feeds / wordCount;
        return at - offset;
    }

    private int words(String text) {
        splitter.split(text, words);
        return words.size();
    }

    private void readLines(String text) {
        lines = 0;
        punctuatedLines = 0;
        shortLines = 0;
        duplicateCharacters = 0;
        feeds = 0;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            feeds++;
        }
        table.clear(feeds + 1);
        int start = 0;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', start)) {
            readLine(start, at);
            start = at + 1;
        }
        readLine(start, text.length());
    }

    private void readLine(int from, int to) {
        int at = from;
        while (at < to && CodePoints.is(units[at], CodePoints.SPACE)) {
            at++;
        }
        if (at == to) {
            return;
        }
        int characters = Character.codePointCount(units, from, to - from);
        lines++;
        punctuatedLines += CodePoints.is(Character.codePointBefore(units, to, from), CodePoints.TERMINAL) ? 1 : 0;
        shortLines += characters <= SHORT_LINE ? 1 : 0;
        if (table.add(Polynomial.hash(units, from, to), lines) > 1) {
            duplicateCharacters += characters;
        }
    }
}
