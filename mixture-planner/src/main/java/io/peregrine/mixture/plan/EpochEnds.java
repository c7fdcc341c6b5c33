package io.peregrine.mixture.plan;

import io.peregrine.mixture.MixturePlan;
import java.util.OptionalInt;

/** When a stream is exhausted: the blocks in which one of its epochs ends. */
public final class EpochEnds {
    private EpochEnds() {}

    /**
     * The next block in which an epoch of the stream ends.
     *
     * @param plan the plan
     * @param stream index of the stream
     * @param from the first block to look at
     * @return nothing if no epoch ends in the rest of the plan
     */
    public static OptionalInt next(MixturePlan plan, int stream, int from) {
        long sequences = plan.streams().get(stream).sequences();
        if (from >= plan.counts().blocks()) {
            return OptionalInt.empty();
        }
        long end = (plan.counts().start(from, stream) / sequences + 1) * sequences;
        for (int block = from; block < plan.counts().blocks(); block++) {
            if (plan.counts().start(block + 1, stream) >= end) {
                return OptionalInt.of(block);
            }
        }
        return OptionalInt.empty();
    }
}
