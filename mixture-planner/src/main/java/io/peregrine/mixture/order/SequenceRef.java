package io.peregrine.mixture.order;

/**
 * The sequence at a position.
 *
 * @param stream index of the stream in the plan
 * @param epoch how often the plan has been through the stream before, from 0
 * @param row row of the stream's shards ({@code seq_ord}), {@code 0..sequences-1}
 */
public record SequenceRef(int stream, long epoch, long row) {}
