package io.peregrine.mixture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.peregrine.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The share of each stream in each block, as runs of blocks with equal shares.
 *
 * <p>In JSON: the list of the runs.
 */
public final class BlockShares {
    /** Parts of a whole. */
    public static final int WHOLE_PPB = 1_000_000_000;

    private final List<Run> runs;
    private final int[] ends;

    /**
     * Blocks one after the other with the same shares.
     *
     * @param blocks how many, {@code > 0}
     * @param ppb share of each stream in parts per billion, each {@code >= 0}; together a whole
     */
    public record Run(int blocks, List<Integer> ppb) {
        public Run {
            ppb = List.copyOf(ppb);
            long sum = ppb.stream().mapToLong(Integer::longValue).sum();
            if (blocks <= 0 || sum != WHOLE_PPB || ppb.stream().anyMatch(share -> share < 0)) {
                throw new DataException(
                        "%d blocks with the shares %s: must be > 0 blocks, and shares >= 0 with the sum %d"
                                .formatted(blocks, ppb, WHOLE_PPB));
            }
        }
    }

    private BlockShares(List<Run> runs) {
        this.runs = runs;
        this.ends = new int[runs.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end = Math.addExact(end, runs.get(i).blocks());
            ends[i] = end;
        }
    }

    /** Runs of equally many streams, at least one; neighbours with equal shares become one run. */
    @JsonCreator
    public static BlockShares of(List<Run> runs) {
        if (runs.isEmpty()) {
            throw new DataException("the shares of a plan have at least one block");
        }
        List<Run> joined = new ArrayList<>();
        for (Run run : runs) {
            int last = joined.size() - 1;
            if (run.ppb().size() != runs.get(0).ppb().size()) {
                throw new DataException("shares of %d and of %d streams in one plan"
                        .formatted(runs.get(0).ppb().size(), run.ppb().size()));
            }
            if (last >= 0 && joined.get(last).ppb().equals(run.ppb())) {
                joined.set(last, new Run(Math.addExact(joined.get(last).blocks(), run.blocks()), run.ppb()));
            } else {
                joined.add(run);
            }
        }
        return new BlockShares(List.copyOf(joined));
    }

    /** The same shares in so many blocks. */
    public static BlockShares constant(List<Integer> ppb, int blocks) {
        return of(List.of(new Run(blocks, ppb)));
    }

    /** The shares of the blocks {@code from..blocks()-1}, numbered from 0. */
    public BlockShares from(int from) {
        List<Run> rest = new ArrayList<>();
        for (int block = from; block < blocks(); block = runEnd(block)) {
            rest.add(new Run(runEnd(block) - block, runs.get(runOf(block)).ppb()));
        }
        return of(rest);
    }

    /** The shares of the blocks {@code 0..to-1}. */
    public BlockShares before(int to) {
        List<Run> part = new ArrayList<>();
        for (int block = 0; block < to; block = runEnd(block)) {
            part.add(new Run(
                    Math.min(to, runEnd(block)) - block, runs.get(runOf(block)).ppb()));
        }
        return of(part);
    }

    /** These shares, and others in the blocks behind them. */
    public BlockShares then(BlockShares others) {
        List<Run> joined = new ArrayList<>(runs);
        joined.addAll(others.runs);
        return of(joined);
    }

    /** The runs, in the order of the blocks; neighbours differ. */
    @JsonValue
    public List<Run> runs() {
        return runs;
    }

    public int streams() {
        return runs.get(0).ppb().size();
    }

    public int blocks() {
        return ends[ends.length - 1];
    }

    /** Share of the stream in the block, parts per billion. */
    public int ppb(int block, int stream) {
        return runs.get(runOf(block)).ppb().get(stream);
    }

    /** The first block behind the run that the block is in. */
    public int runEnd(int block) {
        return ends[runOf(block)];
    }

    private int runOf(int block) {
        int at = Arrays.binarySearch(ends, block + 1);
        return at < 0 ? -at - 1 : at;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockShares that && runs.equals(that.runs);
    }

    @Override
    public int hashCode() {
        return runs.hashCode();
    }

    @Override
    public String toString() {
        return "%d blocks of %d streams in %d runs".formatted(blocks(), streams(), runs.size());
    }
}
