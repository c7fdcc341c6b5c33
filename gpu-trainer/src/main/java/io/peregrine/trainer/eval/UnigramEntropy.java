package io.peregrine.trainer.eval;

import io.peregrine.trainer.loader.TokenBatch;

/**
 * The entropy of single tokens: the loss of a model that knows how frequent each token is and nothing else. A trained
 * model has to be well below it.
 *
 * <p>The estimate from {@code n} tokens of a vocabulary of {@code v} is too low by about {@code (v - 1) / 2n} nats
 * (Miller, 1955).
 */
public final class UnigramEntropy {
    private final long[] counts;
    private long tokens;

    public UnigramEntropy(int vocabSize) {
        counts = new long[vocabSize];
    }

    /** Counts the tokens of a batch, padding left out. */
    public void add(TokenBatch batch) {
        int[] ids = batch.inputIds();
        int[] segments = batch.segmentIds();
        for (int i = 0; i < ids.length; i++) {
            if (segments[i] != TokenBatch.PADDING) {
                counts[ids[i]]++;
                tokens++;
            }
        }
    }

    /** Tokens counted. */
    public long tokens() {
        return tokens;
    }

    /** Entropy of the tokens counted, nats per token; 0 for none. */
    public double nats() {
        double sum = 0;
        for (long count : counts) {
            if (count > 0) {
                sum -= count * StrictMath.log((double) count / tokens);
            }
        }
        return tokens == 0 ? 0 : sum / tokens;
    }
}
