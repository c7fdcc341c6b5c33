package io.peregrine.data.language;

import java.io.IOException;

/**
 * How a fastText model was trained, as far as prediction depends on it.
 *
 * @param dimension length of a row of both matrices
 * @param wordGroups longest group of words; 1 for none
 * @param loss which probabilities the output rows stand for
 * @param bucket rows for groups of characters and words
 * @param shortestGroup of characters
 * @param longestGroup of characters; 0 for none
 */
record FastTextArgs(int dimension, int wordGroups, Loss loss, int bucket, int shortestGroup, int longestGroup) {
    private static final int MAGIC = 793712314;
    private static final int VERSION_WITHOUT_GROUPS = 11;
    private static final int VERSION = 12;
    private static final int SUPERVISED = 3;
    private static final int DIMENSION_MOST = 1 << 14;
    private static final int GROUP_MOST = 1 << 10;

    /** The training losses in the order of their numbers, 1 to 4. */
    enum Loss {
        HIERARCHICAL_SOFTMAX,
        NEGATIVE_SAMPLING,
        SOFTMAX,
        ONE_VS_ALL
    }

    static FastTextArgs read(FastTextFile file) throws IOException {
        int magic = file.readInt();
        if (magic != MAGIC) {
            throw file.broken("begins with %d and must begin with %d".formatted(magic, MAGIC));
        }
        int version = file.readInt();
        if (version != VERSION && version != VERSION_WITHOUT_GROUPS) {
            throw file.broken("version %d must be %d or %d".formatted(version, VERSION_WITHOUT_GROUPS, VERSION));
        }
        int dimension = file.readCount("dimension", DIMENSION_MOST);
        for (int skipped = 0; skipped < 4; skipped++) {
            file.readInt();
        }
        int wordGroups = file.readCount("wordNgrams", GROUP_MOST);
        int loss = file.readInt();
        if (loss < 1 || loss > Loss.values().length) {
            throw file.broken("loss %d must be 1 to %d".formatted(loss, Loss.values().length));
        }
        int model = file.readInt();
        if (model != SUPERVISED) {
            throw file.broken("model %d must be %d, supervised".formatted(model, SUPERVISED));
        }
        int bucket = file.readCount("bucket", Integer.MAX_VALUE);
        int shortest = file.readCount("minn", GROUP_MOST);
        int longest = file.readCount("maxn", GROUP_MOST);
        file.readInt();
        file.readDouble();
        if (dimension == 0 || (bucket == 0 && (wordGroups > 1 || longest > 0))) {
            throw file.broken("dimension %d and bucket %d must be above 0".formatted(dimension, bucket));
        }
        return new FastTextArgs(
                dimension,
                wordGroups,
                Loss.values()[loss - 1],
                bucket,
                shortest,
                version == VERSION_WITHOUT_GROUPS ? 0 : longest);
    }
}
