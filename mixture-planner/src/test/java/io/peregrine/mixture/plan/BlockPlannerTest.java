package io.peregrine.mixture.plan;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.plan.TestSchedules.Rows;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockPlannerTest {
    private static final BigInteger PPB = BigInteger.valueOf(Shares.DENOMINATOR);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 65_536})
    void noStreamIsEverAWholeSequenceOff(int blockSize) {
        forAll(60, gen -> {
            int streams = gen.between(1, 2 + gen.size() / 3);
            WeightSchedule schedule =
                    TestSchedules.adversarial(gen, streams, 1 + gen.between(0, 3 * gen.size()), blockSize);
            assertWithinOne(schedule, BlockPlanner.plan(schedule));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 63, 64, 65, 1000, 12_345})
    void constantWeightsWithAShortLastBlockStayWithinOne(long total) {
        forAll(30, gen -> {
            List<Integer> shares = TestSchedules.shares(gen, gen.between(1, 40));
            WeightSchedule schedule = WeightSchedule.constant(shares, total, 64);
            BlockCounts counts = BlockPlanner.plan(schedule);
            assertThat(counts.total()).isEqualTo(total);
            assertWithinOne(schedule, counts);
        });
    }

    /**
     * Largest remainder gives the first block to any of the four; a planner that does not look ahead can then owe two
     * streams a sequence in the one place of block 2.
     */
    @Test
    void looksAheadWhereLargestRemainderBecomesInfeasible() {
        int third = 333_333_333;
        WeightSchedule schedule = new Rows(
                List.of(
                        List.of(250_000_000, 250_000_000, 250_000_000, 250_000_000),
                        List.of(0, third, third, third + 1),
                        List.of(0, 0, 500_000_000, 500_000_000)),
                1);
        BlockCounts counts = BlockPlanner.plan(schedule);
        assertWithinOne(schedule, counts);
        assertThat(counts.total(2)).as("due by the last block").isEqualTo(1);
        assertThat(counts.total(3)).as("due by the last block").isEqualTo(1);
    }

    @Test
    void equalWeightsTakeTurns() {
        BlockCounts counts = BlockPlanner.plan(WeightSchedule.constant(List.of(500_000_000, 500_000_000), 6, 1));
        assertThat(counts.toArray()).isDeepEqualTo(new int[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {0, 1}});
    }

    @Test
    void sharesThatDoNotSumToAWholeAreRefused() {
        WeightSchedule schedule = new Rows(List.of(List.of(500_000_000, 499_999_999)), 1);
        assertThatThrownBy(() -> BlockPlanner.plan(schedule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("block 0: shares sum to 999999999 ppb, must be 1000000000");
    }

    /** Recomputes every target with big integers and compares without any rounding. */
    private static void assertWithinOne(WeightSchedule schedule, BlockCounts counts) {
        BigInteger[] target = new BigInteger[schedule.streams()];
        java.util.Arrays.fill(target, BigInteger.ZERO);
        for (int block = 0; block < schedule.blocks(); block++) {
            assertThat(counts.size(block)).isEqualTo(schedule.size(block));
            for (int stream = 0; stream < target.length; stream++) {
                target[stream] = target[stream].add(BigInteger.valueOf(schedule.sharePpb(block, stream))
                        .multiply(BigInteger.valueOf(schedule.size(block))));
                BigInteger given =
                        BigInteger.valueOf(counts.start(block + 1, stream)).multiply(PPB);
                assertThat(given.subtract(target[stream]).abs())
                        .as("block %d, stream %d, in billionths", block, stream)
                        .isLessThan(PPB);
            }
        }
    }
}
