package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.plan.PlanningOps;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private final Tensor weight = Tensor.zeros(DType.F32, Shape.of(512, 1024));
    private final Tensor moment = Tensor.zeros(DType.F64, Shape.of(3));
    private final TrainedTensors trained = new TrainedTensors(Map.of("w", weight), Map.of("m", moment));

    @Test
    void eachTakesTheNumbersOfItsTimeInTheSameMemory() {
        try (Ops ops = new ReferenceOps(DType.F32)) {
            Snapshot snapshot = Snapshot.of(trained, ops);
            weight.set(511, 1023, 7);
            moment.set(0, 2, 0.1); // no float
            TrainedTensors first = snapshot.take(trained);
            weight.set(511, 1023, 8);
            assertThat(first.weights().get("w").get(511, 1023)).isEqualTo(7);
            assertThat(first.moments().get("m").get(0, 2)).isEqualTo(0.1);
            TrainedTensors second = snapshot.take(trained);
            assertThat(second.weights().get("w"))
                    .isSameAs(first.weights().get("w"))
                    .satisfies(copy -> assertThat(copy.get(511, 1023)).isEqualTo(8));
        }
    }

    @Test
    void aMachineWithTooLittleMemoryIsNotTriedOut() {
        try (Ops ops = new ReferenceOps(DType.F32)) {
            assertThat(Snapshot.of(trained, ops, OptionalLong.of(trained.bytes())))
                    .isNotNull();
            assertThatThrownBy(() -> Snapshot.of(trained, ops, OptionalLong.of(1 << 20)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "train.checkpoints.background: a copy of the weights and moments takes 2 MiB of host memory,"
                                    + " and this machine has 1 MiB left; free some, or set it to false");
        }
    }

    @Test
    void aTensorThatNoHostTensorCanHoldIsNamed() {
        try (Ops ops = new ReferenceOps(DType.F32)) {
            Tensor large = new PlanningOps(ops).allocateExact(Shape.of(1 << 18, 1 << 11));
            TrainedTensors tensors = new TrainedTensors(Map.of("lm_head.weight", large), Map.of());
            assertThatThrownBy(() -> Snapshot.of(tensors, ops, OptionalLong.of(Long.MAX_VALUE)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "train.checkpoints.background: lm_head.weight of shape [262144, 2048] takes 2,147,483,648"
                                    + " bytes, and a copy may have at most 2,147,483,647; set it to false");
        }
    }

    @Test
    void whatIsAvailableIsLinuxsEstimateOrTheContainersLimit() {
        String meminfo =
                "MemTotal:       24689736 kB\nMemFree:        23571020 kB\nMemAvailable:   24104216 kB\nBuffers: 1 kB\n";
        assertThat(HostMemory.available(meminfo, Long.MAX_VALUE)).hasValue(24_104_216L * 1024);
        assertThat(HostMemory.available(meminfo, 1 << 30)).hasValue(1 << 30);
        assertThat(HostMemory.available("MemTotal: 24689736 kB\n", 1 << 30)).isEmpty();
        assertThat(HostMemory.available()).isPresent();
    }

    /** Memory that is really short would take the test's own process with it. */
    @Test
    void tooLittleMemoryIsSaidWithWhatIsNeededAndWhatToDo() {
        Ops full = (Ops) Proxy.newProxyInstance(
                Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (proxy, method, arguments) -> {
                    throw new OutOfMemoryError("Cannot reserve direct buffer memory");
                });
        assertThatThrownBy(() -> Snapshot.of(trained, full))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "train.checkpoints.background: a copy of the weights and moments takes 2 MiB of host memory,")
                .hasMessageEndingWith("or set it to false");
    }
}
