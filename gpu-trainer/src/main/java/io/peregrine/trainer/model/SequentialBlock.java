package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A layer of the order S_A_M: three parts one after the other, each behind a norm of its own.
 *
 * <pre>
 * s   = h + mamba(rms(h))
 * mid = s + attention(rms(s))
 * out = mid + feedForward(rms(mid))
 * </pre>
 */
final class SequentialBlock extends Block {
    /** The norm that the other orders do not have. */
    static final String ATTENTION_NORM = "pre_attn_layernorm.weight";

    private final Parameter attentionNorm;
    private final Parameter preFeedForwardNorm;

    SequentialBlock(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        super(config, parameters, ops, layer);
        this.attentionNorm = parameters.get(prefix(layer) + ATTENTION_NORM);
        this.preFeedForwardNorm = parameters.get(prefix(layer) + "pre_ff_layernorm.weight");
    }

    @Override
    Tensor mix(Tensor h, PackedBatch batch, Activations kept, Optional<DecodeState.Layer> memory, Tensor mid) {
        Tensor n = kept.cheap("n", batch.rows(), hidden);
        Tensor s = kept.get("s", batch.rows(), hidden);
        Tensor a = kept.cheap("a", batch.rows(), hidden);
        Tensor m = kept.cheap("m", batch.rows(), hidden);

        rms(h, inputNorm, n);
        mamba.forward(n, batch, kept, memory, h, s);
        rms(s, attentionNorm, a);
        ops.copy(s, mid);
        attention.forward(a, batch, kept, memory, mid);
        rms(mid, preFeedForwardNorm, m);
        return m;
    }

    @Override
    void backward(Tensor h, PackedBatch batch, Activations kept, Buffers scratch, Tensor dh) {
        Tensor n = kept.cheap("n", batch.rows(), hidden);
        Tensor s = kept.get("s", batch.rows(), hidden);
        Tensor a = kept.cheap("a", batch.rows(), hidden);
        Tensor mid = kept.get("mid", batch.rows(), hidden);
        Tensor m = kept.cheap("m", batch.rows(), hidden);
        Tensor dNormed = scratch.get("dnormed", batch.rows(), hidden);

        if (kept.remakesCheap()) {
            rms(h, inputNorm, n);
            rms(s, attentionNorm, a);
            rms(mid, preFeedForwardNorm, m);
        }
        feedForward.backward(m, kept, scratch, dh, dNormed);
        rmsBackward(mid, preFeedForwardNorm, dNormed, dh);

        dNormed.fill(0); // attention adds to it
        attention.backward(a, batch, kept, scratch, dh, dNormed);
        rmsBackward(s, attentionNorm, dNormed, dh);

        mamba.backward(n, batch, kept, scratch, dh, dNormed);
        rmsBackward(h, inputNorm, dNormed, dh);
    }

    @Override
    void step(Tensor h, DecodeState.Layer memory, Positions positions, Buffers scratch) {
        int sequences = h.rows();
        Tensor n = scratch.get("n", sequences, hidden);
        Tensor p = scratch.get("mamba.p", sequences, mamba.projectionRows());
        Tensor qkv = scratch.get("attention.qkv", sequences, attention.qkvWidth());

        ops.decode().normed(h, inputNorm.value(), epsilon, n, List.of(mamba.projection(p)));
        DecodeOps.MixerStep mixed = mamba.step(p, memory, scratch);
        ops.decode().mixer(mixed, positions);
        ops.decode().add(List.of(mamba.output(mamba.gated(mixed, scratch))), h);
        mamba.addOutputBias(h);

        ops.decode().normed(h, attentionNorm.value(), epsilon, n, List.of(attention.projection(qkv)));
        DecodeOps.AttentionStep attended = attention.step(qkv, memory, scratch);
        ops.decode().attention(attended, positions);
        ops.decode().add(List.of(attention.output(attended.out())), h);
        attention.addOutputBias(h);

        feedForward.add(feedForward.gated(h, preFeedForwardNorm.value(), epsilon, n, scratch), h);
    }

    private void rms(Tensor x, Parameter gain, Tensor y) {
        ops.norm().rms(x, gain.value(), epsilon, y);
    }

    private void rmsBackward(Tensor x, Parameter gain, Tensor dy, Tensor dx) {
        ops.norm().rmsBackward(x, gain.value(), epsilon, dy, dx, gain.gradient());
    }
}
