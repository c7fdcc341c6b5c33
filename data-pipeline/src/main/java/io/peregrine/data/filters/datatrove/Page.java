package io.peregrine.data.filters.datatrove;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import java.util.Arrays;

/** The text that is being measured and its words, read once; a buffer for one document after the other. */
final class Page {
    private static final int ALL_PUNCTUATION = 1;
    private static final int SOME_LETTER = 1 << 1;

    private final WordSplitter splitter;
    private final boolean ignoresBlanks;
    private final Spans words = new Spans();
    private final Spans lines = new Spans();

    private char[] text = new char[1 << 14];
    private int length;
    private int codePoints;
    private int[] feeds = new int[1 << 8];
    private int feedCount;

    /** By word, and one more: UTF-16 units and code points of the words before it. */
    private int[] unitsBefore = new int[1 << 11];

    private int[] codePointsBefore = new int[1 << 11];
    private long[] wordHashes = new long[1 << 11];
    private byte[] traits = new byte[1 << 11];
    private boolean spacesInWords;

    /** What {@link #readWord} found out: length of a word in UTF-16 units and in code points. */
    private int wordUnits;

    private int wordCodePoints;

    /** By unit of the words written one after another, and one more: hash of all before it. */
    private long[] hashesBefore = new long[1 << 14];

    Page(WordSplitter splitter) {
        this.splitter = splitter;
        this.ignoresBlanks = splitter.ignoresBlanks();
    }

    /** Takes a text in place of the one before. */
    void read(String document) {
        length = document.length();
        if (text.length < length) {
            text = new char[roomFor(length)];
        }
        document.getChars(0, length, text, 0);
        codePoints = CodePoints.count(document);
        readLines();
        splitter.split(document, words);
        readWords();
    }

    /** Cuts the text as Python's {@code splitlines} does; a line end at the end opens no line. */
    private void readLines() {
        lines.clear();
        feedCount = 0;
        int start = 0;
        for (int at = 0; at < length; at++) {
            char c = text[at];
            if ((c >= ' ' && c < '\u0085') || !CodePoints.is(c, CodePoints.LINE_END)) {
                continue;
            }
            lines.add(start, at);
            if (c == '\r' && at + 1 < length && text[at + 1] == '\n') {
                at++;
            }
            if (text[at] == '\n') {
                addFeed(at);
            }
            start = at + 1;
        }
        if (start < length) {
            lines.add(start, length);
        }
    }

    private void addFeed(int at) {
        if (feedCount == feeds.length) {
            feeds = Arrays.copyOf(feeds, 2 * feedCount);
        }
        feeds[feedCount++] = at;
    }

    private void readWords() {
        int count = words.size();
        if (wordHashes.length <= count) {
            int room = roomFor(count + 1);
            unitsBefore = new int[room];
            codePointsBefore = new int[room];
            wordHashes = new long[room];
            traits = new byte[room];
        }
        if (hashesBefore.length <= length) {
            hashesBefore = new long[roomFor(length + 1)];
        }
        spacesInWords = false;
        int units = 0;
        int characters = 0;
        for (int word = 0; word < count; word++) {
            unitsBefore[word] = units;
            codePointsBefore[word] = characters;
            int end = words.end(word);
            readWord(word, words.start(word), end, units);
            units += wordUnits;
            characters += wordCodePoints;
        }
        unitsBefore[count] = units;
        codePointsBefore[count] = characters;
    }

    /** Hashes, measures and judges a word. */
    private void readWord(int word, int start, int end, int units) {
        long before = hashesBefore[units];
        long hash = before;
        int any = 0;
        int all = CodePoints.PUNCTUATION;
        int bits = 0;
        int out = units;
        for (int at = start; at < end; at++) {
            char c = text[at];
            if (ignoresBlanks && (c == ' ' || c == '\t')) {
                continue;
            }
            hash = hash * Polynomial.BASE + Polynomial.unit(c);
            hashesBefore[++out] = hash;
            int flags = CodePoints.flags(c);
            any |= flags;
            all &= flags;
            bits |= c;
        }
        int pairs = 0;
        if (bits >= Character.MIN_SURROGATE) { // there may be pairs, which the flags above take for two without any
            any = 0;
            all = CodePoints.PUNCTUATION;
            for (int at = start; at < end; ) {
                int c = Character.codePointAt(text, at, end);
                at += Character.charCount(c);
                if (ignoresBlanks && (c == ' ' || c == '\t')) {
                    continue;
                }
                int flags = CodePoints.flags(c);
                any |= flags;
                all &= flags;
                pairs += Character.charCount(c) - 1;
            }
        }
        wordUnits = out - units;
        wordCodePoints = wordUnits - pairs;
        wordHashes[word] = hash - before * Polynomial.power(wordUnits);
        traits[word] = (byte) ((all == 0 ? 0 : ALL_PUNCTUATION) | ((any & CodePoints.LETTER) == 0 ? 0 : SOME_LETTER));
        spacesInWords |= (any & CodePoints.SPACE) != 0;
    }

    private static int roomFor(int needed) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, needed + (needed >> 1) + 64L);
    }

    char[] text() {
        return text;
    }

    /** Length of the text in UTF-16 units. */
    int length() {
        return length;
    }

    /** Length of the text in code points. */
    int codePoints() {
        return codePoints;
    }

    /** The lines without their ends, whitespace included. */
    Spans lines() {
        return lines;
    }

    /** How many line feeds the text has. */
    int feedCount() {
        return feedCount;
    }

    /** Index of a line feed. */
    int feed(int number) {
        return feeds[number];
    }

    /** The first character from an index on that is not whitespace, or {@code to}. */
    int skipSpaces(int from, int to) {
        int at = from;
        while (at < to && CodePoints.is(text[at], CodePoints.SPACE)) {
            at++;
        }
        return at;
    }

    /** The index behind the last character before an index that is not whitespace, or {@code from}. */
    int skipSpacesBack(int from, int to) {
        int at = to;
        while (at > from && CodePoints.is(text[at - 1], CodePoints.SPACE)) {
            at--;
        }
        return at;
    }

    Spans words() {
        return words;
    }

    int wordCount() {
        return words.size();
    }

    /** Code points of a word. */
    int codePoints(int word) {
        return codePointsBefore[word + 1] - codePointsBefore[word];
    }

    /** Code points of some words without anything between them. */
    int codePoints(int from, int to) {
        return codePointsBefore[to] - codePointsBefore[from];
    }

    /** UTF-16 units of some words without anything between them. */
    int units(int from, int to) {
        return unitsBefore[to] - unitsBefore[from];
    }

    /** Hash of a word. */
    long hash(int word) {
        return wordHashes[word];
    }

    /** Hash of some words without anything between them. */
    long hash(int from, int to) {
        return hashOfUnits(unitsBefore[from], unitsBefore[to]);
    }

    /** Hash of the first units of the words from one on, or of what is left of them. */
    long hashOfStart(int from, int units) {
        return hashOfUnits(unitsBefore[from], unitsBefore[from] + units);
    }

    private long hashOfUnits(int from, int to) {
        return hashesBefore[to] - hashesBefore[from] * Polynomial.power(to - from);
    }

    /** Whether every character of the word is punctuation. */
    boolean isSymbol(int word) {
        return (traits[word] & ALL_PUNCTUATION) != 0;
    }

    /** Whether some character of the word is a letter. */
    boolean hasLetter(int word) {
        return (traits[word] & SOME_LETTER) != 0;
    }

    /** Whether some word has whitespace in it, so that words joined by a space could be cut in another way. */
    boolean hasSpacesInWords() {
        return spacesInWords;
    }

    /** Whether two ranges of the text are the same. */
    boolean same(int from, int to, String other) {
        return to - from == other.length() && Arrays.mismatch(text, from, to, other.toCharArray(), 0, to - from) < 0;
    }
}
