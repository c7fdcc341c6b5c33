package io.peregrine.data.dedup;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.data.text.Words;
import java.io.Serializable;

/**
 * The shape of signatures. The default is that of FineWeb (arXiv:2406.17557, appendix E.1); signatures of runs that differ
 * in anything but the device cannot be compared.
 */
public record MinHashConfig(
        @Key(unit = "words", doc = "words of a shingle; documents with fewer are never near duplicates")
        int shingleWords,

        @Key(unit = "bands", doc = "bands b: documents that share one are compared")
        int bands,

        @Key(
                unit = "hashes",
                doc = "hashes r of a band: pairs of similarity s share a band with probability 1-(1-s^r)^b")
        int rows,

        @Key(doc = "hash of a shingle: xxh64 as FineWeb2, or sha1 as FineWeb's first version")
        ShingleHash hash,

        @Key(doc = "seed of the coefficients, drawn as numpy's RandomState does; 1 gives datatrove's")
        int coefficientSeed,

        @Key(doc = "where signatures are computed; they are the same everywhere, and a missing device is an error")
        MinHashDevice device)
        implements Serializable {
    public static final MinHashConfig DEFAULTS = new MinHashConfig(5, 14, 8, ShingleHash.XXH64, 1, MinHashDevice.JAVA);

    private static final int HASHES_MAX = 16_384;
    private static final int SHINGLE_WORDS_MAX = 1_000;

    public MinHashConfig {
        if (shingleWords < 1 || shingleWords > SHINGLE_WORDS_MAX) {
            throw new ConfigException("shingle-words", shingleWords, "must be 1 to " + SHINGLE_WORDS_MAX + " words");
        }
        if (bands < 1) {
            throw new ConfigException("bands", bands, "must be > 0 bands");
        }
        if (rows < 1 || (long) bands * rows > HASHES_MAX) {
            throw new ConfigException("rows", rows, "must be > 0 hashes, and bands x rows at most " + HASHES_MAX);
        }
    }

    /** Hashes of a signature. */
    public int hashes() {
        return bands * rows;
    }

    /** The probability that two documents of this Jaccard similarity share a band. */
    public double probabilityOfSharingABand(double similarity) {
        return 1 - Math.pow(1 - Math.pow(similarity, rows), bands);
    }

    /** All that decides the bits of a signature, in one line: signatures of equal shapes can be compared. */
    public String shape() {
        return "minhash %d x %d over %d-word shingles of %s, %s, coefficients %d"
                .formatted(bands, rows, shingleWords, Words.PROFILE, hash.key(), coefficientSeed);
    }
}
