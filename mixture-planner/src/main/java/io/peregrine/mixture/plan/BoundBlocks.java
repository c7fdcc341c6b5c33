package io.peregrine.mixture.plan;

import io.peregrine.mixture.BlockRange;
import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.MixturePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks in which a cap keeps a stream below the share asked for: for people to read; nothing is decided by it.
 *
 * @param blocks the blocks, one after the other
 * @param askedPpb share of the tokens asked for in their mean, parts per billion
 * @param plannedPpb share planned
 */
public record BoundBlocks(BlockRange blocks, long askedPpb, long plannedPpb) {
    /** Shares go from tokens to sequences and back, rounded each time; what is smaller is no cap. */
    private static final int ROUNDING_PPB = 1_000;

    /**
     * Where caps bind.
     *
     * @param plan the plan
     * @param asked shares of the tokens asked for ({@link AskedShares})
     * @return a list for each of the plan's streams
     */
    public static List<List<BoundBlocks>> of(MixturePlan plan, BlockShares asked) {
        List<PackedStream> packed = PackedStream.of(plan);
        List<Open> open = new ArrayList<>();
        packed.forEach(stream -> open.add(new Open()));
        for (int block = 0; block < asked.blocks(); ) {
            int run = plan.shares().runEnd(block);
            List<Integer> planned = Shares.ofTokens(sharesOf(plan.shares(), block), packed);
            while (block < run) {
                int end = Math.min(asked.runEnd(block), run);
                for (int stream = 0; stream < packed.size(); stream++) {
                    open.get(stream).next(block, end, asked.ppb(block, stream), planned.get(stream));
                }
                block = end;
            }
        }
        return open.stream().map(Open::closed).toList();
    }

    private static List<Integer> sharesOf(BlockShares shares, int block) {
        List<Integer> ppb = new ArrayList<>();
        for (int stream = 0; stream < shares.streams(); stream++) {
            ppb.add(shares.ppb(block, stream));
        }
        return ppb;
    }

    /** The blocks of a stream found so far, and those that may go on. */
    private static final class Open {
        private final List<BoundBlocks> found = new ArrayList<>();
        private int from = -1;
        private int to;
        private long asked;
        private long planned;

        void next(int block, int end, long wants, long has) {
            if (has >= wants - ROUNDING_PPB) {
                close();
                return;
            }
            from = from < 0 ? block : from;
            to = end;
            asked += wants * (end - block);
            planned += has * (end - block);
        }

        private void close() {
            if (from >= 0) {
                found.add(new BoundBlocks(new BlockRange(from, to), asked / (to - from), planned / (to - from)));
            }
            from = -1;
            asked = 0;
            planned = 0;
        }

        List<BoundBlocks> closed() {
            close();
            return List.copyOf(found);
        }
    }
}
