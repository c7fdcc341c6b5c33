package io.peregrine.mixture.plan;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.StreamMix;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Decides a mixture: budget, shares of the sequences, caps, and the count of every block. */
public final class MixturePlanner {
    private static final BigInteger PPB = BigInteger.valueOf(Shares.DENOMINATOR);

    private final MixtureConfig config;
    private final List<PackedStream> packed;
    private final List<StreamMix> asked;
    private final List<Integer> tokenShares;
    private final List<Integer> sequenceShares;

    private MixturePlanner(MixtureConfig config, List<PackedStream> packed) {
        this.config = config;
        this.packed =
                packed.stream().sorted(Comparator.comparing(PackedStream::name)).toList();
        requireSameNames();
        this.asked = this.packed.stream()
                .map(stream -> config.streams().get(stream.name()))
                .toList();
        this.tokenShares =
                Shares.ofWeights(asked.stream().map(StreamMix::weight).toList());
        this.sequenceShares = Shares.ofSequences(
                tokenShares,
                this.packed.stream().map(PackedStream::tokens).toList(),
                this.packed.stream().map(PackedStream::sequences).toList());
        requireSharesLargeEnough();
    }

    /**
     * Plans.
     *
     * @param config what is asked for
     * @param packed what packing made of each stream
     * @param tokenBytes bytes per token in the shards, 2 or 4
     * @param seed key of all random numbers of order and packing, 16 hexadecimal digits
     * @throws ConfigException if streams and weights do not match, or a stream would be seen more often than it may;
     *     the message names the streams, the tokens that are missing and the largest budget there is data for
     */
    public static MixturePlan plan(MixtureConfig config, List<PackedStream> packed, int tokenBytes, String seed) {
        MixturePlanner planner = new MixturePlanner(config, packed);
        long total = planner.totalSequences();
        planner.requireCaps(total);
        BlockCounts counts =
                BlockPlanner.plan(WeightSchedule.constant(planner.sequenceShares, total, config.blockSizeSequences()));
        return new MixturePlan(
                config.sequenceLength(),
                config.blockSizeSequences(),
                total,
                config.shardSequences(),
                config.windowSequences(),
                config.packing(),
                config.packingGroupDocuments(),
                tokenBytes,
                seed,
                planner.streams(),
                counts);
    }

    private void requireSameNames() {
        Set<String> have = packed.stream().map(PackedStream::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> unnamed = new TreeSet<>(have);
        unnamed.removeAll(config.streams().keySet());
        if (!unnamed.isEmpty()) {
            throw new ConfigException(
                    "mixture.streams",
                    config.streams().keySet(),
                    "must name every stream of the tokens, and %s is missing; weight 0 leaves a stream out"
                            .formatted(unnamed));
        }
        Set<String> unknown = new TreeSet<>(config.streams().keySet());
        unknown.removeAll(have);
        if (!unknown.isEmpty()) {
            throw new ConfigException(
                    "mixture.streams",
                    unknown,
                    "no such stream; the tokens have %s. Remove it, or add its source to the run".formatted(have));
        }
    }

    private void requireSharesLargeEnough() {
        for (int i = 0; i < packed.size(); i++) {
            if (asked.get(i).weight().signum() > 0 && (tokenShares.get(i) == 0 || sequenceShares.get(i) == 0)) {
                throw new ConfigException(
                        "mixture.streams." + packed.get(i).name() + ".weight",
                        asked.get(i).weight().toPlainString(),
                        "is less than one part per billion of the mixture; leave the stream out with weight 0");
            }
        }
    }

    private long totalSequences() {
        if (config.totalTokens().isPresent()) {
            BigDecimal tokens = BigDecimal.valueOf(config.totalTokens().get());
            return longOf(tokens.divide(tokensPerSequence(), 0, RoundingMode.CEILING), "total-tokens", tokens);
        }
        BigDecimal epochs = config.epochs()
                .orElseThrow(() -> new ConfigException(
                        "mixture.total-tokens", "missing", "give a budget: total-tokens or epochs"));
        BigDecimal total = sequencesWithin(
                i -> epochs.multiply(BigDecimal.valueOf(packed.get(i).sequences())));
        if (total.signum() <= 0) {
            throw new ConfigException("mixture.epochs", epochs, "gives less than one sequence");
        }
        return longOf(total, "epochs", epochs);
    }

    private static long longOf(BigDecimal sequences, String key, BigDecimal value) {
        if (sequences.compareTo(BigDecimal.valueOf(1L << 48)) > 0) {
            throw new ConfigException("mixture." + key, value, "gives more than 2^48 sequences");
        }
        return sequences.longValueExact();
    }

    /** Tokens of a sequence in the mean of the mixture. */
    private BigDecimal tokensPerSequence() {
        BigDecimal mean = BigDecimal.ZERO;
        for (int i = 0; i < packed.size(); i++) {
            mean = mean.add(tokensPerSequence(i).multiply(BigDecimal.valueOf(sequenceShares.get(i))));
        }
        return mean.movePointLeft(9);
    }

    /** Tokens of a sequence of the stream, in the mean. */
    private BigDecimal tokensPerSequence(int i) {
        return BigDecimal.valueOf(packed.get(i).tokens())
                .divide(BigDecimal.valueOf(packed.get(i).sequences()), 18, RoundingMode.HALF_UP);
    }

    /** The most sequences of the mixture that ask of no stream more than so many of its own. */
    private BigDecimal sequencesWithin(java.util.function.IntFunction<BigDecimal> most) {
        BigDecimal total = null;
        for (int i = 0; i < packed.size(); i++) {
            if (sequenceShares.get(i) > 0) {
                BigDecimal own = most.apply(i)
                        .multiply(new BigDecimal(PPB))
                        .divide(BigDecimal.valueOf(sequenceShares.get(i)), 0, RoundingMode.FLOOR);
                total = total == null || own.compareTo(total) < 0 ? own : total;
            }
        }
        return total;
    }

    /** How many sequences the stream may give, rounded up to a whole one. */
    private BigDecimal cap(int i) {
        return asked.get(i)
                .maxEpochs()
                .map(epochs -> epochs.multiply(BigDecimal.valueOf(packed.get(i).sequences()))
                        .setScale(0, RoundingMode.CEILING))
                // More than any plan has: 2^48 sequences times a billion.
                .orElse(BigDecimal.TEN.pow(24));
    }

    private void requireCaps(long total) {
        List<String> binding = new ArrayList<>();
        for (int i = 0; i < packed.size(); i++) {
            BigDecimal needed = new BigDecimal(
                            BigInteger.valueOf(total).multiply(BigInteger.valueOf(sequenceShares.get(i))))
                    .movePointLeft(9)
                    .setScale(0, RoundingMode.CEILING);
            BigDecimal missing = needed.subtract(cap(i));
            if (missing.signum() > 0) {
                binding.add("stream '%s' needs %s tokens more than the %s of %s epochs of its %d"
                        .formatted(
                                packed.get(i).name(),
                                tokens(missing, i),
                                tokens(cap(i), i),
                                asked.get(i).maxEpochs().orElseThrow().toPlainString(),
                                packed.get(i).tokens()));
            }
        }
        if (!binding.isEmpty()) {
            BigDecimal largest = sequencesWithin(this::cap).multiply(tokensPerSequence());
            throw new ConfigException(
                    ("mixture: not enough data: %s. Lower its weight, raise its max-epochs, add data, or "
                                    + "lower the budget to %s tokens")
                            .formatted(
                                    String.join("; ", binding),
                                    largest.setScale(0, RoundingMode.FLOOR).toPlainString()));
        }
    }

    private String tokens(BigDecimal sequences, int i) {
        return sequences
                .multiply(tokensPerSequence(i))
                .setScale(0, RoundingMode.CEILING)
                .toPlainString();
    }

    private List<PlannedStream> streams() {
        List<PlannedStream> streams = new ArrayList<>();
        for (int i = 0; i < packed.size(); i++) {
            PackedStream stream = packed.get(i);
            streams.add(new PlannedStream(
                    stream.name(),
                    tokenShares.get(i),
                    sequenceShares.get(i),
                    stream.documents(),
                    stream.tokens(),
                    stream.groupSequences(),
                    asked.get(i).maxEpochs(),
                    stream.packingDigest()));
        }
        return streams;
    }
}
