package io.peregrine.trainer.train;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Config;

/**
 * How much arithmetic the model itself asks for: what a throughput in FLOP/s is counted in.
 *
 * <p>A multiply-add is two operations; the backward pass costs twice the forward pass; what an implementation
 * recomputes, and element-wise work, does not count. Attention is counted inside documents, half of what all pairs of
 * tokens would be, and the scan as the recurrence (decay and update of the state, and reading it out), whatever the
 * algorithm.
 */
public final class ModelFlops {
    private static final int PASSES = 3;

    private ModelFlops() {}

    /**
     * Operations to train on one token of a document that fills its sequence.
     *
     * @param config the model's shape
     * @param sequenceLength tokens per sequence
     */
    public static double perTrainedToken(FalconH1Config config, int sequenceLength) {
        return perTokenWithoutScores(config) + scores(config, sequenceLength);
    }

    /** Operations to train on a batch: as many scores as its documents have pairs of tokens. */
    public static double ofTraining(FalconH1Config config, TokenBatch batch) {
        double squares = 0;
        int[] segments = batch.segmentIds();
        for (int from = 0; from < segments.length; ) {
            int row = from / batch.seqLen();
            int to = from + 1;
            while (to < segments.length && to / batch.seqLen() == row && segments[to] == segments[from]) {
                to++;
            }
            double length = to - (double) from;
            squares += segments[from] == TokenBatch.PADDING ? 0 : length * length;
            from = to;
        }
        return batch.tokens() * perTokenWithoutScores(config) + scores(config, squares);
    }

    /** Of a token's attention to {@code keys} keys, of which causality leaves half, for scores and for values. */
    private static double scores(FalconH1Config config, double keys) {
        return PASSES
                * 2.0
                * config.numHiddenLayers()
                * keys
                * config.attention().queryWidth();
    }

    private static double perTokenWithoutScores(FalconH1Config config) {
        FalconH1Config.Attention attention = config.attention();
        FalconH1Config.Mamba mamba = config.mamba();
        double hidden = config.hiddenSize();
        double attentionWeights = hidden * (2.0 * attention.queryWidth() + 2.0 * attention.keyValueWidth());
        double mambaWeights = hidden * (mamba.projectionRows() + (double) mamba.dSsm());
        double mlpWeights = 3.0 * hidden * config.intermediateSize();
        double scan = 2.0 * mamba.dSsm() * mamba.dState();
        double layer = attentionWeights + mambaWeights + mlpWeights + scan;
        double head = hidden * config.vocabSize();
        return PASSES * 2.0 * (config.numHiddenLayers() * layer + head);
    }
}
