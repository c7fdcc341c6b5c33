package io.peregrine.data.filters.datatrove;

import java.util.Arrays;

/**
 * How much of a text is said more than once.
 *
 * <p>Of paragraphs and lines, every occurrence but the first counts. The most frequent n-gram (joined by one space; of
 * equally frequent ones the first) counts with all occurrences, and so does one that occurs once. Duplicate n-grams are
 * found from the beginning: one that has been met counts, and the search goes on behind it; they are compared as
 * characters, so that "ab c" and "a bc" are the same.
 *
 * <p>Most n-grams need no look into a table. A 3-gram can only occur twice if its two 2-grams do, and so on. The
 * characters of a duplicate n-gram begin with {@value #KEY_UNITS} that begin at two words at least, unless it is shorter
 * than that.
 */
final class Repetition {
    static final int TOP_MIN = 2;
    static final int TOP_MAX = 4;
    static final int DUPLICATE_MIN = 5;
    static final int DUPLICATE_MAX = 10;

    private static final int KEY_UNITS = 12;

    private final HashCounts table = new HashCounts();
    private byte[] repeated = new byte[1 << 11];
    private byte[] repeatedStart = new byte[1 << 11];
    private long[] joined = new long[1 << 11];

    private int segments;
    private int duplicates;
    private long duplicateCharacters;

    /** Writes the values of {@link Family#REPETITION}; how many there are. */
    int measure(Page page, double[] values, int offset) {
        int at = offset;
        double characters = page.codePoints();
        values[at++] = characters;
        paragraphs(page);
        values[at++] = (double) duplicates / segments;
        values[at++] = duplicateCharacters / characters;
        lines(page);
        values[at++] = (double) duplicates / segments;
        values[at++] = duplicateCharacters / characters;
        if (repeated.length < page.wordCount()) {
            int room = page.wordCount() + (page.wordCount() >> 1);
            repeated = new byte[room];
            repeatedStart = new byte[room];
            joined = new long[room];
        }
        prepareTop(page);
        for (int n = TOP_MIN; n <= TOP_MAX; n++) {
            values[at++] = page.wordCount() < n ? Double.NaN : top(page, n) / characters;
        }
        prepareDuplicates(page);
        for (int n = DUPLICATE_MIN; n <= DUPLICATE_MAX; n++) {
            values[at++] = duplicates(page, n) / characters;
        }
        return at - offset;
    }

    // ---- paragraphs and lines

    private void paragraphs(Page page) {
        int from = page.skipSpaces(0, page.length());
        split(page, from, page.skipSpacesBack(from, page.length()), 2);
    }

    private void lines(Page page) {
        split(page, 0, page.length(), 1);
    }

    /**
     * Cuts a range at runs of at least so many line feeds, and counts what is met again.
     *
     * @param from does not cut a run in two, and neither does {@code to}
     */
    private void split(Page page, int from, int to, int leastFeeds) {
        segments = 0;
        duplicates = 0;
        duplicateCharacters = 0;
        table.clear(page.feedCount() / leastFeeds + 1);
        int start = from;
        int feed = 0;
        while (feed < page.feedCount() && page.feed(feed) < to) {
            int end = page.feed(feed);
            int after = end;
            while (feed < page.feedCount() && page.feed(feed) == after) {
                feed++;
                after++;
            }
            if (end >= from && after - end >= leastFeeds) {
                segment(page.text(), start, end);
                start = after;
            }
        }
        segment(page.text(), start, to);
    }

    private void segment(char[] text, int from, int to) {
        segments++;
        if (table.add(Polynomial.hash(text, from, to), segments) > 1) {
            duplicates++;
            duplicateCharacters += Character.codePointCount(text, from, to - from);
        }
    }

    // ---- the most frequent n-gram

    /** Before the first n-grams: every word may begin one, and has its own hash. */
    private void prepareTop(Page page) {
        Arrays.fill(repeated, 0, page.wordCount(), (byte) 1);
        for (int i = 0; i < page.wordCount(); i++) {
            joined[i] = page.hash(i);
        }
    }

    /** Characters of all occurrences of the most frequent n-gram; asked for n one after the other. */
    private double top(Page page, int n) {
        int grams = page.wordCount() - n + 1;
        boolean every = page.hasSpacesInWords();
        table.clear(candidates(grams, every));
        int best = 1;
        int bestFirst = 0;
        for (int i = 0; i < grams; i++) {
            boolean candidate = every || (repeated[i] != 0 && repeated[i + 1] != 0);
            repeated[i] = 0;
            if (!candidate) {
                continue;
            }
            int last = i + n - 1;
            long withSpace = joined[i] * Polynomial.BASE + Polynomial.unit(' ');
            long key = Polynomial.join(withSpace, page.hash(last), page.units(last, last + 1));
            joined[i] = key;
            int count = table.add(key, i);
            if (count > 1) {
                int first = table.first();
                repeated[i] = 1;
                repeated[first] = 1;
                if (count > best || (count == best && first < bestFirst)) {
                    best = count;
                    bestFirst = first;
                }
            }
        }
        return (double) best * (page.codePoints(bestFirst, bestFirst + n) + n - 1);
    }

    private int candidates(int grams, boolean every) {
        if (every) {
            return grams;
        }
        int candidates = 0;
        for (int i = 0; i < grams; i++) {
            candidates += repeated[i];
        }
        return candidates;
    }

    // ---- duplicate n-grams

    private void prepareDuplicates(Page page) {
        int words = page.wordCount();
        table.clear(words);
        for (int i = 0; i < words; i++) {
            if (page.units(i, words) < KEY_UNITS) {
                repeatedStart[i] = 0;
                continue;
            }
            repeatedStart[i] = 0;
            if (table.add(page.hashOfStart(i, KEY_UNITS), i) > 1) {
                repeatedStart[i] = 1;
                repeatedStart[table.first()] = 1;
            }
        }
    }

    private double duplicates(Page page, int n) {
        int grams = page.wordCount() - n + 1;
        table.clear(Math.max(0, grams));
        long characters = 0;
        int i = 0;
        while (i < grams) {
            boolean alone = repeatedStart[i] == 0 && page.units(i, i + n) >= KEY_UNITS;
            if (alone || table.add(page.hash(i, i + n), i) == 1) {
                i++;
            } else {
                characters += page.codePoints(i, i + n);
                i += n;
            }
        }
        return characters;
    }
}
