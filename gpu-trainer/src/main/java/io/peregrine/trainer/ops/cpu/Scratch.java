package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.FloatTensor;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Memory of one thread, by slot, used again by every task that runs on it. */
final class Scratch {
    /**
     * Floats outside the heap.
     *
     * @param buffer to copy to and from arrays
     * @param address for {@link Blas}
     */
    record Native(FloatBuffer buffer, long address) {}

    private final List<float[]> arrays = new ArrayList<>();
    private final List<double[]> doubles = new ArrayList<>();
    private final List<Native> natives = new ArrayList<>();
    private final Blas blas = new Blas();

    /** Matrix products of this thread. */
    Blas blas() {
        return blas;
    }

    /** An array of at least {@code size} numbers. */
    float[] array(int slot, int size) {
        while (arrays.size() <= slot) {
            arrays.add(new float[0]);
        }
        if (arrays.get(slot).length < size) {
            arrays.set(slot, new float[size]);
        }
        return arrays.get(slot);
    }

    /** An array of at least {@code size} numbers in double. */
    double[] doubles(int slot, int size) {
        while (doubles.size() <= slot) {
            doubles.add(new double[0]);
        }
        if (doubles.get(slot).length < size) {
            doubles.set(slot, new double[size]);
        }
        return doubles.get(slot);
    }

    /** Memory outside the heap for at least {@code size} numbers. */
    Native outside(int slot, int size) {
        while (natives.size() <= slot) {
            natives.add(new Native(FloatBuffer.allocate(0), 0));
        }
        if (natives.get(slot).buffer().capacity() < size) {
            FloatTensor tensor = (FloatTensor) Tensor.zeros(DType.F32, Shape.of(size));
            natives.set(slot, new Native(tensor.memory(), Blas.address(tensor, 0, 0)));
        }
        return natives.get(slot);
    }
}
