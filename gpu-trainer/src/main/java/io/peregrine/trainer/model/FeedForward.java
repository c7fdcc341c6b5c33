package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;

/** The feed-forward half of a block: {@code h += mlpDown * W_down((W_up n) * SiLU(mlpGate * W_gate n))}. */
final class FeedForward {
    private final int width;
    private final FalconH1Config.Multipliers multipliers;
    private final Ops ops;

    private final Linear gateProj;
    private final Linear upProj;
    private final Linear downProj;

    FeedForward(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        this.width = config.intermediateSize();
        this.multipliers = config.multipliers();
        this.ops = ops;
        String prefix = "model.layers." + layer + ".feed_forward.";
        this.gateProj = Linear.of(parameters, ops.matmul(), prefix + "gate_proj");
        this.upProj = Linear.of(parameters, ops.matmul(), prefix + "up_proj");
        this.downProj = Linear.of(parameters, ops.matmul(), prefix + "down_proj");
    }

    /**
     * Adds the output to the residual.
     *
     * @param n normed input, {@code (rows, hidden)}; kept by the caller for {@link #backward}
     * @param residual {@code (rows, hidden)}, added to
     * @param kept what {@link #backward} needs of this pass
     */
    void forward(Tensor n, Buffers kept, Tensor residual) {
        int rows = n.rows();
        Tensor gate = kept.get("mlp.gate", rows, width);
        Tensor up = kept.get("mlp.up", rows, width);
        Tensor gated = kept.get("mlp.gated", rows, width);

        gateProj.forward(n, 1, gate);
        upProj.forward(n, 1, up);
        ops.activation().gate(up, gate, multipliers.mlpGate(), gated);
        downProj.forwardAdd(gated, multipliers.mlpDown(), residual);
    }

    /**
     * Gradient of {@link #forward}.
     *
     * @param dResidual gradient of the residual behind it, {@code (rows, hidden)}, not modified
     * @param dn gradient of the normed input, {@code (rows, hidden)}, overwritten
     */
    void backward(Tensor n, Buffers kept, Buffers scratch, Tensor dResidual, Tensor dn) {
        int rows = n.rows();
        Tensor gate = kept.get("mlp.gate", rows, width);
        Tensor up = kept.get("mlp.up", rows, width);
        Tensor gated = kept.get("mlp.gated", rows, width);
        Tensor dGated = scratch.get("mlp.dgated", rows, width);
        Tensor dGate = scratch.get("mlp.dgate", rows, width);
        Tensor dUp = scratch.get("mlp.dup", rows, width);

        downProj.backwardInput(dResidual, multipliers.mlpDown(), dGated);
        downProj.backwardWeight(dResidual, gated, multipliers.mlpDown(), multipliers.mlpDown());
        ops.activation().gateBackward(up, gate, multipliers.mlpGate(), dGated, dUp, dGate);
        gateProj.backwardInput(dGate, 1, dn);
        gateProj.backwardWeight(dGate, n, 1, 1);
        upProj.backwardInputAdd(dUp, 1, dn);
        upProj.backwardWeight(dUp, n, 1, 1);
    }
}
