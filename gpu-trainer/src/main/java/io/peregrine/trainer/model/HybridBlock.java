package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/**
 * A layer of the released models, of the order SA_M: a norm that feeds the state-space mixer and attention side by side, then a norm and a feed-forward part.
 *
 * <pre>
 * n   = rms(h);   mid = h + mamba(n) + attention(n)
 * m   = rms(mid); out = mid + feedForward(m)
 * </pre>
 */
final class HybridBlock extends Block {
    private final Parameter preFeedForwardNorm;

    HybridBlock(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        super(config, parameters, ops, layer);
        this.preFeedForwardNorm = parameters.get(prefix(layer) + "pre_ff_layernorm.weight");
    }

    @Override
    Tensor mix(Tensor h, PackedBatch batch, Activations kept, Optional<DecodeState.Layer> memory, Tensor mid) {
        Tensor n = kept.cheap("n", batch.rows(), hidden);
        Tensor m = kept.cheap("m", batch.rows(), hidden);

        ops.norm().rms(h, inputNorm.value(), epsilon, n);
        mamba.forward(n, batch, kept, memory, h, mid);
        attention.forward(n, batch, kept, memory, mid);
        ops.norm().rms(mid, preFeedForwardNorm.value(), epsilon, m);
        return m;
    }

    @Override
    void backward(Tensor h, PackedBatch batch, Activations kept, Buffers scratch, Tensor dh) {
        Tensor n = kept.cheap("n", batch.rows(), hidden);
        Tensor mid = kept.get("mid", batch.rows(), hidden);
        Tensor m = kept.cheap("m", batch.rows(), hidden);
        Tensor dNormed = scratch.get("dnormed", batch.rows(), hidden);

        if (kept.remakesCheap()) {
            ops.norm().rms(h, inputNorm.value(), epsilon, n);
            ops.norm().rms(mid, preFeedForwardNorm.value(), epsilon, m);
        }

        feedForward.backward(m, kept, scratch, dh, dNormed);
        Parameter preNorm = preFeedForwardNorm;
        ops.norm().rmsBackward(mid, preNorm.value(), epsilon, dNormed, dh, preNorm.gradient());

        mamba.backward(n, batch, kept, scratch, dh, dNormed);
        attention.backward(n, batch, kept, scratch, dh, dNormed);
        ops.norm().rmsBackward(h, inputNorm.value(), epsilon, dNormed, dh, inputNorm.gradient());
    }

    @Override
    Optional<DecodeOps.LayerStep> layerStep(int sequences, DecodeState.Layer memory, Buffers scratch) {
        if (!mamba.isPlain() || !attention.isPlain() || !feedForward.isPlain()) {
            return Optional.empty();
        }
        Tensor p = scratch.get("mamba.p", sequences, mamba.projectionRows());
        Tensor qkv = scratch.get("attention.qkv", sequences, attention.qkvWidth());
        DecodeOps.MixerStep mixed = mamba.step(p, memory, scratch);
        DecodeOps.AttentionStep attended = attention.step(qkv, memory, scratch);
        return Optional.of(new DecodeOps.LayerStep(
                inputNorm.value(),
                mamba.projection(p),
                attention.projection(qkv),
                mixed,
                attended,
                mamba.output(mixed.out()),
                attention.output(attended.out()),
                preFeedForwardNorm.value(),
                feedForward.gateUpWeight(),
                feedForward.gateScale(),
                feedForward.output(sequences, scratch)));
    }

    @Override
    void step(Tensor h, DecodeState.Layer memory, Positions positions, Buffers scratch) {
        Tensor n = scratch.get("n", h.rows(), hidden);

        stepSideBySide(h, n, memory, positions, scratch);

        feedForward.add(feedForward.gated(h, preFeedForwardNorm.value(), epsilon, n, scratch), h);
    }
}
