package io.peregrine.data.tokenizer;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which documents of a stream the tokenizer is trained on, when there are more than the budget allows. Documents fall into
 * buckets by a hash of their ids; the first buckets that fit are taken. So the choice needs only the size of each bucket,
 * and is the same however the stream is stored.
 */
public final class TrainingSample {
    /** Bits of a document's hash that name its bucket: the sample is within 1/4096 of the stream of the budget. */
    public static final int BUCKET_BITS = 12;

    private TrainingSample() {}

    /**
     * How many buckets are taken, from bucket 0 on: as many as fit the budget, but at least up to the first that has text.
     *
     * @param bucketBytes bytes of text by bucket; buckets without text may be absent
     * @param budgetBytes most bytes taken, if one bucket alone is not more
     */
    public static int buckets(SortedMap<Integer, Long> bucketBytes, long budgetBytes) {
        long taken = 0;
        for (SortedMap.Entry<Integer, Long> bucket : new TreeMap<>(bucketBytes).entrySet()) {
            if (taken > 0 && taken + bucket.getValue() > budgetBytes) {
                return bucket.getKey();
            }
            taken += bucket.getValue();
        }
        return 1 << BUCKET_BITS;
    }
}
