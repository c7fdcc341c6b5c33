package io.peregrine.data.dedup;

import java.util.Arrays;
import java.util.Optional;

/**
 * Computes signatures: for each of the random permutations of the 64-bit hashes of a document's shingles, the smallest.
 *
 * <p>A shingle is some consecutive words of the simplified text, joined by one space, hashed as UTF-8. Permutation k takes
 * hash h to ((h a_k + b_k) mod 2^64) mod (2^61 - 1). For the same words the signature is that of datatrove, hash by hash;
 * words are those of {@link io.peregrine.data.text.Words}.
 *
 * <p>For one thread: it keeps buffers. Documents in batches, and other devices: {@link SignatureBatch}.
 */
public final class MinHash {
    private final Shingler shingler;
    private final MinimaKernel kernel;
    private final int[] end = new int[1];

    /** In plain Java, with the default shape. */
    public MinHash() {
        this(MinHashConfig.DEFAULTS);
    }

    /** In plain Java, whatever device the settings name. */
    public MinHash(MinHashConfig config) {
        shingler = new Shingler(config.shingleWords(), config.hash());
        kernel = new JavaMinima(new Coefficients(config.coefficientSeed(), config.hashes()));
    }

    /** The signature of a text, or nothing if it has fewer words than a shingle. */
    public Optional<Signature> signature(String text) {
        shingler.read(text);
        if (shingler.count() == 0) {
            return Optional.empty();
        }
        long[] minima = new long[kernel.permutations()];
        end[0] = shingler.count();
        kernel.minima(shingler.hashes(), end, 1, minima);
        return Optional.of(new Signature(minima));
    }

    /** The shingle hashes of a text in order, repeated ones included. */
    public long[] shingles(String text) {
        shingler.read(text);
        return Arrays.copyOf(shingler.hashes(), shingler.count());
    }
}
