package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All learned tensors of a model, in the order in which a forward pass meets them.
 *
 * <p>Names and shapes are those of Hugging Face checkpoints.
 */
public final class Parameters implements Iterable<Parameter> {
    private final Map<String, Parameter> byName = new LinkedHashMap<>();

    private Parameters() {}

    /** Parameters of a model's shape, with values and gradients of 0. */
    public static Parameters zeros(FalconH1Config config, Ops ops) {
        Parameters parameters = new Parameters();
        shapes(config).forEach((name, shape) -> {
            Tensor value = ops.allocate(shape);
            parameters.byName.put(name, new Parameter(name, value, ops.allocate(shape)));
        });
        return parameters;
    }

    /** Names and shapes of a model's parameters. */
    public static Map<String, Shape> shapes(FalconH1Config config) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        int hidden = config.hiddenSize();
        shapes.put("model.embed_tokens.weight", Shape.of(config.vocabSize(), hidden));
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            shapes.put(prefix + "input_layernorm.weight", Shape.of(hidden));
            mamba(config, prefix + "mamba.", shapes);
            attention(config, prefix + "self_attn.", shapes);
            shapes.put(prefix + "pre_ff_layernorm.weight", Shape.of(hidden));
            feedForward(config, prefix + "feed_forward.", shapes);
        }
        shapes.put("model.final_layernorm.weight", Shape.of(hidden));
        if (!config.tieWordEmbeddings()) {
            shapes.put("lm_head.weight", Shape.of(config.vocabSize(), hidden));
        }
        return shapes;
    }

    private static void mamba(FalconH1Config config, String prefix, Map<String, Shape> shapes) {
        FalconH1Config.Mamba mamba = config.mamba();
        linear(prefix + "in_proj", mamba.projectionRows(), config.hiddenSize(), mamba.projBias(), shapes);
        shapes.put(prefix + "conv1d.weight", Shape.of(mamba.convChannels(), 1, mamba.dConv()));
        if (mamba.convBias()) {
            shapes.put(prefix + "conv1d.bias", Shape.of(mamba.convChannels()));
        }
        shapes.put(prefix + "dt_bias", Shape.of(mamba.nHeads()));
        shapes.put(prefix + "A_log", Shape.of(mamba.nHeads()));
        shapes.put(prefix + "D", Shape.of(mamba.nHeads()));
        if (mamba.rmsNorm()) {
            shapes.put(prefix + "norm.weight", Shape.of(mamba.dSsm()));
        }
        linear(prefix + "out_proj", config.hiddenSize(), mamba.dSsm(), mamba.outBias(), shapes);
    }

    private static void attention(FalconH1Config config, String prefix, Map<String, Shape> shapes) {
        FalconH1Config.Attention attention = config.attention();
        int hidden = config.hiddenSize();
        linear(prefix + "q_proj", attention.queryWidth(), hidden, attention.bias(), shapes);
        linear(prefix + "k_proj", attention.keyValueWidth(), hidden, attention.bias(), shapes);
        linear(prefix + "v_proj", attention.keyValueWidth(), hidden, attention.bias(), shapes);
        linear(prefix + "o_proj", hidden, attention.queryWidth(), attention.bias(), shapes);
    }

    private static void feedForward(FalconH1Config config, String prefix, Map<String, Shape> shapes) {
        linear(prefix + "gate_proj", config.intermediateSize(), config.hiddenSize(), config.mlpBias(), shapes);
        linear(prefix + "up_proj", config.intermediateSize(), config.hiddenSize(), config.mlpBias(), shapes);
        linear(prefix + "down_proj", config.hiddenSize(), config.intermediateSize(), config.mlpBias(), shapes);
    }

    private static void linear(String name, int out, int in, boolean hasBias, Map<String, Shape> shapes) {
        shapes.put(name + ".weight", Shape.of(out, in));
        if (hasBias) {
            shapes.put(name + ".bias", Shape.of(out));
        }
    }

    /**
     * One parameter.
     *
     * @throws IllegalArgumentException if the model has none of this name
     */
    public Parameter get(String name) {
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("the model has no parameter " + name);
        }
        return parameter;
    }

    /** Whether the model has a parameter of this name. */
    public boolean contains(String name) {
        return byName.containsKey(name);
    }

    /** All parameters in order. */
    public List<Parameter> all() {
        return new ArrayList<>(byName.values());
    }

    @Override
    public Iterator<Parameter> iterator() {
        return byName.values().iterator();
    }

    /** How many numbers the parameters hold. */
    public long count() {
        long count = 0;
        for (Parameter parameter : this) {
            count += parameter.shape().elements();
        }
        return count;
    }

    /** Clears every gradient. */
    public void zeroGradients() {
        for (Parameter parameter : this) {
            parameter.gradient().fill(0);
        }
    }
}
