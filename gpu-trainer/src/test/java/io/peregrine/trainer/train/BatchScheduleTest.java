package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BatchScheduleTest {
    @Test
    void withoutARampEveryStepIsFull() {
        BatchSchedule schedule = new BatchSchedule(32, BatchRampConfig.DEFAULTS, 8, 64);
        assertThat(schedule.sequences(1)).isEqualTo(32);
        assertThat(schedule.sequencesUpTo(0)).isZero();
        assertThat(schedule.sequencesUpTo(7)).isEqualTo(224);
        assertThat(schedule.learningRateFactor(3)).isEqualTo(1.0);
        assertThat(schedule.stepsWithin(97)).isEqualTo(3);
        assertThat(schedule.stepsToReach(97)).isEqualTo(4);
        assertThat(schedule.stepsToReach(96)).isEqualTo(3);
    }

    @Test
    void theBatchGrowsInProportionToTheTokensSeen() {
        // 8 sequences at first; after 640 tokens, 64 sequences of 10, all 32
        BatchSchedule schedule = new BatchSchedule(32, new BatchRampConfig(8, 640), 8, 10);
        int[] sizes = new int[7];
        for (int step = 1; step <= sizes.length; step++) {
            sizes[step - 1] = schedule.sequences(step);
        }
        assertThat(sizes).containsExactly(8, 8, 8, 16, 16, 24, 32);
        assertThat(schedule.sequencesUpTo(6)).isEqualTo(80);
        assertThat(schedule.sequencesUpTo(8)).isEqualTo(144);
        assertThat(schedule.learningRateFactor(1)).isEqualTo(0.5);
        assertThat(schedule.learningRateFactor(4)).isCloseTo(Math.sqrt(0.5), within(1e-15));
    }

    @Test
    void stepsAreCountedInsideTheRampAndBehindIt() {
        BatchSchedule schedule = new BatchSchedule(32, new BatchRampConfig(8, 640), 8, 10);
        for (long sequences = 0; sequences < 200; sequences++) {
            long within = schedule.stepsWithin(sequences);
            assertThat(schedule.sequencesUpTo(within)).isLessThanOrEqualTo(sequences);
            assertThat(schedule.sequencesUpTo(within + 1)).isGreaterThan(sequences);
            long reached = schedule.stepsToReach(sequences);
            assertThat(schedule.sequencesUpTo(reached)).isGreaterThanOrEqualTo(sequences);
            assertThat(reached - within).isBetween(0L, 1L);
        }
    }
}
