package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * One layer: the residual in, the residual with what its parts add out. All orders have these parts and end with the feed-forward
 * part; how its input comes about is {@link #mix}.
 */
abstract class Block {
    final int hidden;
    final double epsilon;
    final Ops ops;

    final Parameter inputNorm;
    final MambaMixer mamba;
    final Attention attention;
    final FeedForward feedForward;

    Block(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        this.hidden = config.hiddenSize();
        this.epsilon = config.rmsNormEps();
        this.ops = ops;
        this.inputNorm = parameters.get(prefix(layer) + "input_layernorm.weight");
        this.mamba = new MambaMixer(config, parameters, ops, layer);
        this.attention = new Attention(config, parameters, ops, layer);
        this.feedForward = new FeedForward(config, parameters, ops, layer);
    }

    /** What the names of a layer's parameters begin with. */
    static String prefix(int layer) {
        return "model.layers." + layer + ".";
    }

    /** The layer of a model's order. */
    static Block of(FalconH1Config config, Parameters parameters, Ops ops, int layer) {
        return switch (config.order()) {
            case SA_M -> new HybridBlock(config, parameters, ops, layer);
            case SAM -> new ParallelBlock(config, parameters, ops, layer);
            case S_A_M -> new SequentialBlock(config, parameters, ops, layer);
        };
    }

    /**
     * Runs the layer.
     *
     * @param h {@code (rows, hidden)}; {@link #backward} wants it again
     * @param kept what {@link #backward} needs of this pass
     * @param memory of an empty sequence; given the rows, so that {@link #step} goes on behind them
     * @param out {@code (rows, hidden)}, overwritten; may be {@code h} when there will be no backward pass
     */
    final void forward(Tensor h, PackedBatch batch, Activations kept, Optional<DecodeState.Layer> memory, Tensor out) {
        Tensor mid = kept.get("mid", batch.rows(), hidden);
        Tensor m = mix(h, batch, kept, memory, mid);
        feedForward.forward(m, kept, mid, out);
    }

    /** {@link #forward} up to its last product, which leaves all that {@link #backward} needs. */
    final void remake(Tensor h, PackedBatch batch, Activations kept) {
        Tensor mid = kept.get("mid", batch.rows(), hidden);
        feedForward.remake(mix(h, batch, kept, Optional.empty(), mid), kept);
    }

    /**
     * Everything before the feed-forward part.
     *
     * @param mid {@code (rows, hidden)}, overwritten: the residual that the feed-forward part adds to
     * @return its input
     */
    abstract Tensor mix(Tensor h, PackedBatch batch, Activations kept, Optional<DecodeState.Layer> memory, Tensor mid);

    /**
     * Gradient of {@link #forward}.
     *
     * @param h as given to the forward pass
     * @param dh gradient of the output, {@code (rows, hidden)}; becomes the gradient of {@code h}
     */
    abstract void backward(Tensor h, PackedBatch batch, Activations kept, Buffers scratch, Tensor dh);

    /**
     * Shows the parts of the pass forward that was just done: step sizes, and what each part added to the residual.
     *
     * @param prefix of their names
     * @param h as large as what they added
     */
    final void observe(String prefix, Tensor h, Activations kept, Buffers scratch, LayerObserver observer) {
        int rows = h.rows();
        observer.see(prefix + LayerObserver.STEP_SIZES, () -> mamba.stepSizes(kept, rows));
        observer.see(prefix + "ssm", () -> mamba.contribution(kept, scratch.get("observed", rows, hidden)));
        observer.see(prefix + "attention", () -> attention.contribution(kept, scratch.get("observed", rows, hidden)));
        observer.see(prefix + "mlp", () -> feedForward.contribution(kept, scratch.get("observed", rows, hidden)));
    }

    /**
     * One token through mixer and attention side by side, of one norm, in the orders that have them so.
     *
     * @param h {@code (sequences, hidden)}, to which both are added
     * @param n like {@code h}; holds anything afterwards
     */
    final void stepSideBySide(Tensor h, Tensor n, DecodeState.Layer memory, Positions positions, Buffers scratch) {
        Tensor p = scratch.get("mamba.p", h.rows(), mamba.projectionRows());
        Tensor qkv = scratch.get("attention.qkv", h.rows(), attention.qkvWidth());
        ops.decode().normed(h, inputNorm.value(), epsilon, n, List.of(mamba.projection(p), attention.projection(qkv)));
        DecodeOps.MixerStep mixed = mamba.step(p, memory, scratch);
        DecodeOps.AttentionStep attended = attention.step(qkv, memory, scratch);
        ops.decode().mix(mixed, attended, positions);
        Tensor g = mamba.gated(mixed, scratch);
        ops.decode().add(List.of(mamba.output(g), attention.output(attended.out())), h);
        mamba.addOutputBias(h);
        attention.addOutputBias(h);
    }

    /** One token of each sequence as one operation, for layers that are such. */
    Optional<DecodeOps.LayerStep> layerStep(int sequences, DecodeState.Layer memory, Buffers scratch) {
        return Optional.empty();
    }

    /** One token of each sequence: {@code h} is {@code (sequences, hidden)} and updated in place. */
    abstract void step(Tensor h, DecodeState.Layer memory, Positions positions, Buffers scratch);
}
