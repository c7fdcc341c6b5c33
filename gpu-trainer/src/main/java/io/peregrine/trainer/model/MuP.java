package io.peregrine.trainer.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The forward multipliers of any shape by the rule that the released models follow: hidden matrices by one over their input's
 * width, shared out among the places of a block, so that learning rate and weight decay need no change with the width. The
 * rule reproduces all six released configurations.
 *
 * <pre>
 * embedding     2^2.5                          lm_head   2^-5 * 1280/d
 * key           2^-2.5 (1280/d)^2 sqrt(128/headDim)
 * attention_in  1                              attention_out  2^-1 (1280/d) (768/Da)
 * ssm_in        1280/d                         ssm_out        2^-1.5 (1024/dSsm)
 * mlp gate      2^-0.5 (1280/d)                mlp down       2^-2 (1280/d) (3840/f)
 * ssm           z 2^-1.5, x 2^-2, B 2^-2.5 (256/dState), C 2^-1, dt 2^-1.5
 * </pre>
 *
 * <p>They belong to the learning rate and the data that their base, d = 1280, was tuned for; they have not been tuned for
 * narrow models.
 *
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>, section 3.2 and its tables of multipliers
 */
public final class MuP {
    private static final double BASE_HIDDEN = 1280;
    private static final double BASE_QUERIES = 768;
    private static final double BASE_HEAD = 128;
    private static final double BASE_SSM = 1024;
    private static final double BASE_STATE = 256;
    private static final double BASE_FEED_FORWARD = 3840;

    private static final ObjectMapper JSON = new ObjectMapper();

    private MuP() {}

    /** The multipliers of a model's shape; what the model says of its own is not looked at. */
    public static FalconH1Config.Multipliers of(FalconH1Config config) {
        FalconH1Config.Attention attention = config.attention();
        FalconH1Config.Mamba mamba = config.mamba();
        double width = BASE_HIDDEN / config.hiddenSize();
        return new FalconH1Config.Multipliers(
                power(2.5),
                power(-5) * width,
                power(-2.5) * width * width * Math.sqrt(BASE_HEAD / attention.headDim()),
                1,
                power(-1) * width * (BASE_QUERIES / attention.queryWidth()),
                width,
                power(-1.5) * (BASE_SSM / mamba.dSsm()),
                power(-0.5) * width,
                power(-2) * width * (BASE_FEED_FORWARD / config.intermediateSize()),
                List.of(power(-1.5), power(-2), power(-2.5) * (BASE_STATE / mamba.dState()), power(-1), power(-1.5)));
    }

    /** The text of a model's {@code config.json} with the rule's multipliers in place of its own; all other keys stay. */
    public static String withMultipliers(FalconH1Config config) {
        FalconH1Config.Multipliers multipliers = of(config);
        try {
            ObjectNode json = (ObjectNode) JSON.readTree(config.json());
            json.put("embedding_multiplier", multipliers.embedding())
                    .put("lm_head_multiplier", multipliers.lmHead())
                    .put("key_multiplier", multipliers.key())
                    .put("attention_in_multiplier", multipliers.attentionIn())
                    .put("attention_out_multiplier", multipliers.attentionOut())
                    .put("ssm_in_multiplier", multipliers.ssmIn())
                    .put("ssm_out_multiplier", multipliers.ssmOut());
            json.putArray("mlp_multipliers").add(multipliers.mlpGate()).add(multipliers.mlpDown());
            multipliers.ssm().forEach(json.putArray("ssm_multipliers")::add);
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration's text is JSON", e);
        }
    }

    /** 2 to a power that is a multiple of a half, rounded once. */
    private static double power(double exponent) {
        double whole = Math.floor(exponent);
        return Math.scalb(exponent == whole ? 1 : Math.sqrt(2), (int) whole);
    }
}
