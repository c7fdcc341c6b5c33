package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.AttentionOps;
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
    void forward(Tensor n, PackedBatch batch, Buffers kept, Optional<DecodeState.Layer> memory, Tensor residual) {
        int rows = batch.rows();
        Tensor qkv = kept.get("attention.qkv", rows, qkvWidth());
        Tensor out = kept.get("attention.out", rows, attention.queryWidth());
        Tensor logSumExp = kept.exact("attention.lse", rows, attention.numHeads());

        project(n, qkv, batch.seqLen(), 0);
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
    void backward(Tensor n, PackedBatch batch, Buffers kept, Buffers scratch, Tensor dResidual, Tensor dn) {
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

    /** One token: as {@link #forward} for one row, with the keys and values before it in {@code memory}. */
    void step(Tensor n, DecodeState.Layer memory, int position, Buffers scratch, Tensor residual) {
        Tensor qkv = scratch.get("attention.qkv", 1, qkvWidth());
        Tensor out = scratch.get("attention.out", 1, attention.queryWidth());

        project(n, qkv, 1, position);
        ops.copy(partK(qkv), memory.keys().rows(position, position + 1));
        ops.copy(partV(qkv), memory.values().rows(position, position + 1));
        ops.attention()
                .step(
                        dims,
                        partQ(qkv),
                        memory.keys().rows(0, position + 1),
                        memory.values().rows(0, position + 1),
                        out);
        oProj.forwardAdd(out, multipliers.attentionOut(), residual, residual);
    }

    private void project(Tensor n, Tensor qkv, int seqLen, int firstPosition) {
        qkvProj.forward(n, multipliers.attentionIn(), qkv);
        ops.attention().rotate(dims, partQk(qkv), attention.ropeTheta(), multipliers.key(), seqLen, firstPosition);
    }

    // Columns of the projection: q | k | v.

    private int qkvWidth() {
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
