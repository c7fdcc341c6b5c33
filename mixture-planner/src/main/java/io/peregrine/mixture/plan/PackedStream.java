package io.peregrine.mixture.plan;

import io.peregrine.data.DataException;

/**
 * What packing made of a stream: all that the planner has to know of it.
 *
 * @param name the stream's name
 * @param documents documents in one epoch, {@code > 0}
 * @param tokens tokens in one epoch, {@code > 0}
 * @param sequences sequences in one epoch, {@code > 0}
 * @param packingDigest identity of the sequences
 */
public record PackedStream(String name, long documents, long tokens, long sequences, String packingDigest) {
    public PackedStream {
        if (documents <= 0 || tokens < documents || sequences <= 0 || sequences > tokens) {
            throw new DataException("stream '%s': %d documents, %d tokens, %d sequences: nothing to train on"
                    .formatted(name, documents, tokens, sequences));
        }
    }
}
