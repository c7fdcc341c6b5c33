package io.peregrine.trainer.export;

import io.peregrine.trainer.loader.TokenBatch;
import java.util.ArrayList;
import java.util.List;

/** A packed sequence as a trainer sees it: its tokens, and the exclusive ends of the pieces in it. */
record Sequence(List<Integer> tokens, List<Integer> docEnds) {
    /** The sequences of a batch of the loader. */
    static List<Sequence> of(TokenBatch batch) {
        List<Sequence> sequences = new ArrayList<>();
        for (int row = 0; row < batch.batch(); row++) {
            List<Integer> tokens = new ArrayList<>();
            List<Integer> docEnds = new ArrayList<>();
            int begin = row * batch.seqLen();
            for (int column = 0; column < batch.seqLen(); column++) {
                int segment = batch.segmentIds()[begin + column];
                if (segment == TokenBatch.PADDING) {
                    break;
                }
                if (segment > docEnds.size()) {
                    docEnds.add(column);
                }
                tokens.add(batch.inputIds()[begin + column]);
            }
            docEnds.add(tokens.size());
            sequences.add(new Sequence(tokens, docEnds));
        }
        return sequences;
    }

    /** The same without the bounds inside. */
    Sequence whole() {
        return new Sequence(tokens, List.of(tokens.size()));
    }
}
