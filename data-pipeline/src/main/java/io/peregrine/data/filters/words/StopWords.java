package io.peregrine.data.filters.words;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** A set of words that is asked about ranges of a text, without a string for each range. */
public final class StopWords {
    private final Set<String> words;
    private final boolean lowerCase;
    private final int longest;
    private final long[] hashes;

    private StopWords(Collection<String> words, boolean lowerCase) {
        this.words = new HashSet<>(words);
        this.lowerCase = lowerCase;
        this.longest = words.stream().mapToInt(String::length).max().orElse(0);
        this.hashes = words.stream()
                .mapToLong(word -> hash(word, 0, word.length(), false))
                .sorted()
                .toArray();
    }

    /** Words that count as they are spelled. */
    public static StopWords exact(Collection<String> words) {
        return new StopWords(words, false);
    }

    /** Lower-case words that count however they are spelled. */
    public static StopWords ignoringCase(Collection<String> words) {
        return new StopWords(words, true);
    }

    public boolean isEmpty() {
        return words.isEmpty();
    }

    /** Whether a range of the text is one of the words. */
    public boolean contains(String text, int start, int end) {
        // Lower-casing never shortens a text.
        if (end - start > longest) {
            return false;
        }
        if (lowerCase && !isAscii(text, start, end)) {
            return words.contains(text.substring(start, end).toLowerCase(Locale.ROOT));
        }
        if (Arrays.binarySearch(hashes, hash(text, start, end, lowerCase)) < 0) {
            return false;
        }
        String word = text.substring(start, end);
        return words.contains(lowerCase ? word.toLowerCase(Locale.ROOT) : word);
    }

    private static boolean isAscii(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static long hash(String text, int start, int end, boolean lower) {
        long hash = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            hash = hash * 0x100000001B3L + (lower && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        return hash;
    }
}
