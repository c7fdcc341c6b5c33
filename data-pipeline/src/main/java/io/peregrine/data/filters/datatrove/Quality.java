package io.peregrine.data.filters.datatrove;

import java.util.Collection;

/** Gopher's counts: words, symbols, bullets, ellipses, letters and stop words. */
final class Quality {
    private static final char ELLIPSIS = '\u2026';
    private static final char BULLET = '\u2022';

    private final StopWords stopWords;
    private int hashes;
    private int ellipses;
    private int bulletLines;
    private int ellipsisLines;

    Quality(Collection<String> stopWords) {
        this.stopWords = new StopWords(stopWords);
    }

    /** Writes the values of {@link Family#QUALITY}; how many there are. */
    int measure(Page page, double[] values, int offset) {
        int plainWords = 0;
        long plainCharacters = 0;
        int letterWords = 0;
        stopWords.clear();
        for (int i = 0; i < page.wordCount(); i++) {
            if (!page.isSymbol(i)) {
                plainWords++;
                plainCharacters += page.codePoints(i);
            }
            letterWords += page.hasLetter(i) ? 1 : 0;
            stopWords.meet(page.hash(i));
        }
        countSymbols(page);
        countLines(page);
        double words = page.wordCount();
        double lines = page.lines().size();
        int at = offset;
        values[at++] = words;
        values[at++] = plainWords;
        values[at++] = (double) plainCharacters / plainWords;
        values[at++] = hashes / words;
        values[at++] = ellipses / words;
        values[at++] = bulletLines / lines;
        values[at++] = ellipsisLines / lines;
        values[at++] = letterWords / words;
        values[at++] = stopWords.different();
        return at - offset;
    }

    private void countSymbols(Page page) {
        hashes = 0;
        ellipses = 0;
        char[] text = page.text();
        int length = page.length();
        for (int i = 0; i < length; i++) {
            char c = text[i];
            if (c == '#') {
                hashes++;
            } else if (c == ELLIPSIS) {
                ellipses++;
            } else if (c == '.' && i + 2 < length && text[i + 1] == '.' && text[i + 2] == '.') {
                ellipses++;
                i += 2;
            }
        }
    }

    private void countLines(Page page) {
        bulletLines = 0;
        ellipsisLines = 0;
        char[] text = page.text();
        for (int line = 0; line < page.lines().size(); line++) {
            int from = page.skipSpaces(page.lines().start(line), page.lines().end(line));
            int to = page.skipSpacesBack(from, page.lines().end(line));
            if (from == to) {
                continue;
            }
            bulletLines += text[from] == BULLET || text[from] == '-' ? 1 : 0;
            boolean dots = to - from >= 3 && text[to - 1] == '.' && text[to - 2] == '.' && text[to - 3] == '.';
            ellipsisLines += dots || text[to - 1] == ELLIPSIS ? 1 : 0;
        }
    }
}
