package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/**
 * A layer of the order SAM: one norm that feeds all three parts side by side.
 *
 * <pre>
 * n = rms(h); out = h + mamba(n) + attention(n) + feedForward(n)
 * </pre>
 */
final class ParallelBlock extends Block {
    ParallelBlock(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        super(config, parameters, ops, layer);
    }

    @Override
    Tensor mix(Tensor h, PackedBatch batch, Activations kept, Optional<DecodeState.Layer> memory, Tensor mid) {
        Tensor n = kept.cheap("n", batch.rows(), hidden);
        ops.norm().rms(h, inputNorm.value(), epsilon, n);
        mamba.forward(n, batch, kept, memory, h, mid);
        attention.forward(n, batch, kept, memory, mid);
        return n;
    }

    @Override
    void backward(Tensor h, PackedBatch batch, Activations kept, Buffers scratch, Tensor dh) {
        Tensor n = kept.cheap("n", batch.rows(), hidden);
        Tensor dMixed = scratch.get("dnormed", batch.rows(), hidden);
        Tensor dFed = scratch.get("dfed", batch.rows(), hidden);
        if (kept.remakesCheap()) {
            ops.norm().rms(h, inputNorm.value(), epsilon, n);
        }
        feedForward.backward(n, kept, scratch, dh, dFed);
        mamba.backward(n, batch, kept, scratch, dh, dMixed);
        attention.backward(n, batch, kept, scratch, dh, dMixed);
        // The norm's gradient is linear in that of its output, of which there are two parts.
        ops.norm().rmsBackward(h, inputNorm.value(), epsilon, dFed, dh, inputNorm.gradient());
        ops.norm().rmsBackward(h, inputNorm.value(), epsilon, dMixed, dh, inputNorm.gradient());
    }

    @Override
    void step(Tensor h, DecodeState.Layer memory, Positions positions, Buffers scratch) {
        Tensor n = scratch.get("n", h.rows(), hidden);

        Tensor gated = feedForward.gated(h, inputNorm.value(), epsilon, n, scratch);
        stepSideBySide(h, n, memory, positions, scratch);
        feedForward.add(gated, h);
    }
}
