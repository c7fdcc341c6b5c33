package io.peregrine.mixture;

import io.peregrine.data.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stream as the plan knows it.
 *
 * @param name the stream's name, also of its folder under the shards
 * @param tokenSharePpb share of the tokens asked for, parts per billion
 * @param sequenceSharePpb share of the sequences that gives this share of the tokens, parts per billion
 * @param documents documents in one epoch
 * @param tokens tokens in one epoch
 * @param groupSequences packed sequences of each packing group in the order of the groups; together they are one epoch,
 *     and number the rows of the stream's shards from 0
 * @param maxEpochs how often the stream may be seen, if that is limited
 * @param packingDigest identity of the stream's sequences: same digest, same rows
 */
public record PlannedStream(
        String name,
        int tokenSharePpb,
        int sequenceSharePpb,
        long documents,
        long tokens,
        List<Long> groupSequences,
        Optional<BigDecimal> maxEpochs,
        String packingDigest) {
    private static final long PPB = 1_000_000_000L;

    public PlannedStream {
        groupSequences = List.copyOf(groupSequences);
        long sequences = groupSequences.stream().mapToLong(Long::longValue).sum();
        boolean sharesAgree = (tokenSharePpb == 0) == (sequenceSharePpb == 0);
        if (tokenSharePpb < 0
                || tokenSharePpb > PPB
                || sequenceSharePpb < 0
                || sequenceSharePpb > PPB
                || !sharesAgree) {
            throw new DataException("stream '%s': shares %d and %d ppb: must be 0..1000000000, both or none 0"
                    .formatted(name, tokenSharePpb, sequenceSharePpb));
        }
        boolean anyGroupEmpty = groupSequences.stream().anyMatch(group -> group <= 0);
        if (documents <= 0 || tokens < documents || groupSequences.isEmpty() || anyGroupEmpty || sequences > tokens) {
            throw new DataException("stream '%s': %d documents, %d tokens, %d sequences: not a packed stream"
                    .formatted(name, documents, tokens, sequences));
        }
    }

    /** Packed sequences in one epoch; {@code 0..sequences-1} are the rows of the stream's shards. */
    public long sequences() {
        return groupSequences.stream().mapToLong(Long::longValue).sum();
    }

    /** Row at which each packing group begins. */
    public List<Long> groupStarts() {
        List<Long> starts = new ArrayList<>();
        long next = 0;
        for (long group : groupSequences) {
            starts.add(next);
            next += group;
        }
        return List.copyOf(starts);
    }

    /** Share of the sequences' places that hold tokens, parts per billion, rounded down. */
    public long fillPpb(int sequenceLength) {
        BigInteger places = BigInteger.valueOf(sequences()).multiply(BigInteger.valueOf(sequenceLength));
        return BigInteger.valueOf(tokens)
                .multiply(BigInteger.valueOf(PPB))
                .divide(places)
                .longValueExact();
    }
}
