package io.peregrine.trainer.experiments.arms;

/**
 * The loss of a trained arm on one held-out sequence.
 *
 * @param stream the sequence's stream
 * @param row its row in the stream's shards
 * @param nats summed over its predictions
 * @param predictions how many they are
 */
public record SequenceLoss(String stream, long row, double nats, long predictions) {}
