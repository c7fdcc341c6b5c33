package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Small models whose weights are hashes of their place: anybody can make them again. */
public final class HashSeededModel {
    private static final double UNIT = 0x1.0p-53;

    private HashSeededModel() {}

    /** The configuration of the golden numbers: every multiplier different, two groups, Da not equal to d. */
    public static FalconH1Config config(boolean rmsNorm) {
        return config(64, 24, 40, 2, 4, 2, 8, 6, 8, 2, 16, 8, rmsNorm);
    }

    /** A configuration of any size with the golden one's multipliers. */
    public static FalconH1Config config(
            int vocab,
            int hidden,
            int intermediate,
            int layers,
            int heads,
            int keyValueHeads,
            int headDim,
            int ssmHeads,
            int ssmHeadDim,
            int groups,
            int state,
            int chunk,
            boolean rmsNorm) {
        String json = """
                {"model_type": "falcon_h1", "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d,
                 "mamba_n_heads": %d, "mamba_d_head": %d, "mamba_d_ssm": %d, "mamba_n_groups": %d,
                 "mamba_d_state": %d, "mamba_chunk_size": %d, "mamba_d_conv": 4, "mamba_rms_norm": %b,
                 "mamba_norm_before_gate": false, "rms_norm_eps": 1e-5, "rope_theta": 1e11,
                 "max_position_embeddings": 4096, "tie_word_embeddings": false,
                 "embedding_multiplier": 5.656854249492381, "lm_head_multiplier": 0.75, "key_multiplier": 1.5,
                 "attention_in_multiplier": 0.9, "attention_out_multiplier": 0.8, "ssm_in_multiplier": 1.25,
                 "ssm_out_multiplier": 0.7, "mlp_multipliers": [0.85, 0.6],
                 "ssm_multipliers": [0.9, 0.8, 1.1, 1.2, 0.7]}
                """.formatted(
                        vocab,
                        hidden,
                        intermediate,
                        layers,
                        heads,
                        keyValueHeads,
                        headDim,
                        ssmHeads,
                        ssmHeadDim,
                        ssmHeads * ssmHeadDim,
                        groups,
                        state,
                        chunk,
                        rmsNorm);
        return FalconH1Config.parse(json, "golden");
    }

    /** The same shape, whose step sizes stay between limits that some of them reach. */
    public static FalconH1Config limited(FalconH1Config config) {
        String json = config.json();
        int end = json.lastIndexOf('}');
        return FalconH1Config.parse(json.substring(0, end) + ", \"time_step_limit\": [0.2, 0.4]}", "limited");
    }

    /** The same configuration with the parts of its blocks in another order. */
    public static FalconH1Config ordered(FalconH1Config config, BlockOrder order) {
        String ours =
                "\"model_type\": \"%s\", \"%s\": \"%s\"".formatted(BlockOrder.PEREGRINE, BlockOrder.KEY, order.name());
        return FalconH1Config.parse(config.json().replace("\"model_type\": \"falcon_h1\"", ours), order.name());
    }

    /** Parameters filled by tensor number (names in code point order) and flat index. */
    public static Parameters parameters(FalconH1Config config, Ops ops) {
        Parameters parameters = Parameters.zeros(config, ops);
        List<String> names = new ArrayList<>();
        parameters.forEach(parameter -> names.add(parameter.name()));
        Collections.sort(names);
        for (int number = 0; number < names.size(); number++) {
            String name = names.get(number);
            Tensor value = parameters.get(name).value();
            float[] numbers = new float[value.columns()];
            for (int row = 0; row < value.rows(); row++) {
                for (int column = 0; column < numbers.length; column++) {
                    double v = hash((long) row * value.columns() + column, number);
                    numbers[column] = (float) scaled(name, v);
                }
                value.write(row, 0, numbers, 0, numbers.length);
            }
        }
        return parameters;
    }

    /** Token ids of the golden numbers. */
    public static int[] tokens(int count, int vocab) {
        int[] ids = new int[count];
        for (int j = 0; j < count; j++) {
            ids[j] = (7 * j * j + 3 * j + 5) % vocab;
        }
        return ids;
    }

    /** A number in [-1, 1). */
    private static double hash(long index, int number) {
        long z = (index + 1) * 0x9E3779B97F4A7C15L + (number + 1) * 0xD1B54A32D192ED03L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return 2 * ((z >>> 11) * UNIT) - 1;
    }

    private static double scaled(String name, double v) {
        if (name.endsWith("layernorm.weight") || name.endsWith("mamba.norm.weight")) {
            return 1 + 0.25 * v;
        }
        if (name.endsWith("A_log")) {
            return 0.5 + v;
        }
        if (name.endsWith(".D")) {
            return 1 + 0.5 * v;
        }
        if (name.endsWith("dt_bias")) {
            return -1 + 0.5 * v;
        }
        if (name.endsWith("conv1d.weight")) {
            return 0.5 * v;
        }
        return name.endsWith("conv1d.bias") ? 0.1 * v : 0.25 * v;
    }
}
