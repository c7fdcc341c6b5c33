package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The attention half of a block.
 *
 * <pre>
 * q = rotate(W_q (attentionIn * n));  k = rotate(key * W_k (attentionIn * n));  v = W_v (attentionIn * n)
 * h += attentionOut * W_o softmax(q k^T / sqrt(headDim)) v
 * </pre>
 */
final class Attention {
    private final FalconH1Config.Attention attention;
    private final FalconH1Config.Multipliers multipliers;
    private final Ops ops;
    private final AttentionOps.Dims dims;

    private final Linear qkvProj;
    private final Linear oProj;

    Attention(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        this.attention = config.attention();
        this.multipliers = config.multipliers();
        this.ops = ops;
        this.dims = new AttentionOps.Dims(attention.numHeads(), attention.numKeyValueHeads(), attention.headDim());
        String prefix = "model.layers." + layer + ".self_attn.";
        this.qkvProj = Linear.joined(
                parameters, ops.matmul(), List.of(prefix + "q_proj", prefix + "k_proj", prefix + "v_proj"));
        this.oProj = Linear.of(parameters, ops.matmul(), prefix + "o_proj");
    }

    /**
     * Adds attention's output to the residual.
     *
     * @param n the block's normed input, {@code (rows, hidden)}; kept by the caller for {@link #backward}
     * @param kept what {@link #backward} needs of this pass
     * @param memory of an empty sequence; given the rows, so that {@link #step} goes on behind them
     * @param residual {@code (rows, hidden)}, added to
     */
    void forward(Tensor n, PackedBatch batch, Activations kept, Optional<DecodeState.Layer> memory, Tensor residual) {
        int rows = batch.rows();
        Tensor qkv = kept.get("attention.qkv", rows, qkvWidth());
        Tensor out = kept.get("attention.out", rows, attention.queryWidth());
        Tensor logSumExp = kept.exact("attention.lse", rows, attention.numHeads());

        qkvProj.forward(n, multipliers.attentionIn(), qkv);
        ops.attention().rotate(dims, partQk(qkv), attention.ropeTheta(), multipliers.key(), batch.seqLen(), 0);
        memory.ifPresent(it -> {
            ops.copy(partK(qkv), it.keys().rows(0, rows));
            ops.copy(partV(qkv), it.values().rows(0, rows));
        });
        ops.attention().forward(dims, partQ(qkv), partK(qkv), partV(qkv), batch.attention(), out, logSumExp);
        oProj.forwardAdd(out, multipliers.attentionOut(), residual, residual);
    }

    /**
     * Gradient of {@link #forward}.
     *
     * @param dResidual gradient of the residual behind the attention, {@code (rows, hidden)}, not modified
     * @param dn gradient of the normed input, {@code (rows, hidden)}, added to
     */
    void backward(Tensor n, PackedBatch batch, Activations kept, Buffers scratch, Tensor dResidual, Tensor dn) {
        int rows = batch.rows();
        Tensor qkv = kept.get("attention.qkv", rows, qkvWidth());
        Tensor out = kept.get("attention.out", rows, attention.queryWidth());
        Tensor logSumExp = kept.exact("attention.lse", rows, attention.numHeads());
        Tensor dOut = scratch.get("attention.dout", rows, attention.queryWidth());
        Tensor dQkv = scratch.get("attention.dqkv", rows, qkvWidth());

        oProj.backwardInput(dResidual, multipliers.attentionOut(), dOut);
        oProj.backwardWeight(dResidual, out, multipliers.attentionOut(), multipliers.attentionOut());
        ops.attention()
                .backward(
                        dims,
                        partQ(qkv),
                        partK(qkv),
                        partV(qkv),
                        batch.attention(),
                        out,
                        logSumExp,
                        dOut,
                        partQ(dQkv),
                        partK(dQkv),
                        partV(dQkv));
        ops.attention().rotateBackward(dims, partQk(dQkv), attention.ropeTheta(), multipliers.key(), batch.seqLen());
        qkvProj.backwardInputAdd(dQkv, multipliers.attentionIn(), dn);
        qkvProj.backwardWeight(dQkv, n, multipliers.attentionIn(), 1);
    }

    /** What {@link #forward} added to the residual, in {@code to}. */
    Tensor contribution(Activations kept, Tensor to) {
        Tensor out = kept.get("attention.out", to.rows(), attention.queryWidth());
        oProj.contribution(out, multipliers.attentionOut(), to);
        return to;
    }

    /** Whether a token's step is what {@link DecodeOps.LayerStep} says: no biases. */
    boolean isPlain() {
        return !qkvProj.hasBias() && !oProj.hasBias();
    }

    /** The projection of a token of each sequence, for {@link #step}. */
    DecodeOps.Product projection(Tensor qkv) {
        return qkvProj.product(multipliers.attentionIn(), qkv);
    }

    /** One token of each sequence, behind its {@link #projection}: as {@link #forward} up to {@link #output}. */
    DecodeOps.AttentionStep step(Tensor qkv, DecodeState.Layer memory, Buffers scratch) {
        qkvProj.addBias(1, qkv);
        Tensor out = scratch.get("attention.out", qkv.rows(), attention.queryWidth());
        return new DecodeOps.AttentionStep(
                dims, qkv, attention.ropeTheta(), multipliers.key(), memory.keys(), memory.values(), out);
    }

    /** What a token's attention adds to the residual. */
    DecodeOps.Term output(Tensor out) {
        return oProj.term(out, multipliers.attentionOut());
    }

    /** The rest of it. */
    void addOutputBias(Tensor residual) {
        oProj.addBias(multipliers.attentionOut(), residual);
    }

    // Columns of the projection: q | k | v.

    int qkvWidth() {
        return attention.queryWidth() + 2 * attention.keyValueWidth();
    }

    private Tensor partQk(Tensor qkv) {
        return qkv.columns(0, attention.queryWidth() + attention.keyValueWidth());
    }

    private Tensor partQ(Tensor qkv) {
        return qkv.columns(0, attention.queryWidth());
    }

    private Tensor partK(Tensor qkv) {
        return qkv.columns(attention.queryWidth(), attention.queryWidth() + attention.keyValueWidth());
    }

    private Tensor partV(Tensor qkv) {
        return qkv.columns(attention.queryWidth() + attention.keyValueWidth(), qkvWidth());
    }
}
