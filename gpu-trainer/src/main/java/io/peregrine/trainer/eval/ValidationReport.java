package io.peregrine.trainer.eval;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The loss on held-out sequences after a step.
 *
 * @param step optimizer steps done
 * @param tokens tokens trained on so far
 * @param loss over all held-out predictions, nats per token
 * @param bitsPerByte the same over the bytes of the text predicted
 * @param predictions how many tokens were predicted
 * @param streams loss of each stream by itself, nats per token
 */
public record ValidationReport(
        long step, long tokens, double loss, double bitsPerByte, long predictions, Map<String, Double> streams) {
    public ValidationReport {
        streams = Collections.unmodifiableMap(new TreeMap<>(streams));
    }
}
