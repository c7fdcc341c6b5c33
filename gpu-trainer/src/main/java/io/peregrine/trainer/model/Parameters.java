package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All learned tensors of a model, in the order in which a forward pass meets them.
 *
 * <p>Names and shapes are those of Hugging Face checkpoints.
 */
public final class Parameters implements Iterable<Parameter> {
    private static final int VOCABULARY_ROWS = 64;
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final Set<String> VOCABULARIES = Set.of(EMBEDDING, "lm_head.weight");

    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final Map<List<String>, Parameter> joined = new HashMap<>();

    private final Ops ops;
    private final Use use;

    /** What parameters are made for, which says what of them is kept. */
    private enum Use {
        /** Exact values, ready for products, and gradients. */
        TRAINING,
        /** Exact values, ready for products. */
        MEASURING,
        /** Of matrices that only products read, what these read. */
        INFERENCE
    }

    private Parameters(Ops ops, Use use) {
        this.ops = ops;
        this.use = use;
    }

    /** Parameters of a model's shape that can be trained, with values and gradients of 0. */
    public static Parameters zeros(FalconH1Config config, Ops ops) {
        return zeros(config, ops, Use.TRAINING);
    }

    /** The same without gradients, for a model that is only read: training it is an {@link IllegalStateException}. */
    public static Parameters withoutGradients(FalconH1Config config, Ops ops) {
        return zeros(config, ops, Use.MEASURING);
    }

    /**
     * The same where besides no value is looked at but by the model itself, whose results are those of the exact values, bit
     * for bit: matrices that only products read are of the kind that these read.
     */
    public static Parameters forInference(FalconH1Config config, Ops ops) {
        return zeros(config, ops, Use.INFERENCE);
    }

    private static Parameters zeros(FalconH1Config config, Ops ops, Use use) {
        Parameters parameters = new Parameters(ops, use);
        Map<String, Shape> shapes = shapes(config);
        Map<String, List<String>> groups = groups(config, shapes);
        shapes.keySet().forEach(name -> parameters.byName.put(name, null)); // the order, whatever is allocated first
        shapes.keySet().forEach(name -> {
            if (parameters.byName.get(name) == null) {
                parameters.allocate(groups.getOrDefault(name, List.of(name)), shapes);
            }
        });
        return parameters;
    }

    /** Allocates parameters of one width one below the other, so that they are one tensor as well. */
    private void allocate(List<String> names, Map<String, Shape> shapes) {
        if (names.size() == 1) {
            allocateAlone(names.get(0), shapes.get(names.get(0)));
            return;
        }
        boolean vectors = shapes.get(names.get(0)).rank() == 1;
        long total = names.stream().mapToLong(name -> shapes.get(name).size(0)).sum();
        Shape shape = vectors
                ? Shape.of(total)
                : Shape.of(total, shapes.get(names.get(0)).columns());
        Parameter whole = allocate(String.join("|", names), shape);
        joined.put(names, whole);
        int from = 0;
        for (String name : names) {
            int to = from + Math.toIntExact(shapes.get(name).size(0));
            byName.put(name, vectors ? whole.numbers(name, from, to) : whole.rows(name, from, to));
            from = to;
        }
    }

    private void allocateAlone(String name, Shape shape) {
        if (!VOCABULARIES.contains(name)) {
            byName.put(name, allocate(name, shape));
            return;
        }
        int rows = Math.toIntExact(shape.size(0));
        Shape whole = Shape.of((rows + VOCABULARY_ROWS - 1L) / VOCABULARY_ROWS * VOCABULARY_ROWS, shape.columns());
        Parameter padded = allocate(name, whole);
        joined.put(List.of(name), padded);
        byName.put(name, padded.rows(name, 0, rows));
    }

    private Parameter allocate(String name, Shape shape) {
        boolean ofProducts = shape.rank() == 2 && !name.equals(EMBEDDING);
        Tensor value = use == Use.INFERENCE && ofProducts ? ops.allocate(shape) : ops.allocateParameter(shape);
        return new Parameter(
                name, value, use == Use.TRAINING ? Optional.of(ops.allocateExact(shape)) : Optional.empty());
    }

    /** The projections of one input that are one product each, by the name of each of their parameters. */
    private static Map<String, List<String>> groups(FalconH1Config config, Map<String, Shape> shapes) {
        Map<String, List<String>> groups = new HashMap<>();
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            for (List<String> projections : List.of(
                    List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                    List.of("feed_forward.gate_proj", "feed_forward.up_proj"))) {
                for (String kind : List.of(".weight", ".bias")) {
                    List<String> names = projections.stream()
                            .map(name -> prefix + name + kind)
                            .toList();
                    if (shapes.containsKey(names.get(0))) {
                        names.forEach(name -> groups.put(name, names));
                    }
                }
            }
        }
        return groups;
    }

    /** Names and shapes of a model's parameters. */
    public static Map<String, Shape> shapes(FalconH1Config config) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        int hidden = config.hiddenSize();
        shapes.put(EMBEDDING, Shape.of(config.vocabSize(), hidden));
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            shapes.put(prefix + "input_layernorm.weight", Shape.of(hidden));
            mamba(config, prefix + "mamba.", shapes);
            if (config.order() == BlockOrder.S_A_M) {
                shapes.put(prefix + SequentialBlock.ATTENTION_NORM, Shape.of(hidden));
            }
            attention(config, prefix + "self_attn.", shapes);
            if (config.order() != BlockOrder.SAM) {
                shapes.put(prefix + "pre_ff_layernorm.weight", Shape.of(hidden));
            }
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

    /**
     * A table by token id with rows of zeros below it, up to a multiple of 64: fast products want round sizes, and released
     * vocabularies are such as 65,537. The zeros stay zeros: nothing reads them but products, and no optimizer sees them.
     */
    Parameter padded(String name) {
        return joined(List.of(name));
    }

    /**
     * Parameters that lie one below the other, as one.
     *
     * @throws IllegalArgumentException if they do not
     */
    Parameter joined(List<String> names) {
        Parameter parameter = joined.get(names);
        if (parameter == null) {
            throw new IllegalArgumentException("the model does not have as one: " + names);
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

    /**
     * Does nothing for parameters that can be trained.
     *
     * @throws IllegalStateException for those without gradients
     */
    public void requireGradients() {
        forEach(Parameter::gradient);
    }

    /** Clears every gradient. */
    public void zeroGradients() {
        ops.optim().zero(all().stream().map(Parameter::gradient).toList());
    }
}
