package io.peregrine.data.bench;

import io.peregrine.data.seed.SeedStream;
import java.util.List;

/**
 * Any number of documents from a few: copies of the originals, one after the other and round and round, each with so many
 * of its words replaced by words of other originals that no two are near duplicates; and, for a share of the documents, the
 * copy before once more with one word in a hundred replaced. However many there are, a cluster is as large and duplicates
 * are as frequent. Equal seeds give equal documents. For one thread.
 */
public final class PerturbedCopies {
    /** Of five consecutive words all are left with probability 0.17, in both of two copies with 0.03. */
    private static final double REPLACED_SHARE = 0.3;

    private static final double REPLACED_SHARE_NEAR = 0.01;

    private final List<String[]> originals;
    private final double nearShare;
    private final SeedStream random;
    private String[] copy = {};
    private long made;

    /**
     * @param originals at least one text
     * @param nearShare how many of the documents are near duplicates of the one before, 0..1; with 1 all are of the first
     * @param seed decides every word
     */
    public PerturbedCopies(List<String> originals, double nearShare, long seed) {
        if (originals.isEmpty()) {
            throw new IllegalArgumentException("no originals");
        }
        if (!(nearShare >= 0 && nearShare <= 1)) {
            throw new IllegalArgumentException("share of near duplicates must be 0 to 1, is " + nearShare);
        }
        this.originals = originals.stream().map(text -> text.split(" ", -1)).toList();
        this.nearShare = nearShare;
        this.random = SeedStream.of(seed);
    }

    /** The next document. */
    public String next() {
        if (made > 0 && random.nextDouble() < nearShare) {
            String[] near = copy.clone();
            int count = Math.max(1, (int) Math.round(REPLACED_SHARE_NEAR * near.length));
            for (int i = 0; i < count; i++) {
                near[random.nextInt(near.length)] = otherWord();
            }
            made++;
            return String.join(" ", near);
        }
        copy = originals.get((int) (made++ % originals.size())).clone();
        for (int i = 0; i < copy.length; i++) {
            if (random.nextDouble() < REPLACED_SHARE) {
                copy[i] = otherWord();
            }
        }
        return String.join(" ", copy);
    }

    private String otherWord() {
        String[] text = originals.get(random.nextInt(originals.size()));
        return text[random.nextInt(text.length)];
    }
}
