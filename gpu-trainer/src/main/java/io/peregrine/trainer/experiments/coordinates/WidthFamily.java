package io.peregrine.trainer.experiments.coordinates;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.model.FalconH1Config;

/**
 * A model's shape at other widths: the residual, the feed-forward part and the numbers of heads grow together, while heads,
 * states and layers stay as they are.
 *
 * @param base the shape that is widened
 */
record WidthFamily(FalconH1Config base) {

    /** A small model in the proportions of the paper's: attention : scan : feed-forward as 1 : 3 : 6 halves of the width. */
    static final WidthFamily SMALL = new WidthFamily(FalconH1Config.parse("""
            {"model_type": "falcon_h1", "vocab_size": 256, "hidden_size": 32, "intermediate_size": 96,
             "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 16,
             "mamba_n_heads": 3, "mamba_d_head": 16, "mamba_d_ssm": 48, "mamba_n_groups": 1, "mamba_d_state": 16,
             "mamba_chunk_size": 32, "mamba_d_conv": 4, "mamba_rms_norm": false, "mamba_norm_before_gate": false,
             "rms_norm_eps": 1e-5, "rope_theta": 1e11, "max_position_embeddings": 1024, "tie_word_embeddings": false,
             "embedding_multiplier": 5.656854249492381, "lm_head_multiplier": 1, "key_multiplier": 1,
             "attention_in_multiplier": 1, "attention_out_multiplier": 1, "ssm_in_multiplier": 1,
             "ssm_out_multiplier": 1, "mlp_multipliers": [1, 1], "ssm_multipliers": [1, 1, 1, 1, 1]}
            """, "the built-in shape"));

    /**
     * The shape at a width.
     *
     * @param width hidden size
     * @throws ConfigException if a part would have no whole size
     */
    FalconH1Config at(int width) {
        FalconH1Config.Attention attention = base.attention();
        FalconH1Config.Mamba mamba = base.mamba();
        return new FalconH1Config(
                base.vocabSize(),
                width,
                scaled("intermediate_size", base.intermediateSize(), width),
                base.numHiddenLayers(),
                base.rmsNormEps(),
                base.mlpBias(),
                base.tieWordEmbeddings(),
                base.maxPositionEmbeddings(),
                base.padTokenId(),
                base.bosTokenId(),
                base.eosTokenIds(),
                base.order(),
                new FalconH1Config.Attention(
                        scaled("num_attention_heads", attention.numHeads(), width),
                        scaled("num_key_value_heads", attention.numKeyValueHeads(), width),
                        attention.headDim(),
                        attention.bias(),
                        attention.ropeTheta()),
                new FalconH1Config.Mamba(
                        scaled("mamba_d_ssm", mamba.dSsm(), width),
                        scaled("mamba_n_heads", mamba.nHeads(), width),
                        mamba.dHead(),
                        mamba.nGroups(),
                        mamba.dState(),
                        mamba.dConv(),
                        mamba.chunkSize(),
                        mamba.convBias(),
                        mamba.projBias(),
                        mamba.outBias(),
                        mamba.rmsNorm(),
                        mamba.timeStepMin(),
                        mamba.timeStepMax()),
                base.multipliers(),
                base.json());
    }

    private int scaled(String key, int size, int width) {
        long scaled = (long) size * width;
        if (scaled % base.hiddenSize() != 0) {
            throw new ConfigException(
                    "--widths",
                    width,
                    "%s would be %d * %d/%d, which is no whole number; take multiples of hidden_size"
                            .formatted(key, size, width, base.hiddenSize()));
        }
        return Math.toIntExact(scaled / base.hiddenSize());
    }
}
