package io.peregrine.data.dedup;

import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.text.Words;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Finds and cuts passages of at least w words that occur before: exact-substring deduplication (Lee et al.,
 * arXiv:2107.06499, section 4.1) without a suffix array of the corpus.
 *
 * <p>In two passes, both exact. First each text gives a few <em>seeds</em>, hashes of k = (w + 1) / 2 words chosen by
 * winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): the smallest hash of every w - k + 1 in a row. A passage of w
 * words has w - k + 1 such hashes, so two equal passages have a seed in common, at the same place: what has no repeated
 * seed has no repeated passage. Then, around repeated seeds only, every <em>window</em> of w words is named by 128 bits of
 * its SHA-256, as documents are. A window that occurred before, in the order of documents and then of words, is cut; the
 * union of cut windows is the union of all repeated passages of w words or more.
 *
 * <p>Words are those of {@link Words}, compared as they are written; white space between them does not count. The cost: of
 * a text without repetitions 2 / (w - k + 2) seeds a word, one in 13 or 14 for w = 50; of a repeated passage a window for
 * each word more. For one thread.
 */
public final class RepeatedSpans {
    private static final long BASE = 0x9E3779B97F4A7C15L;

    private final int wordsMin;
    private final int seedWords;
    private final MessageDigest sha256 = PayloadDigest.sha256();
    private int[] starts = new int[1024];
    private int[] ends = new int[1024];
    private int words;

    /** @param wordsMin w, words of the shortest passage */
    public RepeatedSpans(int wordsMin) {
        this.wordsMin = wordsMin;
        this.seedWords = (wordsMin + 1) / 2;
    }

    /** Receives seeds. */
    @FunctionalInterface
    public interface SeedSink {
        /** @param position number of its first word, from 0 */
        void seed(long hash, int position);
    }

    /** Receives windows. */
    @FunctionalInterface
    public interface WindowSink {
        /** @param position number of its first word, from 0 */
        void window(long high, long low, int position);
    }

    /**
     * What is left of a text.
     *
     * @param text the text without the cut passages and the white space after each
     * @param words how many words were cut
     */
    public record Rest(String text, int words) {}

    /** Gives the seeds of a text, in order. */
    public void seeds(String text, SeedSink sink) {
        split(text);
        int hashes = words - seedWords + 1;
        int row = wordsMin - seedWords + 1;
        if (words < wordsMin) {
            return;
        }
        long[] hash = rolling(text, hashes);
        // Positions whose hashes rise, the smallest of the row first; of equal ones the last stays.
        int[] rising = new int[hashes];
        int head = 0;
        int tail = 0;
        int given = -1;
        for (int i = 0; i < hashes; i++) {
            while (tail > head && hash[rising[tail - 1]] >= hash[i]) {
                tail--;
            }
            rising[tail++] = i;
            if (rising[head] <= i - row) {
                head++;
            }
            if (i >= row - 1 && rising[head] != given) {
                given = rising[head];
                sink.seed(hash[given], given);
            }
        }
    }

    /** Hashes of all runs of {@link #seedWords} words; equal runs have equal ones. */
    private long[] rolling(String text, int count) {
        long[] word = new long[words];
        for (int i = 0; i < words; i++) {
            long h = (long) ends[i] - starts[i];
            for (int at = starts[i]; at < ends[i]; at++) {
                h = (h ^ text.charAt(at)) * BASE;
                h ^= h >>> 29;
            }
            word[i] = SeedStream.mix(h);
        }
        long leaving = 1;
        for (int i = 0; i < seedWords; i++) {
            leaving *= BASE;
        }
        long[] hashes = new long[count];
        long sum = 0;
        for (int i = 0; i < words; i++) {
            sum = sum * BASE + word[i] - (i >= seedWords ? word[i - seedWords] * leaving : 0);
            if (i >= seedWords - 1) {
                hashes[i - seedWords + 1] = SeedStream.mix(sum);
            }
        }
        return hashes;
    }

    /**
     * Gives the windows that contain a seed, each once, in order.
     *
     * @param seeds positions of seeds of this text, in any order
     */
    public void windows(String text, int[] seeds, WindowSink sink) {
        split(text);
        int[] sorted = seeds.clone();
        Arrays.sort(sorted);
        int next = 0;
        for (int seed : sorted) {
            next = Math.max(next, seed + seedWords - wordsMin);
            for (; next <= Math.min(seed, words - wordsMin); next++) {
                ByteBuffer name = ByteBuffer.wrap(name(text, next));
                sink.window(name.getLong(0), name.getLong(Long.BYTES), next);
            }
        }
    }

    private byte[] name(String text, int position) {
        for (int i = position; i < position + wordsMin; i++) {
            sha256.update(text.substring(starts[i], ends[i]).getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) ' ');
        }
        return sha256.digest();
    }

    /**
     * Cuts windows.
     *
     * @param windows positions of the windows to cut, in any order
     */
    public Rest without(String text, int[] windows) {
        split(text);
        boolean[] cut = new boolean[words + 1];
        int[] sorted = windows.clone();
        Arrays.sort(sorted);
        int next = 0;
        for (int window : sorted) {
            for (next = Math.max(next, window); next < window + wordsMin; next++) {
                cut[next] = true;
            }
        }
        StringBuilder rest = new StringBuilder(text.length());
        int kept = 0;
        int gone = 0;
        for (int i = 0; i < words; ) {
            if (!cut[i]) {
                i++;
                continue;
            }
            rest.append(text, kept, starts[i]);
            int from = i;
            while (cut[i]) {
                i++;
            }
            gone += i - from;
            kept = i < words ? starts[i] : text.length();
        }
        rest.append(text, kept, text.length());
        boolean endIsGone = words > 0 && cut[words - 1];
        return new Rest(endIsGone ? rest.toString().stripTrailing() : rest.toString(), gone);
    }

    private void split(String text) {
        words = 0;
        for (Words rules = new Words(text); rules.next(); ) {
            if (words == starts.length) {
                starts = Arrays.copyOf(starts, 2 * words);
                ends = Arrays.copyOf(ends, 2 * words);
            }
            starts[words] = rules.start();
            ends[words++] = rules.end();
        }
    }
}
