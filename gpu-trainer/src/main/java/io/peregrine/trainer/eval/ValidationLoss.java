package io.peregrine.trainer.eval;

import io.peregrine.data.DataException;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.LossSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The held-out sequences of a run, and the loss of a model on them.
 *
 * <p>The sequences are read once and kept. A stream of which nothing is held out does not appear.
 */
public final class ValidationLoss {
    private static final double LN_2 = 0.6931471805599453;

    private final Map<String, List<TokenBatch>> batches = new TreeMap<>();
    private final TextBytes textBytes;

    /**
     * Reads what is held out.
     *
     * @param heldOut which sequences
     * @param streams the shards
     * @param batchSequences sequences to compute at once
     * @param textBytes how long each token's text is
     */
    public ValidationLoss(HeldOut heldOut, ShardStreams streams, int batchSequences, TextBytes textBytes) {
        this.textBytes = textBytes;
        for (int stream = 0; stream < streams.plan().streams().size(); stream++) {
            List<TokenBatch> ofStream = new ArrayList<>();
            List<SequenceRef> waiting = new ArrayList<>();
            for (long row : heldOut.rowsOf(stream)) {
                waiting.add(new SequenceRef(stream, 0, row));
                if (waiting.size() == batchSequences) {
                    ofStream.add(streams.read(waiting));
                    waiting.clear();
                }
            }
            if (!waiting.isEmpty()) {
                ofStream.add(streams.read(waiting));
            }
            if (!ofStream.isEmpty()) {
                batches.put(streams.plan().streams().get(stream).name(), ofStream);
            }
        }
    }

    /** Whether there is nothing to measure on. */
    public boolean isEmpty() {
        return batches.isEmpty();
    }

    /**
     * Measures a model.
     *
     * @param model not changed
     * @param step optimizer steps it has had
     * @param tokens tokens it was trained on
     */
    public ValidationReport measure(FalconH1Model model, long step, long tokens) {
        LossSum total = LossSum.ZERO;
        long bytes = 0;
        Map<String, Double> streams = new TreeMap<>();
        for (Map.Entry<String, List<TokenBatch>> stream : batches.entrySet()) {
            LossSum sum = LossSum.ZERO;
            for (TokenBatch batch : stream.getValue()) {
                sum = sum.plus(model.loss(batch));
                bytes += textBytes.ofPredictions(batch);
            }
            streams.put(stream.getKey(), sum.mean());
            total = total.plus(sum);
        }
        if (total.predictions() == 0) {
            throw new DataException(
                    "nothing is held out to validate on: give train.validation.sequences more sequences");
        }
        double bitsPerByte = total.nats() / LN_2 / bytes;
        return new ValidationReport(step, tokens, total.mean(), bitsPerByte, total.predictions(), streams);
    }
}
