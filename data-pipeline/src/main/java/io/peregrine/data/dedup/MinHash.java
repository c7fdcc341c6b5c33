package io.peregrine.data.dedup;

import io.peregrine.data.text.Words;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Computes signatures: for each of 112 random permutations of the 64-bit hashes of a document's shingles, the smallest.
 *
 * <p>A shingle is five consecutive words of the simplified text, joined by one space, hashed with XXH64 (seed 0) as UTF-8.
 * Permutation k takes hash h to ((h a_k + b_k) mod 2^64) mod (2^61 - 1). For the same words the signature is that of
 * datatrove, hash by hash; words are those of {@link Words}.
 *
 * <p>Thread-safe.
 */
public final class MinHash {
    /** Words per shingle. A document with fewer has no signature and is never a near duplicate. */
    public static final int SHINGLE_WORDS = 5;

    /** The Mersenne prime 2^61 - 1. */
    private static final long MODULUS = (1L << 61) - 1;

    /** The seed of the published coefficients. */
    private static final int COEFFICIENT_SEED = 1;

    private final long[] factors = new long[Signature.HASHES];
    private final long[] offsets = new long[Signature.HASHES];

    /** With the published coefficients: all factors are drawn first, from 1, then all offsets, from 0. */
    public MinHash() {
        MersenneTwister random = new MersenneTwister(COEFFICIENT_SEED);
        for (int k = 0; k < Signature.HASHES; k++) {
            factors[k] = 1 + random.drawUpTo(MODULUS - 2);
        }
        for (int k = 0; k < Signature.HASHES; k++) {
            offsets[k] = random.drawUpTo(MODULUS - 1);
        }
    }

    /** The signature of a text, or nothing if it has fewer than {@value #SHINGLE_WORDS} words. */
    public Optional<Signature> signature(String text) {
        String simple = SimplifiedText.of(text);
        Words words = new Words(simple);
        Shingles shingles = new Shingles(simple);
        long[] minima = new long[Signature.HASHES];
        Arrays.fill(minima, Long.MAX_VALUE);
        int count = 0;
        while (words.next()) {
            shingles.add(words.start(), words.end());
            if (++count >= SHINGLE_WORDS) {
                lower(minima, shingles.hash());
            }
        }
        return count < SHINGLE_WORDS ? Optional.empty() : Optional.of(new Signature(minima));
    }

    /** The value of one permutation. */
    long permute(long hash, int permutation) {
        return reduce(hash * factors[permutation] + offsets[permutation]);
    }

    long factor(int permutation) {
        return factors[permutation];
    }

    long offset(int permutation) {
        return offsets[permutation];
    }

    /** Takes each minimum down to the permuted hash; straight-line code, so that the compiler uses vectors. */
    private void lower(long[] minima, long hash) {
        for (int k = 0; k < Signature.HASHES; k++) {
            minima[k] = Math.min(minima[k], reduce(hash * factors[k] + offsets[k]));
        }
    }

    /** An unsigned number modulo 2^61 - 1, without division or branch: 2^61 is 1 there. */
    private static long reduce(long value) {
        long above = (value & MODULUS) + (value >>> 61) - MODULUS;
        return above + (MODULUS & above >> 63);
    }

    /** The last words read, as UTF-8 with single spaces between them. */
    private static final class Shingles {
        private final CharBuffer text;
        private final CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final int[] starts = new int[SHINGLE_WORDS];
        private ByteBuffer bytes = ByteBuffer.allocate(1024);
        private int words;

        Shingles(String text) {
            this.text = CharBuffer.wrap(text);
        }

        void add(int from, int to) {
            int room = (int) Math.min(Integer.MAX_VALUE - 8L, (to - from) * 3L + 1);
            if (bytes.remaining() < room) {
                makeRoom(room);
            }
            if (words > 0) {
                bytes.put((byte) ' ');
            }
            starts[words % SHINGLE_WORDS] = bytes.position();
            words++;
            encoder.reset();
            encoder.encode(text.limit(to).position(from), bytes, true);
            encoder.flush(bytes);
            text.clear();
        }

        /** Hash of the last five words. */
        long hash() {
            return XxHash64.hash(0, bytes.array(), starts[words % SHINGLE_WORDS], bytes.position());
        }

        /** Keeps the words that the next shingle needs, at the beginning of a buffer that is large enough. */
        private void makeRoom(int room) {
            int kept = words < SHINGLE_WORDS ? 0 : starts[words % SHINGLE_WORDS];
            int length = bytes.position() - kept;
            long needed = (long) length + room;
            byte[] array = bytes.array();
            byte[] target = needed * 2 > array.length ? new byte[(int) Math.min(needed * 4, 1 << 30)] : array;
            System.arraycopy(array, kept, target, 0, length);
            for (int i = 0; i < SHINGLE_WORDS; i++) {
                starts[i] -= kept;
            }
            bytes = ByteBuffer.wrap(target).position(length);
        }
    }
}
