package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/**
 * The state-space half of a block: projection, short convolution, scan, gate, projection.
 *
 * <pre>
 * z | x B C | dt = muP * (W_in (ssmIn * n) + b)
 * x B C          = SiLU(conv(x B C))
 * dt             = clamp(softplus(dt + dt_bias))
 * y              = scan(x, B, C, dt, A_log, D)
 * g              = y * SiLU(z), with a norm behind it in models that have one
 * h             += ssmOut * (W_out g + b)
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/2405.21060">Mamba-2</a>
 */
final class MambaMixer {
    private final FalconH1Config.Mamba mamba;
    private final FalconH1Config.Multipliers multipliers;
    private final double epsilon;
    private final Ops ops;
    private final ScanOps.Dims dims;

    private final Linear inProj;
    private final Parameter convWeight;
    private final Optional<Parameter> convBias;
    private final Parameter dtBias;
    private final Parameter aLog;
    private final Parameter dSkip;
    private final Optional<Parameter> norm;
    private final Linear outProj;

    /** muP multiplier of each channel of the convolution, {@code (convChannels)}. */
    private final Tensor convScale;

    MambaMixer(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        this.mamba = config.mamba();
        this.multipliers = config.multipliers();
        this.epsilon = config.rmsNormEps();
        this.ops = ops;
        this.dims = new ScanOps.Dims(mamba.nHeads(), mamba.dHead(), mamba.nGroups(), mamba.dState(), mamba.chunkSize());
        String prefix = "model.layers." + layer + ".mamba.";
        this.inProj = Linear.of(parameters, ops.matmul(), prefix + "in_proj");
        this.convWeight = parameters.get(prefix + "conv1d.weight");
        this.convBias = mamba.convBias() ? Optional.of(parameters.get(prefix + "conv1d.bias")) : Optional.empty();
        this.dtBias = parameters.get(prefix + "dt_bias");
        this.aLog = parameters.get(prefix + "A_log");
        this.dSkip = parameters.get(prefix + "D");
        this.norm = mamba.rmsNorm() ? Optional.of(parameters.get(prefix + "norm.weight")) : Optional.empty();
        this.outProj = Linear.of(parameters, ops.matmul(), prefix + "out_proj");
        this.convScale = ops.allocateExact(Shape.of(mamba.convChannels()));
        convScale.columns(0, mamba.dSsm()).fill(multipliers.ssmX());
        partB(convScale).fill(multipliers.ssmB());
        partC(convScale).fill(multipliers.ssmC());
    }

    /**
     * The residual plus the mixer's output.
     *
     * @param n the block's normed input, {@code (rows, hidden)}; kept by the caller for {@link #backward}
     * @param kept what {@link #backward} needs of this pass
     * @param memory of an empty sequence; given the rows, so that {@link #step} goes on behind them
     * @param residual {@code (rows, hidden)}
     * @param out {@code (rows, hidden)}, overwritten
     */
    void forward(
            Tensor n,
            PackedBatch batch,
            Activations kept,
            Optional<DecodeState.Layer> memory,
            Tensor residual,
            Tensor out) {
        int rows = batch.rows();
        Tensor p = kept.get("mamba.p", rows, mamba.projectionRows());
        Tensor u = kept.get("mamba.u", rows, mamba.convChannels());
        Tensor dt = kept.exact("mamba.dt", rows, mamba.nHeads());
        Tensor y = kept.get("mamba.y", rows, mamba.dSsm());
        Tensor g = kept.cheap("mamba.g", rows, mamba.dSsm());

        inProj.forward(n, multipliers.ssmIn(), p);
        ops.conv().forward(partXbc(p), convScale, convWeight.value(), convBias.map(Parameter::value), batch.conv(), u);
        stepSizes(p, dt);
        Optional<Tensor> last = memory.map(DecodeState.Layer::state);
        ops.scan().forward(dims, inputs(u, dt), batch.scan(), memory(batch, kept), y, last);
        memory.ifPresent(it -> ops.decode().fillWindow(partXbc(p), convScale, it.window()));
        gate(y, p, g);
        outProj.forwardAdd(g, multipliers.ssmOut(), residual, out);
    }

    /**
     * Gradient of {@link #forward}.
     *
     * @param dResidual gradient of the residual behind the mixer, {@code (rows, hidden)}, not modified
     * @param dn gradient of the normed input, {@code (rows, hidden)}, overwritten
     */
    void backward(Tensor n, PackedBatch batch, Activations kept, Buffers scratch, Tensor dResidual, Tensor dn) {
        int rows = batch.rows();
        Tensor p = kept.get("mamba.p", rows, mamba.projectionRows());
        Tensor u = kept.get("mamba.u", rows, mamba.convChannels());
        Tensor dt = kept.exact("mamba.dt", rows, mamba.nHeads());
        Tensor y = kept.get("mamba.y", rows, mamba.dSsm());
        Tensor g = kept.cheap("mamba.g", rows, mamba.dSsm());
        Tensor dp = scratch.get("mamba.dp", rows, mamba.projectionRows());
        Tensor du = scratch.get("mamba.du", rows, mamba.convChannels());
        Tensor dDt = scratch.exact("mamba.ddt", rows, mamba.nHeads());
        Tensor dy = scratch.get("mamba.dy", rows, mamba.dSsm());
        Tensor dg = scratch.get("mamba.dg", rows, mamba.dSsm());

        if (kept.remakesCheap()) {
            gate(y, p, g);
        }
        outProj.backwardInput(dResidual, multipliers.ssmOut(), dg);
        outProj.backwardWeight(dResidual, g, multipliers.ssmOut(), multipliers.ssmOut());
        gateBackward(y, p, dg, dy, dp);
        ops.scan()
                .backward(
                        dims,
                        inputs(u, dt),
                        batch.scan(),
                        memory(batch, kept),
                        dy,
                        new ScanOps.Gradients(partX(du), partB(du), partC(du), dDt, aLog.gradient(), dSkip.gradient()));
        ops.scan()
                .stepSizesBackward(
                        partDt(p),
                        multipliers.ssmDt(),
                        dtBias.value(),
                        mamba.timeStepMin(),
                        mamba.timeStepMax(),
                        dDt,
                        partDt(dp),
                        dtBias.gradient());
        ops.conv()
                .backward(
                        partXbc(p),
                        convScale,
                        convWeight.value(),
                        convBias.map(Parameter::value),
                        batch.conv(),
                        du,
                        partXbc(dp),
                        convWeight.gradient(),
                        convBias.map(Parameter::gradient));
        inProj.backwardInput(dp, multipliers.ssmIn(), dn);
        inProj.backwardWeight(dp, n, multipliers.ssmIn(), 1);
    }

    /** The step sizes that {@link #forward} left, {@code (rows, heads)}. */
    Tensor stepSizes(Activations kept, int rows) {
        return kept.exact("mamba.dt", rows, mamba.nHeads());
    }

    /** What {@link #forward} added to the residual, in {@code out}. */
    Tensor contribution(Activations kept, Tensor out) {
        outProj.contribution(kept.cheap("mamba.g", out.rows(), mamba.dSsm()), multipliers.ssmOut(), out);
        return out;
    }

    /** Whether a token's step is what {@link DecodeOps.LayerStep} says: no biases, and the gate is its last act. */
    boolean isPlain() {
        return !inProj.hasBias() && !outProj.hasBias() && norm.isEmpty();
    }

    /** The projection of a token of each sequence, for {@link #step}. */
    DecodeOps.Product projection(Tensor p) {
        return inProj.product(multipliers.ssmIn(), p);
    }

    /** One token of each sequence, behind its {@link #projection}: as {@link #forward} up to the gate, if that is normed. */
    DecodeOps.MixerStep step(Tensor p, DecodeState.Layer memory, Buffers scratch) {
        inProj.addBias(1, p);
        Tensor out = scratch.get(norm.isEmpty() ? "mamba.g" : "mamba.y", p.rows(), mamba.dSsm());
        return new DecodeOps.MixerStep(decoding(), p, memory.window(), memory.state(), out);
    }

    /** What comes out of a step that was done, for {@link #output}. */
    Tensor gated(DecodeOps.MixerStep done, Buffers scratch) {
        if (norm.isEmpty()) {
            return done.out();
        }
        Tensor g = scratch.get("mamba.g", done.p().rows(), mamba.dSsm());
        gate(done.out(), done.p(), g);
        return g;
    }

    /** What a token's mixer adds to the residual. */
    DecodeOps.Term output(Tensor g) {
        return outProj.term(g, multipliers.ssmOut());
    }

    /** The rest of it. */
    void addOutputBias(Tensor residual) {
        outProj.addBias(multipliers.ssmOut(), residual);
    }

    private DecodeOps.Mixer decoding() {
        return new DecodeOps.Mixer(
                dims,
                convScale,
                convWeight.value(),
                convBias.map(Parameter::value),
                multipliers.ssmDt(),
                dtBias.value(),
                mamba.timeStepMin(),
                mamba.timeStepMax(),
                aLog.value(),
                dSkip.value(),
                multipliers.ssmZ(),
                norm.isEmpty());
    }

    private void stepSizes(Tensor p, Tensor dt) {
        ops.scan()
                .stepSizes(
                        partDt(p), multipliers.ssmDt(), dtBias.value(), mamba.timeStepMin(), mamba.timeStepMax(), dt);
    }

    private void gate(Tensor y, Tensor p, Tensor g) {
        if (norm.isPresent()) {
            Tensor gain = norm.get().value();
            ops.norm().gatedRms(y, partZ(p), multipliers.ssmZ(), gain, mamba.nGroups(), epsilon, g);
        } else {
            ops.activation().gate(y, partZ(p), multipliers.ssmZ(), g);
        }
    }

    private void gateBackward(Tensor y, Tensor p, Tensor dg, Tensor dy, Tensor dp) {
        if (norm.isPresent()) {
            Parameter gain = norm.get();
            ops.norm()
                    .gatedRmsBackward(
                            y,
                            partZ(p),
                            multipliers.ssmZ(),
                            gain.value(),
                            mamba.nGroups(),
                            epsilon,
                            dg,
                            dy,
                            partZ(dp),
                            gain.gradient());
        } else {
            ops.activation().gateBackward(y, partZ(p), multipliers.ssmZ(), dg, dy, partZ(dp));
        }
    }

    private ScanOps.Inputs inputs(Tensor u, Tensor dt) {
        return new ScanOps.Inputs(partX(u), partB(u), partC(u), dt, aLog.value(), dSkip.value());
    }

    private Tensor memory(PackedBatch batch, Activations kept) {
        Shape shape = ops.scan().memory(dims, batch.batch(), batch.seqLen());
        return kept.get("mamba.memory", shape.rows(), shape.columns());
    }

    // Columns of the projection p: z | x B C | dt.

    int projectionRows() {
        return mamba.projectionRows();
    }

    private Tensor partZ(Tensor p) {
        return p.columns(0, mamba.dSsm());
    }

    private Tensor partXbc(Tensor p) {
        return p.columns(mamba.dSsm(), mamba.dSsm() + mamba.convChannels());
    }

    private Tensor partDt(Tensor p) {
        return p.columns(mamba.dSsm() + mamba.convChannels(), mamba.projectionRows());
    }

    // Columns of the convolution's output u: x | B | C.

    private Tensor partX(Tensor u) {
        return u.columns(0, mamba.dSsm());
    }

    private Tensor partB(Tensor u) {
        return u.columns(mamba.dSsm(), mamba.dSsm() + mamba.nGroups() * mamba.dState());
    }

    private Tensor partC(Tensor u) {
        return u.columns(mamba.dSsm() + mamba.nGroups() * mamba.dState(), mamba.convChannels());
    }
}
