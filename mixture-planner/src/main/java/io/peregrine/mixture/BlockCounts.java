package io.peregrine.mixture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.peregrine.data.DataException;
import java.util.Arrays;

/**
 * How many sequences each stream gives to each block, {@code (blocks, streams)}.
 *
 * <p>In JSON: a list of blocks, each a list of counts in the order of the plan's streams.
 */
public final class BlockCounts {
    private final int streams;
    private final int[][] counts;
    private final long[][] starts;

    private BlockCounts(int streams, int[][] counts) {
        this.streams = streams;
        this.counts = counts;
        this.starts = new long[counts.length + 1][streams];
        for (int block = 0; block < counts.length; block++) {
            for (int stream = 0; stream < streams; stream++) {
                starts[block + 1][stream] = starts[block][stream] + counts[block][stream];
            }
        }
    }

    /** Counts {@code (blocks, streams)}; the arrays are copied. At least one block, and no count negative. */
    @JsonCreator
    public static BlockCounts of(int[][] counts) {
        if (counts.length == 0) {
            throw new DataException("a plan has at least one block");
        }
        int[][] copy = new int[counts.length][];
        for (int block = 0; block < counts.length; block++) {
            if (counts[block].length != counts[0].length
                    || Arrays.stream(counts[block]).anyMatch(c -> c < 0)) {
                throw new DataException("block %d of a plan has counts %s; expected %d counts >= 0"
                        .formatted(block, Arrays.toString(counts[block]), counts[0].length));
            }
            copy[block] = counts[block].clone();
        }
        return new BlockCounts(counts[0].length, copy);
    }

    public int blocks() {
        return counts.length;
    }

    public int streams() {
        return streams;
    }

    /** Sequences the stream gives to the block. */
    public int count(int block, int stream) {
        return counts[block][stream];
    }

    /** Sequences the stream has given to all blocks before this one; {@code block} may be {@link #blocks()}. */
    public long start(int block, int stream) {
        return starts[block][stream];
    }

    /** Sequences of a block. */
    public int size(int block) {
        return Arrays.stream(counts[block]).sum();
    }

    /** Sequences the stream gives to the whole plan. */
    public long total(int stream) {
        return starts[counts.length][stream];
    }

    /** Sequences of the whole plan. */
    public long total() {
        return Arrays.stream(starts[counts.length]).sum();
    }

    /** These counts up to a block, and others from it on. */
    public BlockCounts upTo(int block, BlockCounts then) {
        int[][] joined = new int[block + then.blocks()][];
        System.arraycopy(counts, 0, joined, 0, block);
        System.arraycopy(then.counts, 0, joined, block, then.blocks());
        return of(joined);
    }

    /** A copy of the counts, {@code (blocks, streams)}. */
    @JsonValue
    public int[][] toArray() {
        int[][] copy = new int[counts.length][];
        for (int block = 0; block < counts.length; block++) {
            copy[block] = counts[block].clone();
        }
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockCounts that && Arrays.deepEquals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(counts);
    }

    @Override
    public String toString() {
        return "%d blocks of %d streams".formatted(blocks(), streams);
    }
}
