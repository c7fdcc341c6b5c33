package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.OptimizerFile;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
    @TempDir
    Path folder;

    private final Tensor weights = Tensor.zeros(DType.F32, Shape.of(3, 5));
    private final Tensor moments = Tensor.zeros(DType.F32, Shape.of(2));
    private final TrainedTensors tensors = new TrainedTensors(Map.of("w", weights), Map.of("m", moments));

    private static RunState state(long step) {
        return new RunState(step, 0, 0, 1, "plan", "config", RunState.NOT_VALIDATED, CodeVersion.CURRENT);
    }

    private static void write(TrainedTensors written, Path target) throws IOException {
        OptimizerFile.write(target, written.weights());
        Files.writeString(
                target.resolve("moment"),
                Double.toString(written.moments().get("m").get(0, 1)));
    }

    private Optional<Snapshot> snapshot() {
        try (Ops ops = new ReferenceOps(DType.F32)) {
            return Optional.of(Snapshot.of(tensors, ops));
        }
    }

    private static String moment(Checkpoint checkpoint) throws IOException {
        return Files.readString(checkpoint.folder().resolve("moment"));
    }

    @Test
    void writesWhatTheTensorsWereThen() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Checkpoints checkpoints = new Checkpoints(folder.resolve("background"));
        weights.set(1, 2, 7);
        moments.set(0, 1, 0.5);
        try (CheckpointWriter writer = new CheckpointWriter(checkpoints, snapshot())) {
            assertThat(writer.write(
                            state(1),
                            tensors,
                            (written, target) -> {
                                await(go);
                                write(written, target);
                            },
                            () -> order.add("on disk")))
                    .isEmpty();
            // training goes on
            weights.set(1, 2, 8);
            moments.set(0, 1, 0.75);
            order.add("next step");
            assertThat(checkpoints.latest()).isEmpty();
            assertThat(writer.ended()).isEmpty();
            go.countDown();
            CheckpointReport report = writer.finish().orElseThrow();
            assertThat(report.step()).isEqualTo(1);
            assertThat(report.writeSeconds()).isPositive();
            assertThat(order).containsExactly("next step", "on disk");
            assertThat(writer.finish()).isEmpty();

            assertThat(writer.write(state(2), tensors, CheckpointWriterTest::write, () -> {}))
                    .isEmpty();
            assertThat(writer.write(state(3), tensors, CheckpointWriterTest::write, () -> {}))
                    .map(CheckpointReport::step)
                    .hasValue(2L);
        }
        assertThat(checkpoints.all())
                .extracting(checkpoint -> checkpoint.state().step())
                .containsExactly(1L, 2L, 3L);
        assertThat(moment(checkpoints.all().get(0))).isEqualTo("0.5");
        assertThat(moment(checkpoints.all().get(1))).isEqualTo("0.75");

        Checkpoints inPlace = new Checkpoints(folder.resolve("in-place"));
        try (CheckpointWriter writer = new CheckpointWriter(inPlace, Optional.empty())) {
            assertThat(writer.write(state(3), tensors, CheckpointWriterTest::write, () -> {}))
                    .isPresent();
        }
        assertThat(inPlace.latest().orElseThrow().folder().resolve(OptimizerFile.FILE_NAME))
                .hasSameBinaryContentAs(
                        checkpoints.latest().orElseThrow().folder().resolve(OptimizerFile.FILE_NAME));
    }

    @Test
    void aWriteThatFailsIsToldAtTheNextAndLeavesNothing() {
        Checkpoints checkpoints = new Checkpoints(folder);
        try (CheckpointWriter writer = new CheckpointWriter(checkpoints, snapshot())) {
            writer.write(state(1), tensors, CheckpointWriterTest::write, () -> {});
            writer.write(
                    state(2),
                    tensors,
                    (written, target) -> {
                        write(written, target);
                        throw new IOException("No space left on device");
                    },
                    () -> {
                        throw new AssertionError("is not on disk");
                    });
            assertThatThrownBy(() -> writer.write(state(3), tensors, CheckpointWriterTest::write, () -> {}))
                    .hasMessageStartingWith("cannot write checkpoint ")
                    .hasStackTraceContaining("No space left on device");
        }
        assertThat(checkpoints.latest().orElseThrow().state().step()).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
