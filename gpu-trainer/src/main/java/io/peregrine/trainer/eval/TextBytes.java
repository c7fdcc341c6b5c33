package io.peregrine.trainer.eval;

import io.peregrine.trainer.loader.TokenBatch;
import java.util.function.IntUnaryOperator;

/**
 * How many bytes of text each token stands for; a special token stands for none.
 *
 * <p>Thread: safe.
 */
public final class TextBytes {
    private final int[] bytes;

    /**
     * @param vocabSize how many tokens there are
     * @param bytesOf bytes of the text of a token, 0 for a special one
     */
    public TextBytes(int vocabSize, IntUnaryOperator bytesOf) {
        bytes = new int[vocabSize];
        for (int id = 0; id < vocabSize; id++) {
            bytes[id] = bytesOf.applyAsInt(id);
        }
    }

    /** Bytes of all tokens that a batch has predictions for. */
    public long ofPredictions(TokenBatch batch) {
        long sum = 0;
        for (int row = 0; row < batch.batch(); row++) {
            for (int column = 0; column < batch.seqLen(); column++) {
                if (batch.predicts(row, column)) {
                    sum += bytes[batch.inputIds()[row * batch.seqLen() + column + 1]];
                }
            }
        }
        return sum;
    }
}
