package io.peregrine.data.code.licence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares texts with {@code fingerprints.txt}: a phrase is there if enough of its pairs of words are, so that a changed
 * word or a line's comment marker does no harm. A pair is a 64-bit hash of two words, lower case, letters and digits.
 */
final class Fingerprints {
    /** Share of a phrase's pairs that have to be there; short phrases have to be there whole. */
    private static final double SIMILARITY_MIN = 0.85;

    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final List<Fingerprint> SHIPPED = read();

    private record Fingerprint(String id, List<Phrase> present, List<Phrase> absent) {}

    private static final class Phrase {
        private final long[] pairs;

        Phrase(String words) {
            this.pairs = pairs(words);
        }

        boolean in(long[] sorted) {
            int found = 0;
            for (long pair : pairs) {
                found += Arrays.binarySearch(sorted, pair) >= 0 ? 1 : 0;
            }
            return found >= SIMILARITY_MIN * pairs.length;
        }
    }

    private Fingerprints() {}

    /** The licences whose fingerprints a text has, in the order of the table. */
    static Set<String> of(String text) {
        long[] pairs = pairs(text);
        Arrays.sort(pairs);
        Set<String> ids = new LinkedHashSet<>();
        for (Fingerprint fingerprint : SHIPPED) {
            if (fingerprint.present().stream().allMatch(phrase -> phrase.in(pairs))
                    && fingerprint.absent().stream().noneMatch(phrase -> phrase.in(pairs))) {
                ids.add(fingerprint.id());
            }
        }
        return ids;
    }

    private static long[] pairs(String text) {
        long[] pairs = new long[text.length() / 2 + 1];
        int size = 0;
        long previous = 0;
        long word = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            char lower = c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
            if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
                word = (word + lower) * MIX;
                word ^= word >>> 29;
            } else if (word != 0) {
                if (previous != 0) {
                    pairs[size] = (previous ^ (word >>> 7)) * MIX + word;
                    size++;
                }
                previous = word;
                word = 0;
            }
        }
        return Arrays.copyOf(pairs, size);
    }

    private static List<Fingerprint> read() {
        try (InputStream in = Fingerprints.class.getResourceAsStream("fingerprints.txt");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Fingerprints::fingerprint)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("fingerprints.txt cannot be read from the jar", e);
        }
    }

    private static Fingerprint fingerprint(String line) {
        String[] fields = line.split(" \\| ");
        List<Phrase> present = new ArrayList<>();
        List<Phrase> absent = new ArrayList<>();
        for (String phrase : Arrays.asList(fields).subList(1, fields.length)) {
            if (phrase.startsWith("!")) {
                absent.add(new Phrase(phrase.substring(1)));
            } else {
                present.add(new Phrase(phrase));
            }
        }
        return new Fingerprint(fields[0], present, absent);
    }
}
