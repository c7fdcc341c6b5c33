package io.peregrine.data.decontaminate;

import io.peregrine.data.dedup.SimplifiedText;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.Words;
import java.util.Arrays;

/**
 * The words of a simplified text, and a hash of any run of them in constant time.
 *
 * <p>Mutable; one text after the other, one thread.
 */
final class HashedWords {
    private static final long RUN_BASE = 0x9E3779B97F4A7C15L;
    private static final long WORD_BASE = 0xC2B2AE3D27D4EB4FL;

    private final Spans words = new Spans();
    private String text = "";
    private long[] prefixes = new long[1024];
    private long[] powers = {1};

    /** Takes the next text, as it was written. */
    void read(String written) {
        text = SimplifiedText.of(written);
        words.clear();
        Words cursor = new Words(text);
        while (cursor.next()) {
            words.add(cursor.start(), cursor.end());
        }
        if (prefixes.length <= words.size()) {
            prefixes = new long[Math.max(words.size() + 1, 2 * prefixes.length)];
        }
        for (int i = 0; i < words.size(); i++) {
            prefixes[i + 1] = prefixes[i] * RUN_BASE + word(i);
        }
    }

    int size() {
        return words.size();
    }

    /** A 64-bit name of a run of words; runs of other lengths have other names. */
    long run(int from, int length) {
        long hash = prefixes[from + length] - prefixes[from] * power(length);
        return SeedStream.mix(hash + length);
    }

    /** Number of different words of a run that are no numbers, which are all {@code 0} in a simplified text. */
    int different(int from, int length) {
        int different = 0;
        for (int i = from; i < from + length; i++) {
            boolean number = words.length(i) == 1 && text.charAt(words.start(i)) == '0';
            boolean fresh = !number;
            for (int j = from; j < i && fresh; j++) {
                fresh = run(j, 1) != run(i, 1);
            }
            different += fresh ? 1 : 0;
        }
        return different;
    }

    /** The words of a run, with spaces between. */
    String show(int from, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i < from + length; i++) {
            out.append(i == from ? "" : " ").append(text, words.start(i), words.end(i));
        }
        return out.toString();
    }

    private long word(int index) {
        long hash = 0;
        for (int i = words.start(index); i < words.end(index); i++) {
            hash = (hash + text.charAt(i) + 1) * WORD_BASE;
            hash ^= hash >>> 29;
        }
        return SeedStream.mix(hash);
    }

    private long power(int exponent) {
        if (powers.length <= exponent) {
            int known = powers.length;
            powers = Arrays.copyOf(powers, exponent + 1);
            for (int i = known; i <= exponent; i++) {
                powers[i] = powers[i - 1] * RUN_BASE;
            }
        }
        return powers[exponent];
    }
}
