package io.peregrine.trainer.export;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;

/**
 * What of the memory goes to shard files held, and what to sequences read ahead.
 *
 * <p>Where memory holds, of every stream, the files that its order reads from at a time, each file is read once per epoch
 * and there is nothing to be had from reading ahead. Where it does not, the streams would push out each other's files, and
 * holding them would gain nothing: then as many sequences as possible are read together, each file once for all of them.
 *
 * @param heldBytes for shard files; the one that is read is held in any case
 * @param aheadBytes for sequences read together
 */
record ReadMemory(long heldBytes, long aheadBytes) {
    private static final long AHEAD_BYTES = 1 << 20;
    private static final int HELD_SHARE = 2;
    private static final int AHEAD_SHARE = 4;

    /** What a sequence costs beside its tokens: objects, ends of documents. */
    private static final long SEQUENCE_OVERHEAD_BYTES = 256;

    /** Shares a memory out. */
    static ReadMemory of(MixturePlan plan, long memoryBytes) {
        long held = memoryBytes / HELD_SHARE;
        return openBytes(plan) <= held
                ? new ReadMemory(held, AHEAD_BYTES)
                : new ReadMemory(0, memoryBytes / AHEAD_SHARE);
    }

    /** Memory of all files that are read from at a time: of a stream those that a window and the next one reach into. */
    private static long openBytes(MixturePlan plan) {
        long sequenceBytes = (long) plan.sequenceLength() * plan.tokenBytes() + SEQUENCE_OVERHEAD_BYTES;
        long shardSequences = plan.shardSequences();
        long open = (plan.windowSequences() + shardSequences - 1) / shardSequences * shardSequences + shardSequences;
        return plan.streams().stream()
                .filter(PlannedStream::planned)
                .mapToLong(stream -> Math.min(stream.sequences(), open) * sequenceBytes)
                .sum();
    }
}
