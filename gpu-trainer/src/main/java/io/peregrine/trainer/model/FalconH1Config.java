package io.peregrine.trainer.model;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Shape of a Falcon-H1 model: what Hugging Face's {@code config.json} says of it.
 *
 * @param vocabSize rows of the embedding
 * @param hiddenSize residual width
 * @param intermediateSize width of the feed-forward part
 * @param numHiddenLayers hybrid blocks
 * @param rmsNormEps added to the mean square in every norm
 * @param mlpBias whether the three feed-forward projections have biases
 * @param tieWordEmbeddings whether the output head is the embedding
 * @param maxPositionEmbeddings longest sequence the model is meant for, tokens
 * @param padTokenId id whose embedding gets no gradient, -1 for none
 * @param bosTokenId id that begins a text, -1 for none
 * @param eosTokenIds ids that end a text
 * @param order how the parts of a block follow each other
 * @param attention the attention half of a block
 * @param mamba the state-space half of a block
 * @param multipliers muP forward multipliers
 * @param json the file's text, which {@link #write} puts back unchanged
 */
public record FalconH1Config(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        double rmsNormEps,
        boolean mlpBias,
        boolean tieWordEmbeddings,
        int maxPositionEmbeddings,
        int padTokenId,
        int bosTokenId,
        List<Integer> eosTokenIds,
        BlockOrder order,
        Attention attention,
        Mamba mamba,
        Multipliers multipliers,
        String json) {

    /**
     * The attention half.
     *
     * @param numHeads query heads
     * @param numKeyValueHeads heads of keys and values; divides {@code numHeads}
     * @param headDim channels per head, even
     * @param bias whether the four projections have biases
     * @param ropeTheta base of the rotary angles
     */
    public record Attention(int numHeads, int numKeyValueHeads, int headDim, boolean bias, double ropeTheta) {
        public Attention {
            positive("num_attention_heads", numHeads);
            positive("num_key_value_heads", numKeyValueHeads);
            positive("head_dim", headDim);
            if (numHeads % numKeyValueHeads != 0) {
                throw new ConfigException(
                        "num_key_value_heads",
                        numKeyValueHeads,
                        "must divide num_attention_heads (%d)".formatted(numHeads));
            }
            if (headDim % 2 != 0) {
                throw new ConfigException("head_dim", headDim, "must be even: rotary positions turn pairs of channels");
            }
            if (!(ropeTheta > 0) || Double.isInfinite(ropeTheta)) {
                throw new ConfigException("rope_theta", ropeTheta, "must be > 0");
            }
        }

        /** Width of the queries, {@code numHeads * headDim}. */
        public int queryWidth() {
            return numHeads * headDim;
        }

        /** Width of the keys, and of the values. */
        public int keyValueWidth() {
            return numKeyValueHeads * headDim;
        }
    }

    /**
     * The state-space half.
     *
     * @param dSsm inner width, {@code nHeads * dHead}
     * @param nHeads heads
     * @param dHead channels per head
     * @param nGroups groups of heads that share B and C; divides {@code nHeads}
     * @param dState state numbers per channel
     * @param dConv taps of the convolution
     * @param chunkSize tokens per chunk of the scan
     * @param convBias whether the convolution has a bias
     * @param projBias whether the input projection has a bias
     * @param outBias whether the output projection has a bias
     * @param rmsNorm whether a gated norm follows the gate
     * @param timeStepMin lower limit of a step size
     * @param timeStepMax upper limit of a step size, may be infinite
     */
    public record Mamba(
            int dSsm,
            int nHeads,
            int dHead,
            int nGroups,
            int dState,
            int dConv,
            int chunkSize,
            boolean convBias,
            boolean projBias,
            boolean outBias,
            boolean rmsNorm,
            double timeStepMin,
            double timeStepMax) {
        public Mamba {
            positive("mamba_d_ssm", dSsm);
            positive("mamba_n_heads", nHeads);
            positive("mamba_d_head", dHead);
            positive("mamba_n_groups", nGroups);
            positive("mamba_d_state", dState);
            positive("mamba_d_conv", dConv);
            positive("mamba_chunk_size", chunkSize);
            if ((long) nHeads * dHead != dSsm) {
                throw new ConfigException(
                        "mamba_n_heads",
                        nHeads,
                        "must satisfy mamba_n_heads * mamba_d_head = mamba_d_ssm (%d * %d != %d)"
                                .formatted(nHeads, dHead, dSsm));
            }
            if (nHeads % nGroups != 0) {
                throw new ConfigException(
                        "mamba_n_groups", nGroups, "must divide mamba_n_heads (%d)".formatted(nHeads));
            }
            if (!(timeStepMin >= 0 && timeStepMax > timeStepMin)) {
                throw new ConfigException(
                        "time_step_limit", List.of(timeStepMin, timeStepMax), "must be [min, max] with 0 <= min < max");
            }
        }

        /** Channels of the convolution: x, B and C. */
        public int convChannels() {
            return dSsm + 2 * nGroups * dState;
        }

        /** Rows of the input projection: z, x, B, C and dt, in this order. */
        public int projectionRows() {
            return dSsm + convChannels() + nHeads;
        }
    }

    /**
     * muP forward multipliers.
     *
     * @param embedding of the embedding's rows
     * @param lmHead of the logits
     * @param key of the keys, before rotation
     * @param attentionIn of attention's input
     * @param attentionOut of attention's output
     * @param ssmIn of the mixer's input
     * @param ssmOut of the mixer's output
     * @param mlpGate of the gate projection, inside the SiLU
     * @param mlpDown of the feed-forward output
     * @param ssm of the mixer's projected parts, in the order z, x, B, C, dt
     */
    public record Multipliers(
            double embedding,
            double lmHead,
            double key,
            double attentionIn,
            double attentionOut,
            double ssmIn,
            double ssmOut,
            double mlpGate,
            double mlpDown,
            List<Double> ssm) {
        public Multipliers {
            ssm = List.copyOf(ssm);
            if (ssm.size() != 5) {
                throw new ConfigException("ssm_multipliers", ssm, "must be five numbers: z, x, B, C, dt");
            }
        }

        /** Of the gate z. */
        public double ssmZ() {
            return ssm.get(0);
        }

        /** Of the scan's input x. */
        public double ssmX() {
            return ssm.get(1);
        }

        /** Of B. */
        public double ssmB() {
            return ssm.get(2);
        }

        /** Of C. */
        public double ssmC() {
            return ssm.get(3);
        }

        /** Of the step size, before its bias. */
        public double ssmDt() {
            return ssm.get(4);
        }
    }

    public FalconH1Config {
        positive("vocab_size", vocabSize);
        positive("hidden_size", hiddenSize);
        positive("intermediate_size", intermediateSize);
        positive("num_hidden_layers", numHiddenLayers);
        positive("max_position_embeddings", maxPositionEmbeddings);
        if (!(rmsNormEps >= 0) || Double.isInfinite(rmsNormEps)) {
            throw new ConfigException("rms_norm_eps", rmsNormEps, "must be >= 0");
        }
        if (padTokenId < -1 || padTokenId >= vocabSize) {
            throw new ConfigException("pad_token_id", padTokenId, "must be < vocab_size (%d)".formatted(vocabSize));
        }
        eosTokenIds = List.copyOf(eosTokenIds);
    }

    /**
     * Reads a model's shape.
     *
     * @param file Hugging Face {@code config.json}, keys of version 4 or 5 of the library
     * @throws DataException if the file is missing or not JSON
     * @throws ConfigException if a key is missing, unknown, or breaks its rule; the message names key, value, rule and line
     */
    public static FalconH1Config read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DataException("%s: cannot read the model's shape (%s)".formatted(file, e), e);
        }
        return parse(text, file.toString());
    }

    /**
     * Reads a model's shape from text.
     *
     * @param text content of a {@code config.json}
     * @param origin what error messages call it
     */
    public static FalconH1Config parse(String text, String origin) {
        return new FalconH1ConfigReader(text, origin).read();
    }

    /** Writes the text that was read, key for key. */
    public void write(Path file) throws IOException {
        Files.writeString(file, json, StandardCharsets.UTF_8);
    }

    private static void positive(String key, int value) {
        if (value <= 0) {
            throw new ConfigException(key, value, "must be > 0");
        }
    }
}
