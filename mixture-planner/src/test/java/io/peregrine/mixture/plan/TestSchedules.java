package io.peregrine.mixture.plan;

import io.peregrine.data.testing.ForAll.Gen;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Schedules whose weights change from block to block. */
final class TestSchedules {
    private TestSchedules() {}

    /** One row of shares per block, all blocks of one size. */
    record Rows(List<List<Integer>> rows, int blockSize) implements WeightSchedule {
        @Override
        public int streams() {
            return rows.get(0).size();
        }

        @Override
        public int blocks() {
            return rows.size();
        }

        @Override
        public int size(int block) {
            return blockSize;
        }

        @Override
        public int sharePpb(int block, int stream) {
            return rows.get(block).get(stream);
        }
    }

    /** Weights drawn anew for each block, about half of them 0. */
    static WeightSchedule adversarial(Gen gen, int streams, int blocks, int blockSize) {
        List<List<Integer>> rows = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            rows.add(shares(gen, streams));
        }
        return new Rows(rows, blockSize);
    }

    /** Shares that sum to a billion, about half of them 0. */
    static List<Integer> shares(Gen gen, int streams) {
        List<BigInteger> scores = new ArrayList<>();
        boolean any = false;
        for (int stream = 0; stream < streams; stream++) {
            int score = gen.between(0, 1) == 0 ? 0 : gen.between(1, 1 << gen.between(0, 20));
            any |= score > 0;
            scores.add(BigInteger.valueOf(score));
        }
        if (!any) {
            scores.set(gen.between(0, streams - 1), BigInteger.ONE);
        }
        return Shares.quantize(scores);
    }
}
