package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A layer of the released models, of the order SA_M: a norm that feeds the state-space mixer and attention side by side, then a norm and a feed-forward part.
 *
 * <pre>
 * n   = rms(h);   mid = h + mamba(n) + attention(n)
 * m   = rms(mid); out = mid + feedForward(m)
 * </pre>
 */
final class HybridBlock implements Block {
    private final int hidden;
    private final double epsilon;
    private final Ops ops;

    private final Parameter inputNorm;
    private final MambaMixer mamba;
    private final Attention attention;
    private final Parameter preFeedForwardNorm;
    private final FeedForward feedForward;

    HybridBlock(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        this.hidden = config.hiddenSize();
        this.epsilon = config.rmsNormEps();
        this.ops = ops;
        String prefix = "model.layers." + layer + ".";
        this.inputNorm = parameters.get(prefix + "input_layernorm.weight");
        this.mamba = new MambaMixer(config, parameters, ops, layer);
        this.attention = new Attention(config, parameters, ops, layer);
        this.preFeedForwardNorm = parameters.get(prefix + "pre_ff_layernorm.weight");
        this.feedForward = new FeedForward(config, parameters, ops, layer);
    }

    @Override
    public void forward(Tensor h, PackedBatch batch, Activations kept, Optional<DecodeState.Layer> memory, Tensor out) {
        Tensor mid = kept.get("mid", batch.rows(), hidden);
        Tensor m = mix(h, batch, kept, memory, mid);
        feedForward.forward(m, kept, mid, out);
    }

    @Override
    public void remake(Tensor h, PackedBatch batch, Activations kept) {
        Tensor mid = kept.get("mid", batch.rows(), hidden);
        feedForward.remake(mix(h, batch, kept, Optional.empty(), mid), kept);
    }

    /** The block's first half, and the input of its second. */
    private Tensor mix(Tensor h, PackedBatch batch, Activations kept, Optional<DecodeState.Layer> memory, Tensor mid) {
        Tensor n = kept.cheap("n", batch.rows(), hidden);
        Tensor m = kept.cheap("m", batch.rows(), hidden);

        ops.norm().rms(h, inputNorm.value(), epsilon, n);
        mamba.forward(n, batch, kept, memory, h, mid);
        attention.forward(n, batch, kept, memory, mid);
        ops.norm().rms(mid, preFeedForwardNorm.value(), epsilon, m);
        return m;
    }

    @Override
    public void backward(Tensor h, PackedBatch batch, Activations kept, Buffers scratch, Tensor dh) {
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
    public MambaMixer mamba() {
        return mamba;
    }

    @Override
    public Attention attention() {
        return attention;
    }

    @Override
    public FeedForward feedForward() {
        return feedForward;
    }

    @Override
    public void step(Tensor h, DecodeState.Layer memory, Positions positions, Buffers scratch) {
        int sequences = h.rows();
        Tensor n = scratch.get("n", sequences, hidden);
        Tensor p = scratch.get("mamba.p", sequences, mamba.projectionRows());
        Tensor qkv = scratch.get("attention.qkv", sequences, attention.qkvWidth());

        ops.decode().normed(h, inputNorm.value(), epsilon, n, List.of(mamba.projection(p), attention.projection(qkv)));
        Tensor g = mamba.step(p, memory, positions, scratch);
        Tensor attended = attention.step(qkv, memory, positions, scratch);
        ops.decode().add(List.of(mamba.output(g), attention.output(attended)), h);
        mamba.addOutputBias(h);
        attention.addOutputBias(h);

        feedForward.add(feedForward.gated(h, preFeedForwardNorm.value(), epsilon, n, scratch), h);
    }
}
