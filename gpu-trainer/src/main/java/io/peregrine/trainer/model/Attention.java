package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;

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

    private final Linear qProj;
    private final Linear kProj;
    private final Linear vProj;
    private final Linear oProj;

    Attention(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        this.attention = config.attention();
        this.multipliers = config.multipliers();
        this.ops = ops;
        this.dims = new AttentionOps.Dims(attention.numHeads(), attention.numKeyValueHeads(), attention.headDim());
        String prefix = "model.layers." + layer + ".self_attn.";
        this.qProj = Linear.of(parameters, ops.matmul(), prefix + "q_proj");
        this.kProj = Linear.of(parameters, ops.matmul(), prefix + "k_proj");
        this.vProj = Linear.of(parameters, ops.matmul(), prefix + "v_proj");
        this.oProj = Linear.of(parameters, ops.matmul(), prefix + "o_proj");
    }

    /**
     * Adds attention's output to the residual.
     *
     * @param n the block's normed input, {@code (rows, hidden)}; kept by the caller for {@link #backward}
     * @param residual {@code (rows, hidden)}, added to
     * @param kept what {@link #backward} needs of this pass
     */
    void forward(Tensor n, PackedBatch batch, Buffers kept, Tensor residual) {
        int rows = batch.rows();
        Tensor q = kept.get("attention.q", rows, attention.queryWidth());
        Tensor k = kept.get("attention.k", rows, attention.keyValueWidth());
        Tensor v = kept.get("attention.v", rows, attention.keyValueWidth());
        Tensor out = kept.get("attention.out", rows, attention.queryWidth());
        Tensor logSumExp = kept.get("attention.lse", rows, attention.numHeads());

        project(n, q, k, v, batch.seqLen(), 0);
        ops.attention().forward(dims, q, k, v, batch.attention(), out, logSumExp);
        oProj.forwardAdd(out, multipliers.attentionOut(), residual);
    }

    /**
     * Gradient of {@link #forward}.
     *
     * @param dResidual gradient of the residual behind the attention, {@code (rows, hidden)}, not modified
     * @param dn gradient of the normed input, {@code (rows, hidden)}, added to
     */
    void backward(Tensor n, PackedBatch batch, Buffers kept, Buffers scratch, Tensor dResidual, Tensor dn) {
        int rows = batch.rows();
        Tensor q = kept.get("attention.q", rows, attention.queryWidth());
        Tensor k = kept.get("attention.k", rows, attention.keyValueWidth());
        Tensor v = kept.get("attention.v", rows, attention.keyValueWidth());
        Tensor out = kept.get("attention.out", rows, attention.queryWidth());
        Tensor logSumExp = kept.get("attention.lse", rows, attention.numHeads());
        Tensor dOut = scratch.get("attention.dout", rows, attention.queryWidth());
        Tensor dq = scratch.get("attention.dq", rows, attention.queryWidth());
        Tensor dk = scratch.get("attention.dk", rows, attention.keyValueWidth());
        Tensor dv = scratch.get("attention.dv", rows, attention.keyValueWidth());

        oProj.backwardInput(dResidual, multipliers.attentionOut(), dOut);
        oProj.backwardWeight(dResidual, out, multipliers.attentionOut(), multipliers.attentionOut());
        ops.attention().backward(dims, q, k, v, batch.attention(), out, logSumExp, dOut, dq, dk, dv);
        ops.attention().rotateBackward(dq, attention.headDim(), attention.ropeTheta(), 1, batch.seqLen());
        ops.attention()
                .rotateBackward(dk, attention.headDim(), attention.ropeTheta(), multipliers.key(), batch.seqLen());
        projectBackward(qProj, dq, n, dn);
        projectBackward(kProj, dk, n, dn);
        projectBackward(vProj, dv, n, dn);
    }

    /** One token: as {@link #forward} for one row, with the keys and values before it in {@code memory}. */
    void step(Tensor n, DecodeState.Layer memory, int position, Buffers scratch, Tensor residual) {
        Tensor q = scratch.get("attention.q", 1, attention.queryWidth());
        Tensor out = scratch.get("attention.out", 1, attention.queryWidth());
        Tensor k = memory.keys().rows(position, position + 1);
        Tensor v = memory.values().rows(position, position + 1);

        project(n, q, k, v, 1, position);
        ops.attention()
                .step(
                        dims,
                        q,
                        memory.keys().rows(0, position + 1),
                        memory.values().rows(0, position + 1),
                        out);
        oProj.forwardAdd(out, multipliers.attentionOut(), residual);
    }

    private void project(Tensor n, Tensor q, Tensor k, Tensor v, int seqLen, int firstPosition) {
        qProj.forward(n, multipliers.attentionIn(), q);
        kProj.forward(n, multipliers.attentionIn(), k);
        vProj.forward(n, multipliers.attentionIn(), v);
        int headDim = attention.headDim();
        ops.attention().rotate(q, headDim, attention.ropeTheta(), 1, seqLen, firstPosition);
        ops.attention().rotate(k, headDim, attention.ropeTheta(), multipliers.key(), seqLen, firstPosition);
    }

    private void projectBackward(Linear projection, Tensor dy, Tensor n, Tensor dn) {
        projection.backwardInputAdd(dy, multipliers.attentionIn(), dn);
        projection.backwardWeight(dy, n, multipliers.attentionIn(), 1);
    }
}
