package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final int PENDING = 7;

    private long clock;
    private int asked;

    private Patience of(Duration most) {
        return new Patience(most, () -> clock, nanos -> clock += nanos);
    }

    /** Pending so many times, then done. */
    private int after(int times) {
        return asked++ < times ? PENDING : 0;
    }

    @Test
    void whatIsDoneIsAskedForOnce() {
        assertThat(of(Duration.ofSeconds(1)).await(() -> after(0), PENDING)).isZero();
        assertThat(asked).isOne();
        assertThat(clock).isZero();
    }

    @Test
    void whatTakesAWhileIsWaitedFor() {
        assertThat(of(Duration.ofSeconds(1)).await(() -> after(100), PENDING)).isZero();
        assertThat(asked).isEqualTo(101);
    }

    @Test
    void whatNeverComesIsGivenUpInTime() {
        assertThat(of(Duration.ofSeconds(1)).await(() -> PENDING, PENDING)).isEqualTo(PENDING);
        assertThat(Duration.ofNanos(clock)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1001));
    }

    @Test
    void anErrorIsNoReasonToWait() {
        assertThat(of(Duration.ofSeconds(1)).await(() -> 3, PENDING)).isEqualTo(3);
        assertThat(clock).isZero();
    }

    @Test
    void anInterruptedThreadDoesNotWait() {
        Thread.currentThread().interrupt();
        assertThat(of(Duration.ofSeconds(1)).await(() -> PENDING, PENDING)).isEqualTo(PENDING);
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(clock).isZero();
    }

    @Test
    void noneAtAllIsRefused() {
        assertThatThrownBy(() -> of(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("patience = PT0S: must be above 0");
    }
}
