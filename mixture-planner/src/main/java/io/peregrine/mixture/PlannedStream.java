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
 * @param askedSharePpb share of the tokens asked for in the mean of the run, parts per billion
 * @param tokenSharePpb share of the tokens planned in the mean of the run: less than asked for where a cap binds, and more
 *     where it binds others; 0 if the stream has no part in the plan
 * @param cappedBy the cap that binds, if one does in any block
 * @param documents documents in one epoch
 * @param tokens tokens in one epoch
 * @param groupSequences packed sequences of each packing group in the order of the groups; together they are one epoch,
 *     and number the rows of the stream's shards from 0
 * @param maxEpochs how often the stream may be seen, if that is limited
 * @param windowTokens tokens that have to pass before the stream comes again, if that is asked for
 * @param reuseGroup streams with the same group hold versions of the same documents
 * @param packingDigest identity of the stream's sequences: same digest, same rows
 */
public record PlannedStream(
        String name,
        int askedSharePpb,
        int tokenSharePpb,
        Optional<CapReason> cappedBy,
        long documents,
        long tokens,
        List<Long> groupSequences,
        Optional<BigDecimal> maxEpochs,
        Optional<Long> windowTokens,
        Optional<String> reuseGroup,
        String packingDigest) {
    private static final long PPB = BlockShares.WHOLE_PPB;

    public PlannedStream {
        groupSequences = List.copyOf(groupSequences);
        long sequences = groupSequences.stream().mapToLong(Long::longValue).sum();
        if (askedSharePpb < 0 || askedSharePpb > PPB || tokenSharePpb < 0 || tokenSharePpb > PPB) {
            throw new DataException("stream '%s': shares %d and %d ppb: must be 0..%d"
                    .formatted(name, askedSharePpb, tokenSharePpb, PPB));
        }
        boolean anyGroupEmpty = groupSequences.stream().anyMatch(group -> group <= 0);
        if (documents <= 0 || tokens < documents || groupSequences.isEmpty() || anyGroupEmpty || sequences > tokens) {
            throw new DataException("stream '%s': %d documents, %d tokens, %d sequences: not a packed stream"
                    .formatted(name, documents, tokens, sequences));
        }
    }

    /** Whether any block has a sequence of the stream. */
    public boolean planned() {
        return tokenSharePpb > 0;
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
