package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepClockTest {
    private long now = 1_000_000_007L;
    private final StepClock clock = new StepClock(() -> now);

    private void pass(double seconds) {
        now += Math.round(seconds * 1e9);
    }

    @Test
    void aStepTakesWhatPassesSinceTheOneBeforeAndWaitsForItsBatch() {
        pass(1);
        String batch = clock.waitFor(() -> {
            pass(2);
            return "batch";
        });
        pass(4);
        assertThat(batch).isEqualTo("batch");
        assertThat(clock.lap()).isEqualTo(new StepClock.Lap(7, 2));
        pass(0.5); // metrics and the live line
        clock.waitFor(() -> "ready");
        pass(4);
        assertThat(clock.lap()).isEqualTo(new StepClock.Lap(4.5, 0));
    }

    @Test
    void whatIsMeasuredAndSavedBetweenStepsIsOfNone() {
        clock.lap();
        clock.apart(() -> pass(100));
        pass(3);
        assertThat(clock.lap()).isEqualTo(new StepClock.Lap(3, 0));
    }
}
