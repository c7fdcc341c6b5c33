package io.peregrine.data.quality;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.text.Words;
import java.util.Arrays;

/**
 * Features of a text: its word n-grams of every length up to a limit, each hashed into one of 2^bits buckets. The value of
 * a bucket is 1 + ln(how often it occurs), and the values of a text have length 1, so that long texts do not shout.
 *
 * <p>Words are those of {@link Words}, letters lower-cased one by one; the symbols of program code are words there too, so
 * one definition serves prose, code and mathematics. Thread: one at a time, for the buffers.
 */
final class HashedNgrams {
    private final int bits;
    private final int ngramWords;
    private final int charactersMax;
    private long[] words = new long[1024];
    private int[] buckets = new int[4096];

    /**
     * @param bits 2^bits buckets
     * @param ngramWords longest n-gram
     * @param charactersMax UTF-16 units of a text that are looked at, from its beginning
     */
    HashedNgrams(int bits, int ngramWords, int charactersMax) {
        this.bits = bits;
        this.ngramWords = ngramWords;
        this.charactersMax = charactersMax;
    }

    /** The features of a text; none for a text without words. */
    Features of(String text) {
        int count = hashWords(text);
        int found = 0;
        for (int n = 1; n <= ngramWords; n++) {
            for (int i = 0; i + n <= count; i++) {
                long hash = n;
                for (int j = i; j < i + n; j++) {
                    hash = SeedStream.mix(hash ^ words[j]);
                }
                if (found == buckets.length) {
                    buckets = Arrays.copyOf(buckets, 2 * found);
                }
                buckets[found++] = (int) (hash >>> (Long.SIZE - bits));
            }
        }
        Arrays.sort(buckets, 0, found);
        return counted(found);
    }

    private int hashWords(String text) {
        String head = text.length() <= charactersMax ? text : text.substring(0, charactersMax);
        Words cursor = new Words(head);
        int count = 0;
        while (cursor.next()) {
            long hash = 0;
            for (int i = cursor.start(); i < cursor.end(); i++) {
                hash = hash * 0x100000001B3L + Character.toLowerCase(head.charAt(i));
            }
            if (count == words.length) {
                words = Arrays.copyOf(words, 2 * count);
            }
            words[count++] = SeedStream.mix(hash);
        }
        return count;
    }

    private Features counted(int found) {
        int distinct = 0;
        for (int i = 0; i < found; i++) {
            distinct += i == 0 || buckets[i] != buckets[i - 1] ? 1 : 0;
        }
        int[] own = new int[distinct];
        float[] values = new float[distinct];
        double squares = 0;
        int at = 0;
        for (int i = 0; i < found; ) {
            int end = i;
            while (end < found && buckets[end] == buckets[i]) {
                end++;
            }
            double value = 1 + Math.log(end - i);
            own[at] = buckets[i];
            values[at++] = (float) value;
            squares += value * value;
            i = end;
        }
        float scale = (float) (1 / Math.sqrt(Math.max(squares, 1)));
        for (int i = 0; i < distinct; i++) {
            values[i] *= scale;
        }
        return new Features(own, values);
    }
}
