package io.peregrine.mixture.plan;

import io.peregrine.data.DataException;
import io.peregrine.mixture.MixturePlan;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * What packing made of a stream: all that the planner has to know of it.
 *
 * @param name the stream's name
 * @param documents documents in one epoch, {@code > 0}
 * @param tokens tokens in one epoch, {@code > 0}
 * @param groupSequences sequences of each packing group, in the order of the groups, each {@code > 0}
 * @param packingDigest identity of the sequences
 */
public record PackedStream(String name, long documents, long tokens, List<Long> groupSequences, String packingDigest) {
    public PackedStream {
        groupSequences = List.copyOf(groupSequences);
        long sequences = sum(groupSequences);
        if (documents <= 0 || tokens < documents || sequences <= 0 || sequences > tokens) {
            throw new DataException(
                    "stream '%s': %d documents, %d tokens, %d sequences: nothing to train on; add documents, or leave the stream out with weight 0"
                            .formatted(name, documents, tokens, sequences));
        }
    }

    /** The streams of a plan, as packing gave them. */
    static List<PackedStream> of(MixturePlan plan) {
        return plan.streams().stream()
                .map(stream -> new PackedStream(
                        stream.name(),
                        stream.documents(),
                        stream.tokens(),
                        stream.groupSequences(),
                        stream.packingDigest()))
                .toList();
    }

    /** Sequences in one epoch. */
    public long sequences() {
        return sum(groupSequences);
    }

    /** Tokens of one of its sequences in the mean. */
    BigDecimal tokensPerSequence() {
        return BigDecimal.valueOf(tokens).divide(BigDecimal.valueOf(sequences()), 18, RoundingMode.HALF_UP);
    }

    private static long sum(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sum();
    }
}
