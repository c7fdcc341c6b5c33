package io.peregrine.trainer.optim;

import io.peregrine.data.DataException;
import java.util.Locale;

/**
 * The kinds of parameters that muP tells apart, by the tail of the Hugging Face tensor name.
 *
 * <p>Matrices carry the noise-and-decay equilibrium and are decayed; vectors (norm gains, the convolution,
 * {@code dt_bias}, {@code A_log}, {@code D}, biases) are not (arXiv:2601.04890, appendix A).
 */
public enum ParameterKind {
    EMBEDDING(true),
    LM_HEAD(true),
    QKV(true),
    ATTENTION_OUT(true),
    SSM_IN(true),
    SSM_OUT(true),
    MLP_GATE(true),
    MLP_UP(true),
    MLP_DOWN(true),
    INPUT_NORM(false),
    PRE_FF_NORM(false),
    FINAL_NORM(false),
    SSM_NORM(false),
    CONV_WEIGHT(false),
    CONV_BIAS(false),
    DT_BIAS(false),
    A_LOG(false),
    D(false),
    BIAS(false);

    private final boolean matrix;

    ParameterKind(boolean matrix) {
        this.matrix = matrix;
    }

    /** Whether weight decay acts on it. */
    public boolean isMatrix() {
        return matrix;
    }

    /** How a run file spells it: {@code mlp-gate}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The kind of a tensor.
     *
     * @param tensorName Hugging Face name, such as {@code model.layers.3.mamba.in_proj.weight}
     * @throws DataException if the model has no such tensor
     */
    public static ParameterKind of(String tensorName) {
        return switch (tail(tensorName)) {
            case "embed_tokens.weight" -> EMBEDDING;
            case "lm_head.weight" -> LM_HEAD;
            case "q_proj.weight", "k_proj.weight", "v_proj.weight" -> QKV;
            case "o_proj.weight" -> ATTENTION_OUT;
            case "in_proj.weight" -> SSM_IN;
            case "out_proj.weight" -> SSM_OUT;
            case "gate_proj.weight" -> MLP_GATE;
            case "up_proj.weight" -> MLP_UP;
            case "down_proj.weight" -> MLP_DOWN;
            case "input_layernorm.weight", "pre_attn_layernorm.weight" -> INPUT_NORM;
            case "pre_ff_layernorm.weight" -> PRE_FF_NORM;
            case "final_layernorm.weight" -> FINAL_NORM;
            case "norm.weight" -> SSM_NORM;
            case "conv1d.weight" -> CONV_WEIGHT;
            case "conv1d.bias" -> CONV_BIAS;
            case "mamba.dt_bias" -> DT_BIAS;
            case "mamba.A_log" -> A_LOG;
            case "mamba.D" -> D;
            case "q_proj.bias",
                    "k_proj.bias",
                    "v_proj.bias",
                    "o_proj.bias",
                    "in_proj.bias",
                    "out_proj.bias",
                    "gate_proj.bias",
                    "up_proj.bias",
                    "down_proj.bias" -> BIAS;
            default ->
                throw new DataException("tensor " + tensorName
                        + ": not a parameter of a Falcon-H1 model, so no learning rate is known for it");
        };
    }

    /** The last two parts of a dotted name. */
    private static String tail(String name) {
        int last = name.lastIndexOf('.');
        return name.substring(name.lastIndexOf('.', last - 1) + 1);
    }
}
