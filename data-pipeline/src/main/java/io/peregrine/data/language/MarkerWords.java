package io.peregrine.data.language;

import io.peregrine.data.text.CodePoints;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Frequent short words of languages that share most of their letter groups, such as Danish and Norwegian.
 *
 * <p>The n-gram model sees each group once however often it stands there, and so leaves close languages nearly level; a
 * dozen words such as {@code af} and {@code av} decide. The lists are {@code marker-words.txt}. Immutable, shared by all
 * threads.
 */
final class MarkerWords {
    private static final String RESOURCE = "marker-words.txt";
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;

    private final List<String> languages = new ArrayList<>();
    private final List<Integer> sets = new ArrayList<>();
    private final long[] keys = new long[4096];
    private final long[] masks = new long[keys.length];

    private MarkerWords(List<String> lines) {
        int set = 0;
        for (String line : lines) {
            if (line.startsWith("[")) {
                set++;
                continue;
            }
            String[] words = line.split(" +", -1);
            for (int i = 1; i < words.length; i++) {
                int slot = slot(hash(words[i].toCharArray(), 0, words[i].length()));
                keys[slot] = hash(words[i].toCharArray(), 0, words[i].length());
                masks[slot] |= 1L << languages.size();
            }
            languages.add(words[0]);
            sets.add(set);
        }
        if (languages.size() > Long.SIZE) {
            throw new IllegalStateException("%s: must have at most 64 languages".formatted(RESOURCE));
        }
    }

    static MarkerWords load() {
        try (InputStream in = MarkerWords.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no %s on the class path".formatted(RESOURCE));
            }
            return new MarkerWords(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    /** Position of a language in an array of counts, or -1 if it has no list. */
    int position(String language) {
        return languages.indexOf(language);
    }

    /** Whether two languages, by position, are in one set. */
    boolean confusable(int one, int other) {
        return one >= 0 && other >= 0 && sets.get(one).equals(sets.get(other));
    }

    /** Number of languages that have a list. */
    int size() {
        return languages.size();
    }

    /** Adds to each count how many words of {@code text[0, length)}, in small letters, stand in that list. */
    void count(char[] text, int length, int[] counts) {
        for (int at = 0; at < length; ) {
            int start = at;
            while (at < length && CodePoints.is(text[at], CodePoints.WORD | CodePoints.ATTACHED)) {
                at++;
            }
            if (at > start) {
                int slot = slot(hash(text, start, at));
                for (long mask = masks[slot]; mask != 0; mask &= mask - 1) {
                    counts[Long.numberOfTrailingZeros(mask)]++;
                }
            } else {
                at++;
            }
        }
    }

    /** FNV-1a over UTF-16 units, never 0. */
    private static long hash(char[] text, int from, int to) {
        long hash = FNV_OFFSET;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text[i]) * FNV_PRIME;
        }
        return hash == 0 ? 1 : hash;
    }

    private int slot(long key) {
        int slot = (int) (key >>> 32) & (keys.length - 1);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }
}
