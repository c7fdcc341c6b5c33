package io.peregrine.data.filters.datatrove;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.SentenceCounter;
import io.peregrine.data.text.SpacySentences;
import io.peregrine.data.text.SpacyWords;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import java.nio.CharBuffer;
import java.util.OptionalInt;

/**
 * C4's line rules, which write the text anew, and what its document rules ask.
 *
 * <p>Line by line, stripped: a word of more than {@value #MAX_WORD} characters, fewer than {@value #MIN_WORDS} words
 * (counted before citation marks are taken out), JavaScript, or a phrase on cookies, privacy or terms of use leave the
 * line out. Lorem ipsum and a curly bracket drop the document, unless a rule named before them has left their line out. As
 * in FineWeb, lines need no punctuation mark at the end.
 */
final class C4Lines {
    /** Length in code points of the longest word that a line may have. */
    static final int MAX_WORD = 1000;

    /** Words that a line must have. */
    static final int MIN_WORDS = 3;

    private final SentenceCounter sentenceCounter;

    /**
     * Whether the words of the page are the tokens of which sentences are made, and none goes over the whitespace between
     * lines: then those of a line need not be found again.
     */
    private final boolean wordsAreTokens;

    private final WordSplitter splitter;
    private final Spans lineWords = new Spans();
    private final LinePhrases phrases = new LinePhrases();

    /** The lines that are left, each with a line feed behind it. */
    private char[] kept = new char[1 << 14];

    private int keptUnits;
    private int words;
    private boolean longWord;

    /** The first word of the page that is not before the line being read. */
    private int nextWord;

    private int longWordLines;
    private int shortLines;
    private int javascriptLines;
    private int policyLines;
    private int keptLines;
    private int keptWords;
    private boolean loremIpsumFirst;
    private boolean loremIpsum;
    private boolean curlyBracket;
    private long sentences;

    /** @param splitter what the words of the pages are */
    C4Lines(WordSplitter splitter, SentenceCounter sentenceCounter) {
        this.splitter = splitter;
        this.sentenceCounter = sentenceCounter;
        this.wordsAreTokens = splitter.profile().equals(SpacyWords.ENGLISH)
                && sentenceCounter instanceof SpacySentences sentences
                && sentences.words().profile().equals(SpacyWords.ENGLISH);
    }

    /** Reads a text, after which {@link #text} is what is left of it; writes the values of {@link Family#C4}. */
    int measure(Page page, double[] values, int offset) {
        clear(page.length() + 1);
        for (int line = 0; line < page.lines().size(); line++) {
            int from = page.skipSpaces(page.lines().start(line), page.lines().end(line));
            read(page, from, page.skipSpacesBack(from, page.lines().end(line)));
        }
        int at = offset;
        values[at++] = page.lines().size();
        values[at++] = longWordLines;
        values[at++] = shortLines;
        values[at++] = javascriptLines;
        values[at++] = policyLines;
        values[at++] = keptLines;
        values[at++] = loremIpsumFirst ? 1 : 0;
        values[at++] = curlyBracket ? 1 : 0;
        values[at++] = loremIpsum ? 1 : 0;
        values[at++] = sentences;
        return at - offset;
    }

    private void clear(int room) {
        if (kept.length < room) {
            kept = new char[(int) Math.min(Integer.MAX_VALUE - 8L, room * 3L / 2)];
        }
        keptUnits = 0;
        longWordLines = 0;
        shortLines = 0;
        javascriptLines = 0;
        policyLines = 0;
        keptLines = 0;
        keptWords = 0;
        nextWord = 0;
        loremIpsumFirst = false;
        loremIpsum = false;
        curlyBracket = false;
        sentences = 0;
    }

    private void read(Page page, int from, int to) {
        countWords(page.text(), from, to);
        if (longWord) {
            longWordLines++;
            return;
        }
        if (words < MIN_WORDS) {
            shortLines++;
            return;
        }
        phrases.read(page.text(), from, to);
        if (!phrases.squareBracket()) {
            System.arraycopy(page.text(), from, kept, keptUnits, to - from);
            if (judge()) {
                countSentences(page, from, to);
                keep(to - from);
            }
            return;
        }
        int units = Citations.remove(page.text(), from, to, kept, keptUnits);
        if (units < to - from) {
            phrases.read(kept, keptUnits, keptUnits + units);
        }
        if (judge()) {
            countSentences(units);
            keep(units);
        }
    }

    /** Counts the words between whitespace, and whether one is too long. */
    private void countWords(char[] text, int from, int to) {
        words = 0;
        longWord = false;
        int start = from;
        for (int at = from; at <= to; at++) {
            if (at < to && !CodePoints.is(text[at], CodePoints.SPACE)) {
                continue;
            }
            if (at > start) {
                words++;
                longWord |= at - start > MAX_WORD && Character.codePointCount(text, start, at - start) > MAX_WORD;
            }
            start = at + 1;
        }
    }

    /** Decides on a line whose phrases have been looked for: whether it stays. */
    private boolean judge() {
        if (phrases.loremIpsum()) {
            loremIpsum = true;
            loremIpsumFirst |= !curlyBracket;
        }
        if (phrases.javascript()) {
            javascriptLines++;
            return false;
        }
        curlyBracket |= phrases.curlyBracket();
        if (phrases.policy()) {
            policyLines++;
            return false;
        }
        return true;
    }

    /** Counts the sentences of a line that is the page's as it was. */
    private void countSentences(Page page, int from, int to) {
        if (!wordsAreTokens) {
            countSentences(to - from);
            return;
        }
        Spans tokens = page.words();
        while (nextWord < tokens.size() && tokens.start(nextWord) < from) {
            nextWord++;
        }
        int first = nextWord;
        while (nextWord < tokens.size() && tokens.start(nextWord) < to) {
            nextWord++;
        }
        keptWords += nextWord - first;
        sentences += Math.max(1, SpacySentences.count(page.text(), from, to, tokens, first, nextWord));
    }

    /** Counts the sentences of a line that has been written behind the others. */
    private void countSentences(int units) {
        CharBuffer line = CharBuffer.wrap(kept, keptUnits, units);
        sentences += Math.max(1, sentenceCounter.count(line));
        if (wordsAreTokens) {
            splitter.split(line, lineWords);
            keptWords += lineWords.size();
        }
    }

    private void keep(int units) {
        keptLines++;
        keptUnits += units;
        kept[keptUnits++] = '\n';
    }

    /** How many words {@link #text} has, if that is known without looking for them. */
    OptionalInt words() {
        return wordsAreTokens ? OptionalInt.of(keptWords) : OptionalInt.empty();
    }

    /** The lines that are left, joined by line feeds, without whitespace around them. */
    String text() {
        int from = 0;
        int to = keptUnits;
        while (from < to && CodePoints.is(kept[from], CodePoints.SPACE)) {
            from++;
        }
        while (from < to && CodePoints.is(kept[to - 1], CodePoints.SPACE)) {
            to--;
        }
        return new String(kept, from, to - from);
    }
}
