package io.peregrine.mixture.window;

/**
 * A sequence that a run trained on once before a checkpoint.
 *
 * @param stream index of its stream in the plan
 * @param row row of the stream's shards
 * @param bin of its age
 * @param step that trained on it
 * @param ageSequences sequences trained on from the beginning of that step to the checkpoint
 */
public record Exposure(int stream, long row, int bin, int step, long ageSequences) {}
