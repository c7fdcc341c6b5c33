package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;

/**
 * How a block's channels are shared out over its three parts, in eighths. An eighth costs about the same parameters
 * wherever it goes: whole shares are 3.2 widths of the state-space half, 4.8 of queries and 3.8 of the feed-forward part
 * (4096, 6144 and 4864 channels at width 1280).
 *
 * @param ssm eighths of the state-space half
 * @param attention eighths of the queries
 * @param feedForward eighths of the feed-forward part
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>, section 2.1, its figure of channel allocations
 */
public record Eighths(
        @Key(doc = "eighths of mamba_d_ssm, of 3.2 hidden_size")
        int ssm,

        @Key(doc = "eighths of the queries' width, of 4.8 hidden_size")
        int attention,

        @Key(doc = "eighths of intermediate_size, of 3.8 hidden_size")
        int feedForward) {
    private static final int WHOLE = 8;
    private static final double SSM_WIDTHS = 3.2;
    private static final double QUERY_WIDTHS = 4.8;
    private static final double FEED_FORWARD_WIDTHS = 3.8;

    public Eighths {
        if (ssm < 1 || attention < 1 || feedForward < 1 || ssm + attention + feedForward != WHOLE) {
            throw new ConfigException(
                    "eighths",
                    "%d:%d:%d".formatted(ssm, attention, feedForward),
                    "must be three shares of at least 1 with the sum 8");
        }
    }

    /** Writes the widths into a model's {@code config.json}, each rounded to whole heads, one at least. */
    void applyTo(ObjectNode model) {
        int hidden = model.path("hidden_size").asInt();
        int ssmHead = model.path("mamba_d_head").asInt();
        int head = model.path("head_dim").asInt();
        if (hidden < 1 || ssmHead < 1 || head < 1) {
            throw new ConfigException(
                    "eighths",
                    "%d:%d:%d".formatted(ssm, attention, feedForward),
                    "needs hidden_size, mamba_d_head and head_dim in the model's config.json");
        }
        long ssmHeads = Math.max(1, Math.round(ssm * SSM_WIDTHS * hidden / WHOLE / ssmHead));
        long keyHeads = Math.max(1, model.path("num_key_value_heads").asLong());
        long groups = Math.max(1, Math.round(attention * QUERY_WIDTHS * hidden / WHOLE / head / keyHeads));
        model.put("mamba_n_heads", ssmHeads)
                .put("mamba_d_ssm", ssmHeads * ssmHead)
                .put("num_attention_heads", groups * keyHeads)
                .put("intermediate_size", Math.round(feedForward * FEED_FORWARD_WIDTHS * hidden / WHOLE));
    }
}
