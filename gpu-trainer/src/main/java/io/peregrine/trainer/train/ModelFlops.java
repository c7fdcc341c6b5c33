package io.peregrine.trainer.train;

import io.peregrine.trainer.model.FalconH1Config;

/**
 * How much arithmetic the model itself asks for: what a throughput in FLOP/s is counted in.
 *
 * <p>A multiply-add is two operations; the backward pass costs twice the forward pass; what an implementation
 * recomputes, and element-wise work, does not count. Attention is counted for one document that fills the sequence,
 * and the scan as the recurrence (decay and update of the state, and reading it out), whatever the algorithm.
 */
public final class ModelFlops {
    private static final int PASSES = 3;

    private ModelFlops() {}

    /**
     * Operations to train on one token.
     *
     * @param config the model's shape
     * @param sequenceLength tokens per sequence
     */
    public static double perTrainedToken(FalconH1Config config, int sequenceLength) {
        FalconH1Config.Attention attention = config.attention();
        FalconH1Config.Mamba mamba = config.mamba();
        double hidden = config.hiddenSize();
        double attentionWeights = hidden * (2.0 * attention.queryWidth() + 2.0 * attention.keyValueWidth());
        double mambaWeights = hidden * (mamba.projectionRows() + (double) mamba.dSsm());
        double mlpWeights = 3.0 * hidden * config.intermediateSize();
        // Each query meets half of the sequence on average, once for the scores and once for the values.
        double attentionScores = (double) sequenceLength * attention.queryWidth();
        double scan = 2.0 * mamba.dSsm() * mamba.dState();
        double layer = attentionWeights + mambaWeights + mlpWeights + attentionScores + scan;
        double head = hidden * config.vocabSize();
        return PASSES * 2.0 * (config.numHiddenLayers() * layer + head);
    }
}
