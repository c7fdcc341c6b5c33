package io.peregrine.mixture.plan;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.CapMode;
import io.peregrine.mixture.CapReason;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlanChange;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.StreamMix;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Decides a mixture: budget, shares of every block below their caps, and the counts that follow them. */
public final class MixturePlanner {
    /** More is no run that anybody trains, and leaves room in 63 bits. */
    private static final long SEQUENCES_MAX = 1L << 48;

    /** Shares change the tokens of a sequence, and so the length of the run, and so the shares; a few rounds settle it. */
    private static final int ROUNDS_MAX = 16;

    private final MixtureConfig config;
    private final List<PackedStream> packed;
    private final List<StreamMix> mixes;
    private final AskedWeights asked;
    private final Optional<PlannedPart> before;

    private MixturePlanner(MixtureConfig config, List<PackedStream> packed, Optional<PlannedPart> before) {
        this.config = config;
        this.before = before;
        this.packed =
                packed.stream().sorted(Comparator.comparing(PackedStream::name)).toList();
        requireSameNames(
                config, this.packed.stream().map(PackedStream::name).collect(Collectors.toCollection(TreeSet::new)));
        this.mixes = this.packed.stream()
                .map(stream -> config.streams().get(stream.name()))
                .toList();
        this.asked = AskedWeights.of(
                config, this.packed.stream().map(PackedStream::name).toList());
    }

    /**
     * Plans.
     *
     * @param config what is asked for
     * @param packed what packing made of each stream
     * @param tokenBytes bytes per token in the shards, 2 or 4
     * @param seed key of all random numbers of order and packing, 16 hexadecimal digits
     * @throws ConfigException if streams and weights do not match, or the streams may not give what is asked for; the
     *     message names the streams and the tokens that are missing
     */
    public static MixturePlan plan(MixtureConfig config, List<PackedStream> packed, int tokenBytes, String seed) {
        return new MixturePlanner(config, packed, Optional.empty()).plan(tokenBytes, seed, List.of());
    }

    /**
     * Plans anew from a block on; the blocks before it stay as they are. The settings describe the whole run: its budget
     * counts what has been given before, and the schedule has the shares of the blocks that are still to come.
     *
     * @param parent the plan in force
     * @param fromBlock the first block that may differ, {@code 1..parent.counts().blocks()}
     * @param config what is asked for now; may differ from before in weights, schedule, caps, limits and budget
     * @param packed what packing made of each stream; those that the parent has given sequences of must be the same
     * @throws ConfigException as {@link #plan} does, or if something differs that a run under way cannot change
     */
    public static MixturePlan change(
            MixturePlan parent, int fromBlock, MixtureConfig config, List<PackedStream> packed) {
        PlannedPart before = new PlannedPart(parent, fromBlock, packed);
        before.requireSame(config);
        return new MixturePlanner(config, packed, Optional.of(before))
                .plan(parent.tokenBytes(), parent.seed(), parent.changes());
    }

    private MixturePlan plan(int tokenBytes, String seed, List<PlanChange> changes) {
        List<Integer> tokenMeans = Shares.quantize(asked.means());
        BlockGrid grid = grid(Shares.ofSequences(tokenMeans, packed));
        MixtureCaps.Capped capped = capped(grid);
        for (int round = 0; round < ROUNDS_MAX; round++) {
            BlockGrid next = grid(means(capped.sequenceShares(), rest(grid)));
            if (next.equals(grid)) {
                break;
            }
            grid = next;
            capped = capped(grid);
        }
        requireSharesLargeEnough(capped);
        WeightSchedule schedule = new WeightSchedule.PlannedWeights(capped.sequenceShares(), rest(grid));
        BlockShares shares = capped.sequenceShares();
        BlockCounts counts;
        List<PlanChange> lineage = new ArrayList<>(changes);
        if (before.isEmpty()) {
            counts = BlockPlanner.plan(schedule);
        } else {
            Optional<BlockCounts> planned =
                    BlockPlanner.plan(schedule, before.get().duePpb());
            boolean rebased = planned.isEmpty();
            counts = before.get()
                    .counts()
                    .upTo(before.get().block(), planned.orElseGet(() -> BlockPlanner.plan(schedule)));
            shares = before.get().shares().then(shares);
            lineage.add(new PlanChange(before.get().digest(), before.get().block(), rebased, Optional.empty()));
        }
        return new MixturePlan(
                config.sequenceLength(),
                config.blockSizeSequences(),
                grid.totalSequences(),
                config.shardSequences(),
                config.windowSequences(),
                config.packing(),
                config.packingGroupDocuments(),
                tokenBytes,
                seed,
                streams(tokenMeans, capped.cappedBy(), shares, grid),
                shares,
                counts,
                lineage);
    }

    private int firstBlock() {
        return before.map(PlannedPart::block).orElse(0);
    }

    /** The blocks that are planned now. */
    private BlockGrid rest(BlockGrid grid) {
        return new BlockGrid(grid.totalSequences() - (long) firstBlock() * grid.blockSize(), grid.blockSize());
    }

    /**
     * Checks that settings name the streams that there are: all that can be told before any is packed.
     *
     * @param have the streams of the tokens
     * @throws ConfigException naming the streams that are in one and not in the other
     */
    public static void requireSameNames(MixtureConfig config, SortedSet<String> have) {
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
                    ("no such stream; the tokens have %s. Remove it, or add its source to the run; a source whose documents "
                                    + "were all dropped has no stream")
                            .formatted(have));
        }
    }

    /** The blocks of the budget, if its sequences are shared out like this in the mean. */
    private BlockGrid grid(List<Integer> sequenceShares) {
        return new BlockGrid(totalSequences(sequenceShares), config.blockSizeSequences());
    }

    private long totalSequences(List<Integer> sequenceShares) {
        long given = before.map(PlannedPart::sequences).orElse(0L);
        if (config.totalTokens().isPresent()) {
            BigDecimal tokens = BigDecimal.valueOf(config.totalTokens().get());
            BigDecimal left = tokens.subtract(before.map(PlannedPart::tokens).orElse(BigDecimal.ZERO));
            if (left.signum() <= 0) {
                throw new ConfigException(
                        "mixture.total-tokens",
                        tokens.toPlainString(),
                        "must be more than the %s tokens of the blocks before block %d"
                                .formatted(before.get().tokens().setScale(0, RoundingMode.HALF_UP), firstBlock()));
            }
            BigDecimal total = left.divide(Shares.tokensPerSequence(sequenceShares, packed), 0, RoundingMode.CEILING);
            return longOf(total.add(BigDecimal.valueOf(given)), "total-tokens", tokens);
        }
        BigDecimal epochs = config.epochs()
                .orElseThrow(() -> new ConfigException(
                        "mixture.total-tokens", "missing", "give a budget: total-tokens or epochs"));
        BigDecimal total = null;
        for (int i = 0; i < packed.size(); i++) {
            if (sequenceShares.get(i) > 0) {
                BigDecimal own = epochs.multiply(
                                BigDecimal.valueOf(packed.get(i).sequences()))
                        .subtract(BigDecimal.valueOf(given(i)))
                        .movePointRight(9)
                        .divide(BigDecimal.valueOf(sequenceShares.get(i)), 0, RoundingMode.FLOOR);
                total = total == null || own.compareTo(total) < 0 ? own : total;
            }
        }
        if (total == null || total.signum() <= 0) {
            throw new ConfigException("mixture.epochs", epochs, "gives less than one sequence");
        }
        return longOf(total.add(BigDecimal.valueOf(given)), "epochs", epochs);
    }

    /** Sequences of a stream that the blocks before have. */
    private long given(int stream) {
        return before.map(part -> part.counts().start(part.block(), stream)).orElse(0L);
    }

    private static long longOf(BigDecimal sequences, String key, BigDecimal value) {
        if (sequences.compareTo(BigDecimal.valueOf(SEQUENCES_MAX)) > 0) {
            throw new ConfigException("mixture." + key, value, "gives more than 2^48 sequences");
        }
        return sequences.longValueExact();
    }

    private MixtureCaps.Capped capped(BlockGrid grid) {
        BlockShares shares = asked.over(grid.blocks()).from(firstBlock());
        BigDecimal runTokens = BigDecimal.valueOf(grid.totalSequences())
                .multiply(Shares.tokensPerSequence(Shares.ofSequences(Shares.quantize(asked.means()), packed), packed));
        List<Long> given =
                IntStream.range(0, packed.size()).mapToObj(this::given).toList();
        MixtureCaps caps = new MixtureCaps(
                rest(grid), firstBlock(), packed, mixes, given, runTokens, config.windowSequences(), shares);
        MixtureCaps.Capped capped = caps.apply();
        if (config.caps() == CapMode.REFUSE && !capped.tokenShares().equals(shares)) {
            throw new ConfigException(
                    "mixture.caps",
                    "refuse",
                    "%s. Lower these weights, raise the caps, add data, or let 'caps: project' give what is over to the other streams"
                            .formatted(asMuchAs(capped, shares, rest(grid))));
        }
        return capped;
    }

    private String asMuchAs(MixtureCaps.Capped capped, BlockShares shares, BlockGrid grid) {
        List<Integer> wanted = means(shares, grid);
        List<Integer> given = means(capped.tokenShares(), grid);
        List<String> binding = new ArrayList<>();
        for (int i = 0; i < packed.size(); i++) {
            if (capped.cappedBy().get(i).isPresent()) {
                binding.add("stream '%s' is asked for %s of the tokens, and %s allows %s"
                        .formatted(
                                packed.get(i).name(),
                                decimal(wanted.get(i)),
                                "its " + capped.cappedBy().get(i).get().key(),
                                decimal(given.get(i))));
            }
        }
        return String.join("; ", binding);
    }

    private static String decimal(int ppb) {
        return BigDecimal.valueOf(ppb).movePointLeft(9).stripTrailingZeros().toPlainString();
    }

    private void requireSharesLargeEnough(MixtureCaps.Capped capped) {
        for (int i = 0; i < packed.size(); i++) {
            for (int run = 0;
                    run < capped.tokenShares().blocks();
                    run = capped.tokenShares().runEnd(run)) {
                int tokens = capped.tokenShares().ppb(run, i);
                if (tokens > 0 && capped.sequenceShares().ppb(run, i) == 0) {
                    throw new ConfigException(
                            "mixture.streams." + packed.get(i).name() + ".weight",
                            decimal(tokens),
                            "is less than one part per billion of the sequences; leave the stream out with weight 0");
                }
            }
        }
    }

    /** Shares in the mean of the run; at least one part per billion for a stream that has a part in it. */
    private static List<Integer> means(BlockShares shares, BlockGrid grid) {
        List<BigInteger> sums = IntStream.range(0, shares.streams())
                .mapToObj(stream -> grid.duePpb(shares, stream))
                .toList();
        List<Integer> means = new ArrayList<>(Shares.quantize(sums));
        for (int i = 0; i < means.size(); i++) {
            means.set(i, Math.max(means.get(i), sums.get(i).signum()));
        }
        return means;
    }

    private List<PlannedStream> streams(
            List<Integer> askedMeans, List<Optional<CapReason>> cappedBy, BlockShares sequenceShares, BlockGrid grid) {
        List<Integer> tokenMeans = Shares.ofTokens(means(sequenceShares, grid), packed);
        List<PlannedStream> streams = new ArrayList<>();
        for (int i = 0; i < packed.size(); i++) {
            PackedStream stream = packed.get(i);
            streams.add(new PlannedStream(
                    stream.name(),
                    askedMeans.get(i),
                    tokenMeans.get(i),
                    cappedBy.get(i),
                    stream.documents(),
                    stream.tokens(),
                    stream.groupSequences(),
                    mixes.get(i).maxEpochs(),
                    mixes.get(i).windowTokens(),
                    mixes.get(i).reuseGroup(),
                    stream.packingDigest()));
        }
        return streams;
    }
}
