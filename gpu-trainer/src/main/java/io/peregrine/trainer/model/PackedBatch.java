package io.peregrine.trainer.model;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.LossOps;
import io.peregrine.trainer.ops.Resets;
import io.peregrine.trainer.ops.Segments;

/** A batch as the parts of the model see it: tokens, targets, and how far back each part may look. */
final class PackedBatch {
    private final TokenBatch tokens;
    private final Segments conv;
    private final Resets scan;
    private final Segments attention;

    PackedBatch(TokenBatch tokens, DocumentBoundaries boundaries) {
        this.tokens = tokens;
        Segments documents = Segments.of(tokens.batch(), tokens.seqLen(), tokens.segmentIds());
        Segments whole = Segments.whole(tokens.batch(), tokens.seqLen());
        this.conv = boundaries.conv(whole, documents);
        this.scan = boundaries.scan(whole, documents);
        this.attention = boundaries.attention(whole, documents);
    }

    int rows() {
        return tokens.batch() * tokens.seqLen();
    }

    int batch() {
        return tokens.batch();
    }

    int seqLen() {
        return tokens.seqLen();
    }

    int[] ids() {
        return tokens.inputIds();
    }

    Segments conv() {
        return conv;
    }

    Resets scan() {
        return scan;
    }

    Segments attention() {
        return attention;
    }

    /** The next token of each row, or {@link LossOps#NO_TARGET}. */
    int[] targets() {
        int[] targets = new int[rows()];
        for (int row = 0; row < tokens.batch(); row++) {
            for (int column = 0; column < tokens.seqLen(); column++) {
                int at = row * tokens.seqLen() + column;
                targets[at] = tokens.predicts(row, column) ? ids()[at + 1] : LossOps.NO_TARGET;
            }
        }
        return targets;
    }
}
