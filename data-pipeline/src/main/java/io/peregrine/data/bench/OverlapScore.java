package io.peregrine.data.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * How much an extract and the full main text of a page share, by 4-grams of words as in the public article benchmarks.
 *
 * <p>A word is a run of letters, marks and digits, in lower case; an ideograph or kana is a word by itself. A text of
 * fewer than four words is one shorter gram. Grams are counted with repetition: a gram that the truth has twice and
 * the extract three times is shared twice, and once too often.
 *
 * @param pages pages scored
 * @param shared grams that both have, all pages together
 * @param extracted grams of the extracts
 * @param expected grams of the truth
 * @param precisions sum of the pages' precisions; an empty extract has precision 1 if nothing was expected, else 0
 * @param recalls sum of the pages' recalls; 1 if nothing was expected
 * @param f1s sum of the pages' F1
 */
record OverlapScore(
        long pages, long shared, long extracted, long expected, double precisions, double recalls, double f1s) {
    static final OverlapScore ZERO = new OverlapScore(0, 0, 0, 0, 0, 0, 0);

    private static final int GRAM_WORDS = 4;

    /** The score of one page. */
    static OverlapScore of(String extract, String truth) {
        long[] found = grams(extract);
        long[] wanted = grams(truth);
        long both = common(found, wanted);
        double precision = found.length == 0 ? (wanted.length == 0 ? 1 : 0) : (double) both / found.length;
        double recall = wanted.length == 0 ? 1 : (double) both / wanted.length;
        double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        return new OverlapScore(1, both, found.length, wanted.length, precision, recall, f1);
    }

    OverlapScore plus(OverlapScore other) {
        return new OverlapScore(
                pages + other.pages,
                shared + other.shared,
                extracted + other.extracted,
                expected + other.expected,
                precisions + other.precisions,
                recalls + other.recalls,
                f1s + other.f1s);
    }

    double microPrecision() {
        return extracted == 0 ? 0 : (double) shared / extracted;
    }

    double microRecall() {
        return expected == 0 ? 0 : (double) shared / expected;
    }

    double microF1() {
        return extracted + expected == 0 ? 0 : 2.0 * shared / (extracted + expected);
    }

    double macroPrecision() {
        return pages == 0 ? 0 : precisions / pages;
    }

    double macroRecall() {
        return pages == 0 ? 0 : recalls / pages;
    }

    /** Mean of the pages' F1, not the F1 of the means. */
    double macroF1() {
        return pages == 0 ? 0 : f1s / pages;
    }

    /** Hashes of the grams, sorted. */
    private static long[] grams(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        long[] words = new long[lower.length()];
        int count = 0;
        long word = 0;
        int i = 0;
        while (i < lower.length()) {
            int codePoint = lower.codePointAt(i);
            i += Character.charCount(codePoint);
            boolean single = Character.isIdeographic(codePoint) || isKana(codePoint);
            boolean inWord = !single && isWordPart(codePoint);
            if (!inWord && word != 0) {
                words[count++] = word;
                word = 0;
            }
            if (inWord) {
                word = mixed(word, codePoint);
            } else if (single) {
                words[count++] = mixed(0, codePoint);
            }
        }
        if (word != 0) {
            words[count++] = word;
        }
        int length = Math.min(GRAM_WORDS, count);
        long[] grams = new long[length == 0 ? 0 : count - length + 1];
        for (int g = 0; g < grams.length; g++) {
            long hash = length;
            for (int k = 0; k < length; k++) {
                hash = mixed(hash, words[g + k]);
            }
            grams[g] = hash;
        }
        Arrays.sort(grams);
        return grams;
    }

    private static boolean isWordPart(int codePoint) {
        if (Character.isLetterOrDigit(codePoint)) {
            return true;
        }
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isKana(int codePoint) {
        return codePoint >= 0x3040 && codePoint <= 0x30FF;
    }

    /** A step of a 64-bit hash: the finisher of SplitMix64. */
    private static long mixed(long state, long value) {
        long z = state * 31 + value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return z == 0 ? 1 : z;
    }

    private static long common(long[] a, long[] b) {
        long both = 0;
        int j = 0;
        for (long gram : a) {
            while (j < b.length && b[j] < gram) {
                j++;
            }
            if (j < b.length && b[j] == gram) {
                both++;
                j++;
            }
        }
        return both;
    }
}
