package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.Map;
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
