package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What generation remembers of one sequence: keys and values of every token, the last inputs of the convolution and the
 * state of the scan, per layer.
 *
 * <p>Thread: one at a time. Made by {@link FalconH1Model#newDecodeState}, advanced by
 * {@link FalconH1Model#prefill} and {@link FalconH1Model#decode}.
 */
public final class DecodeState {
    /**
     * One layer's memory.
     *
     * @param keys after key multiplier and rotation, {@code (capacity, numKeyValueHeads * headDim)}
     * @param values {@code (capacity, numKeyValueHeads * headDim)}
     * @param window the last convolution inputs, oldest first, {@code (dConv, convChannels)}
     * @param state {@code (dSsm, dState)}
     */
    record Layer(Tensor keys, Tensor values, Tensor window, Tensor state) {}

    private final int capacity;
    private final List<Layer> layers = new ArrayList<>();
    private int length;

    DecodeState(FalconH1Config config, Ops ops, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity = %d: must be >= 1 token".formatted(capacity));
        }
        this.capacity = capacity;
        FalconH1Config.Mamba mamba = config.mamba();
        int keyValueWidth = config.attention().keyValueWidth();
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            layers.add(new Layer(
                    ops.allocate(Shape.of(capacity, keyValueWidth)),
                    ops.allocate(Shape.of(capacity, keyValueWidth)),
                    ops.allocate(Shape.of(mamba.dConv(), mamba.convChannels())),
                    ops.allocateExact(Shape.of(mamba.dSsm(), mamba.dState()))));
        }
    }

    /** Tokens decoded so far. */
    public int length() {
        return length;
    }

    /** Tokens that fit. */
    public int capacity() {
        return capacity;
    }

    /** Forgets everything. */
    public void reset() {
        length = 0;
        for (Layer layer : layers) {
            layer.window().fill(0);
            layer.state().fill(0);
        }
    }

    Layer layer(int index) {
        return layers.get(index);
    }

    void advance(int tokens) {
        length += tokens;
    }
}
