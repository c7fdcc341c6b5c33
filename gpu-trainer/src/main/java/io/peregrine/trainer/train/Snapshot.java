package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.OptionalLong;

/**
 * Copies in host memory of what is in a checkpoint, so that training can go on while they are written. The memory is taken
 * once, before the first step: a machine that has too little of it says so then, and a checkpoint costs the copy alone.
 *
 * <p>Thread: one at a time.
 */
public final class Snapshot {
    private final TrainedTensors copies;

    private Snapshot(TrainedTensors copies) {
        this.copies = copies;
    }

    /**
     * Takes the memory.
     *
     * @param tensors to be copied, now or later
     * @param ops they are of, which the memory is of too
     * @throws ConfigException if there is not enough
     */
    public static Snapshot of(TrainedTensors tensors, Ops ops) {
        return of(tensors, ops, HostMemory.available());
    }

    /** @param available bytes of the host's memory that may be taken, if that is known */
    static Snapshot of(TrainedTensors tensors, Ops ops, OptionalLong available) {
        tensors.weights().forEach(Snapshot::requireHostSize);
        if (available.isPresent() && tensors.bytes() > available.getAsLong()) {
            throw tooLittle(tensors, "this machine has %,d MiB left; free some".formatted(available.getAsLong() >> 20));
        }
        try {
            return new Snapshot(tensors.map(ops::allocateOnHost));
        } catch (OutOfMemoryError e) {
            throw tooLittle(
                    tensors,
                    "this process may have %,d MiB; raise PEREGRINE_MEMORY (of an executor spark.executor.memory)"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20));
        }
    }

    /** A host tensor lies in one buffer; moments are as large as the weights they are of. */
    private static void requireHostSize(String name, Tensor weight) {
        if (weight.bytes() > Integer.MAX_VALUE) {
            throw new ConfigException(
                    "train.checkpoints.background: %s of shape %s takes %,d bytes, and a copy may have at most %,d; set it to false"
                            .formatted(name, weight.shape(), weight.bytes(), Integer.MAX_VALUE));
        }
    }

    private static ConfigException tooLittle(TrainedTensors tensors, String why) {
        return new ConfigException(
                "train.checkpoints.background: a copy of the weights and moments takes %,d MiB of host memory, and %s, or set it to false"
                        .formatted(tensors.bytes() >> 20, why));
    }

    /**
     * The tensors as they are now.
     *
     * @param tensors of the names and shapes that the memory was taken for
     * @return copies that stay as they are until the next are taken
     */
    public TrainedTensors take(TrainedTensors tensors) {
        tensors.copyTo(copies);
        return copies;
    }
}
