package io.peregrine.trainer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.UserException;
import io.peregrine.trainer.cuda.CudaException;
import io.peregrine.trainer.cuda.CudaFailures;
import io.peregrine.trainer.train.MemoryPlan;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BusyDeviceTest {
    private final CudaException busy = CudaFailures.busy();
    private long now = Long.MAX_VALUE - 5; // as System.nanoTime may be
    private int tries;

    private void openFreeAfter(int failures, UserException failure) {
        BusyDevice device = new BusyDevice(it -> it == busy, () -> now, pause -> now += pause.toNanos());
        device.open(() -> {
            if (tries++ < failures) {
                throw failure;
            }
        });
    }

    @Test
    void isTriedAgainUntilItIsFree() {
        openFreeAfter(3, busy);
        assertThat(tries).isEqualTo(4);
    }

    @Test
    void isNotWaitedForMuchLongerThanHalfAMinute() {
        long began = now;
        assertThatThrownBy(() -> openFreeAfter(Integer.MAX_VALUE, busy)).isSameAs(busy);
        assertThat(Duration.ofNanos(now - began)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(32));
    }

    @Test
    void whatWaitingDoesNotMendIsToldAtOnce() {
        CudaException fatal = CudaFailures.fatal();
        assertThatThrownBy(() -> openFreeAfter(1, fatal)).isSameAs(fatal);
        assertThat(tries).isEqualTo(1);
    }

    @Test
    void tooLittleMemoryMayPassIfThereWasEnoughBefore() {
        ConfigException tooLarge = new ConfigException(MemoryPlan.KEY, 8, "needs 90 GiB");
        assertThat(BusyDevice.mayPass(tooLarge, true)).isTrue();
        assertThat(BusyDevice.mayPass(tooLarge, false)).isFalse();
        assertThat(BusyDevice.mayPass(new ConfigException("train.steps", 0, "must be > 0"), true))
                .isFalse();
        assertThat(BusyDevice.mayPass(busy, false)).isTrue();
        assertThat(BusyDevice.mayPass(CudaFailures.fatal(), true)).isFalse();
    }

    @Test
    void aTaskThatIsKilledWaitsNoLonger() {
        BusyDevice device = new BusyDevice(it -> true, () -> now, pause -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> device.open(() -> {
                    throw busy;
                }))
                .isSameAs(busy);
        assertThat(Thread.interrupted()).isTrue();
    }
}
