package io.peregrine.rewrite.accept;

import io.peregrine.data.text.UnicodeText;
import io.peregrine.data.text.Words;
import java.util.Arrays;

/**
 * The words of a text as 64-bit hashes of their small letters, and measures of what repeats. Hashes that are equal by
 * chance change no measure by more than one run in 2^64 pairs.
 */
final class WordRuns {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long[] words;

    private WordRuns(long[] words) {
        this.words = words;
    }

    static WordRuns of(String text) {
        String lower = UnicodeText.lower(text);
        Words cursor = new Words(lower);
        long[] hashes = new long[64];
        int count = 0;
        while (cursor.next()) {
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
            }
            long hash = 0;
            for (int i = cursor.start(); i < cursor.end(); i++) {
                hash = mixed(hash + lower.charAt(i));
            }
            hashes[count++] = hash;
        }
        return new WordRuns(Arrays.copyOf(hashes, count));
    }

    /** Share of the runs of so many words that the text has had before, 0..1. */
    double repeated(int length) {
        long[] runs = sortedRuns(length);
        int repeats = 0;
        for (int i = 1; i < runs.length; i++) {
            repeats += runs[i] == runs[i - 1] ? 1 : 0;
        }
        return runs.length == 0 ? 0 : (double) repeats / runs.length;
    }

    /** Share of this text's runs of so many words that the other has, too, 0..1. */
    double sharedWith(WordRuns other, int length) {
        long[] runs = sortedRuns(length);
        return shared(runs, other.sortedRuns(length));
    }

    /** Share of this text's different words that the other has, too, 0..1; 1 for a text without words. */
    double vocabularyOf(WordRuns other) {
        long[] own = Arrays.stream(words).sorted().distinct().toArray();
        return own.length == 0 ? 1 : shared(own, other.sortedRuns(1));
    }

    private static double shared(long[] sorted, long[] others) {
        int common = 0;
        int at = 0;
        for (long run : sorted) {
            while (at < others.length && others[at] < run) {
                at++;
            }
            common += at < others.length && others[at] == run ? 1 : 0;
        }
        return sorted.length == 0 ? 0 : (double) common / sorted.length;
    }

    private long[] sortedRuns(int length) {
        if (length == 1) {
            return Arrays.stream(words).sorted().toArray();
        }
        long[] runs = new long[Math.max(0, words.length - length + 1)];
        for (int i = 0; i < runs.length; i++) {
            long hash = 0;
            for (int j = i; j < i + length; j++) {
                hash = mixed(hash ^ words[j]);
            }
            runs[i] = hash;
        }
        Arrays.sort(runs);
        return runs;
    }

    private static long mixed(long value) {
        long z = (value + MULTIPLIER) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
