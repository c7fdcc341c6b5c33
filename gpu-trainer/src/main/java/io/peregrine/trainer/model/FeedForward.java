package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;

/** The feed-forward half of a block: {@code h += mlpDown * W_down((W_up n) * SiLU(mlpGate * W_gate n))}. */
final class FeedForward {
    private final int width;
    private final FalconH1Config.Multipliers multipliers;
    private final Ops ops;

    private final Linear gateUpProj;
    private final Linear downProj;

    FeedForward(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        this.width = config.intermediateSize();
        this.multipliers = config.multipliers();
        this.ops = ops;
        String prefix = "model.layers." + layer + ".feed_forward.";
        this.gateUpProj = Linear.joined(parameters, ops.matmul(), List.of(prefix + "gate_proj", prefix + "up_proj"));
        this.downProj = Linear.of(parameters, ops.matmul(), prefix + "down_proj");
    }

    /**
     * The residual plus the output.
     *
     * @param n normed input, {@code (rows, hidden)}; kept by the caller for {@link #backward}
     * @param kept what {@link #backward} needs of this pass
     * @param residual {@code (rows, hidden)}
     * @param out {@code (rows, hidden)}, overwritten; may be the residual
     */
    void forward(Tensor n, Activations kept, Tensor residual, Tensor out) {
        Tensor gated = remake(n, kept);
        downProj.forwardAdd(gated, multipliers.mlpDown(), residual, out);
    }

    /** {@link #forward} up to its last product, which leaves all that {@link #backward} needs; the product's input. */
    Tensor remake(Tensor n, Activations kept) {
        Tensor gateUp = kept.get("mlp.gate_up", n.rows(), 2 * width);
        Tensor gated = kept.cheap("mlp.gated", n.rows(), width);
        gateUpProj.forward(n, 1, gateUp);
        gate(gateUp, gated);
        return gated;
    }

    /** What {@link #forward} added to the residual, in {@code out}. */
    Tensor contribution(Activations kept, Tensor out) {
        downProj.contribution(kept.cheap("mlp.gated", out.rows(), width), multipliers.mlpDown(), out);
        return out;
    }

    private void gate(Tensor gateUp, Tensor gated) {
        ops.activation().gate(partUp(gateUp), partGate(gateUp), multipliers.mlpGate(), gated);
    }

    /**
     * One token of each sequence, up to the last product: what {@link #add} wants.
     *
     * @param h {@code (sequences, hidden)}, not modified
     * @param gain of the norm before it
     * @param n {@code (sequences, hidden)}, overwritten with {@code rms(h)} or left as it is
     */
    Tensor gated(Tensor h, Tensor gain, double epsilon, Tensor n, Buffers scratch) {
        Tensor gateUp = scratch.get("mlp.gate_up", h.rows(), 2 * width);
        Tensor gated = output(h.rows(), scratch).x();
        if (!gateUpProj.hasBias()) {
            ops.decode().gated(h, gain, epsilon, n, gateUpWeight(), gateScale(), gateUp, gated);
        } else {
            ops.decode().normed(h, gain, epsilon, n, List.of(gateUpProj.product(1, gateUp)));
            gateUpProj.addBias(1, gateUp);
            gate(gateUp, gated);
        }
        return gated;
    }

    /** Whether a token's step is what {@link DecodeOps.LayerStep} says: no biases. */
    boolean isPlain() {
        return !gateUpProj.hasBias() && !downProj.hasBias();
    }

    /** Weight of gate and up, {@code (2 * width, hidden)}. */
    Tensor gateUpWeight() {
        return gateUpProj.weight().value();
    }

    double gateScale() {
        return multipliers.mlpGate();
    }

    /** What a token's feed-forward part adds to the residual. */
    DecodeOps.Term output(int sequences, Buffers scratch) {
        return downProj.term(scratch.get("mlp.gated", sequences, width), multipliers.mlpDown());
    }

    /** The rest of it: {@code h += } the output. */
    void add(Tensor gated, Tensor h) {
        ops.decode().add(List.of(downProj.term(gated, multipliers.mlpDown())), h);
        downProj.addBias(multipliers.mlpDown(), h);
    }

    /**
     * Gradient of {@link #forward}.
     *
     * @param dResidual gradient of the residual behind it, {@code (rows, hidden)}, not modified
     * @param dn gradient of the normed input, {@code (rows, hidden)}, overwritten
     */
    void backward(Tensor n, Activations kept, Buffers scratch, Tensor dResidual, Tensor dn) {
        int rows = n.rows();
        Tensor gateUp = kept.get("mlp.gate_up", rows, 2 * width);
        Tensor gated = kept.cheap("mlp.gated", rows, width);
        Tensor dGated = scratch.get("mlp.dgated", rows, width);
        Tensor dGateUp = scratch.get("mlp.dgate_up", rows, 2 * width);

        if (kept.remakesCheap()) {
            gate(gateUp, gated);
        }

        downProj.backwardInput(dResidual, multipliers.mlpDown(), dGated);
        downProj.backwardWeight(dResidual, gated, multipliers.mlpDown(), multipliers.mlpDown());
        ops.activation()
                .gateBackward(
                        partUp(gateUp),
                        partGate(gateUp),
                        multipliers.mlpGate(),
                        dGated,
                        partUp(dGateUp),
                        partGate(dGateUp));
        gateUpProj.backwardInput(dGateUp, 1, dn);
        gateUpProj.backwardWeight(dGateUp, n, 1, 1);
    }

    // Columns of the projection: gate | up.

    private Tensor partGate(Tensor gateUp) {
        return gateUp.columns(0, width);
    }

    private Tensor partUp(Tensor gateUp) {
        return gateUp.columns(width, 2 * width);
    }
}
