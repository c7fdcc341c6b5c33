package io.peregrine.data.bench;

import java.util.List;

/**
 * How many wanted and unwanted segments of pages an extract holds, counted as trafilatura's own evaluation counts them.
 *
 * <p>A wanted segment that the extract holds is a true positive, one that it lacks a false negative; an unwanted segment
 * that it holds is a false positive, one that it lacks a true negative. Every segment counts once, whatever page it is
 * of. To hold means to contain as a string, after both have gone through {@link #plain}.
 *
 * @param truePositives wanted and there
 * @param falseNegatives wanted and missing
 * @param falsePositives unwanted and there
 * @param trueNegatives unwanted and not there
 */
record SegmentScore(long truePositives, long falseNegatives, long falsePositives, long trueNegatives) {
    static final SegmentScore ZERO = new SegmentScore(0, 0, 0, 0);

    /** The score of one page. */
    static SegmentScore of(String extract, List<String> wanted, List<String> unwanted) {
        String text = plain(extract);
        long found = wanted.stream().filter(s -> text.contains(plain(s))).count();
        long leaked = unwanted.stream().filter(s -> text.contains(plain(s))).count();
        return new SegmentScore(found, wanted.size() - found, leaked, unwanted.size() - leaked);
    }

    /**
     * The text on one line: white space of any kind and the marks of our own notation (number signs, bullets, bars and
     * fences that stand alone between white space) become one space, soft hyphens go. The peers' extracts have no such
     * marks, so a segment that runs over a cell or an item would be missed for its notation only.
     */
    static String plain(String text) {
        StringBuilder line = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int start = i;
            while (i < text.length() && !isSpace(text.charAt(i))) {
                i++;
            }
            if (i > start && !isMark(text, start, i)) {
                line.append(line.isEmpty() ? "" : " ");
                for (int k = start; k < i; k++) {
                    char c = text.charAt(k);
                    if (c != '\u00AD' && c != '\u200B') {
                        line.append(c);
                    }
                }
            }
            i++;
        }
        return line.toString();
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isMark(String text, int start, int end) {
        char first = text.charAt(start);
        if (first != '#' && first != '`' && first != '-' && first != '|' && first != '>' && first != '~') {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (text.charAt(i) != first) {
                return false;
            }
        }
        return true;
    }

    SegmentScore plus(SegmentScore other) {
        return new SegmentScore(
                truePositives + other.truePositives,
                falseNegatives + other.falseNegatives,
                falsePositives + other.falsePositives,
                trueNegatives + other.trueNegatives);
    }

    /** Share of what was found that was wanted; 0 if nothing was found. */
    double precision() {
        return ratio(truePositives, truePositives + falsePositives);
    }

    /** Share of what was wanted that was found. */
    double recall() {
        return ratio(truePositives, truePositives + falseNegatives);
    }

    /** Harmonic mean of precision and recall. */
    double f1() {
        return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    }

    /** Share of all segments that were judged rightly. */
    double accuracy() {
        return ratio(truePositives + trueNegatives, total());
    }

    /** Segments in all. */
    long total() {
        return truePositives + falseNegatives + falsePositives + trueNegatives;
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
