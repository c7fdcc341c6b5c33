package io.peregrine.mixture.plan;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.CapReason;
import io.peregrine.mixture.StreamMix;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the shares of a run below what its streams may give.
 *
 * <p>A stream that repeats may have a share of at most {@code U / M} in any block, with {@code U} its tokens and {@code M}
 * its memorization window: then {@code M} tokens pass before one epoch of it has. And its whole run may be at most {@code
 * max-epochs} of it; where that is too little, its highest shares are cut to one level, as water fills a vessel (UniMax,
 * arXiv:2304.09151). What is cut goes to the other streams of the block in proportion to their shares ({@link
 * CappedShares}), which may bring them to their own caps; so levels are lowered until all hold.
 */
final class MixtureCaps {
    private static final BigInteger PPB = BigInteger.valueOf(Shares.DENOMINATOR);

    private final BlockGrid grid;
    private final int firstBlock;
    private final List<PackedStream> streams;
    private final List<StreamMix> mixes;
    private final List<Long> given;
    private final BigDecimal runTokens;
    private final BlockShares asked;
    private final int[] levels;
    private final CapReason[] reasons;

    /**
     * Shares below their caps.
     *
     * @param tokenShares shares of the tokens
     * @param sequenceShares shares of the sequences that give them
     * @param cappedBy for each stream the cap that binds in some block, if one does
     */
    record Capped(BlockShares tokenShares, BlockShares sequenceShares, List<Optional<CapReason>> cappedBy) {}

    /**
     * @param grid the blocks to be planned
     * @param firstBlock number of the first of them in the run
     * @param streams what packing made of each stream
     * @param mixes the limits of each stream, in the same order
     * @param given sequences of each stream that the blocks before have
     * @param runTokens tokens of the whole run, about
     * @param windowSequences sequences inside which each epoch has an order of its own
     * @param asked shares of the tokens asked for
     */
    MixtureCaps(
            BlockGrid grid,
            int firstBlock,
            List<PackedStream> streams,
            List<StreamMix> mixes,
            List<Long> given,
            BigDecimal runTokens,
            int windowSequences,
            BlockShares asked) {
        this.grid = grid;
        this.firstBlock = firstBlock;
        this.streams = streams;
        this.mixes = mixes;
        this.given = given;
        this.runTokens = runTokens;
        this.asked = asked;
        this.levels = new int[streams.size()];
        this.reasons = new CapReason[streams.size()];
        Arrays.fill(levels, Shares.DENOMINATOR);
        for (int i = 0; i < levels.length; i++) {
            if (mixes.get(i).windowTokens().isPresent() && mayRepeat(mixes.get(i)) && !outlastsRun(i)) {
                lower(
                        i,
                        windowLevel(streams.get(i), mixes.get(i).windowTokens().get(), windowSequences),
                        CapReason.WINDOW);
            }
        }
    }

    /** A window that is longer than the run is kept by a stream that does not come again in it. */
    private boolean outlastsRun(int stream) {
        return mixes.get(stream)
                .windowTokens()
                .filter(window -> runTokens.compareTo(BigDecimal.valueOf(window)) <= 0)
                .isPresent();
    }

    private static boolean mayRepeat(StreamMix mix) {
        return mix.maxEpochs().isEmpty() || mix.maxEpochs().get().compareTo(BigDecimal.ONE) > 0;
    }

    /** A sequence comes again after one epoch less the window of the epoch's order, at the earliest. */
    private static int windowLevel(PackedStream stream, long windowTokens, int windowSequences) {
        long sequences = stream.sequences();
        long apart = sequences - Math.max(0, Math.min(windowSequences, sequences) - 1);
        return BigInteger.valueOf(stream.tokens())
                .multiply(BigInteger.valueOf(apart))
                .multiply(PPB)
                .divide(BigInteger.valueOf(sequences).multiply(BigInteger.valueOf(windowTokens)))
                .min(PPB)
                .intValueExact();
    }

    private void lower(int stream, int level, CapReason reason) {
        if (level < levels[stream]) {
            levels[stream] = level;
            reasons[stream] = reason;
        }
    }

    /**
     * The shares below all caps.
     *
     * @throws ConfigException if the streams together may not give a whole; the message names the blocks, the streams with
     *     the caps that bind, and the tokens that are missing
     */
    Capped apply() {
        while (true) {
            BlockShares tokenShares = projected();
            BlockShares sequenceShares = Shares.ofSequences(tokenShares, streams);
            boolean lowered = false;
            for (int i = 0; i < levels.length; i++) {
                Optional<Long> most = mostSequences(i);
                if (most.isPresent() && exceeds(sequenceShares, i, most.get())) {
                    int level = waterLevel(tokenShares, sequenceShares, i, most.get());
                    CapReason reason = outlastsRun(i) ? CapReason.WINDOW : CapReason.MAX_EPOCHS;
                    lower(i, Math.min(level, levels[i] - 1), reason);
                    lowered = true;
                }
            }
            if (!lowered) {
                return new Capped(tokenShares, sequenceShares, binding(tokenShares));
            }
        }
    }

    private BlockShares projected() {
        List<BlockShares.Run> runs = new ArrayList<>();
        int block = 0;
        for (BlockShares.Run run : asked.runs()) {
            int from = block;
            List<Integer> shares = CappedShares.project(run.ppb(), levels)
                    .orElseThrow(() -> infeasible(from, from + run.blocks(), run.ppb()));
            runs.add(new BlockShares.Run(run.blocks(), shares));
            block += run.blocks();
        }
        return BlockShares.of(runs);
    }

    /** How many sequences these blocks may have of a stream, rounded up to a whole one. */
    private Optional<Long> mostSequences(int stream) {
        Optional<BigDecimal> most = mixes.get(stream).maxEpochs();
        if (outlastsRun(stream)) {
            most = Optional.of(most.orElse(BigDecimal.ONE).min(BigDecimal.ONE));
        }
        BigDecimal sequences = BigDecimal.valueOf(streams.get(stream).sequences());
        return most.map(epochs -> epochs.multiply(sequences)
                .setScale(0, RoundingMode.CEILING)
                .subtract(BigDecimal.valueOf(given.get(stream)))
                .max(BigDecimal.ZERO)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValueExact());
    }

    private boolean exceeds(BlockShares sequenceShares, int stream, long most) {
        return grid.duePpb(sequenceShares, stream)
                        .compareTo(BigInteger.valueOf(most).multiply(PPB))
                > 0;
    }

    /**
     * The highest level to which the shares of a stream may be cut so that its run has no more than so many sequences.
     * Sequences of each run of blocks are rounded up, so the level is at most a little low, never high.
     */
    private int waterLevel(BlockShares tokenShares, BlockShares sequenceShares, int stream, long most) {
        int low = 0;
        int high = levels[stream];
        while (low < high) {
            int middle = low + (high - low + 1) / 2;
            if (sequencesAt(middle, tokenShares, sequenceShares, stream) <= most) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private long sequencesAt(int level, BlockShares tokenShares, BlockShares sequenceShares, int stream) {
        long total = 0;
        for (int block = 0; block < grid.blocks(); ) {
            int until = Math.min(tokenShares.runEnd(block), sequenceShares.runEnd(block));
            int tokens = tokenShares.ppb(block, stream);
            if (tokens > 0) {
                long share = (long) Math.min(tokens, level) * sequenceShares.ppb(block, stream) / tokens;
                long sequences = grid.sequences(block, until);
                // share * sequences / billion without leaving 63 bits
                total += sequences / Shares.DENOMINATOR * share
                        + (sequences % Shares.DENOMINATOR * share + Shares.DENOMINATOR - 1) / Shares.DENOMINATOR;
            }
            block = until;
        }
        return total;
    }

    private List<Optional<CapReason>> binding(BlockShares tokenShares) {
        List<Optional<CapReason>> binding = new ArrayList<>();
        for (int i = 0; i < levels.length; i++) {
            int stream = i;
            boolean binds =
                    tokenShares.runs().stream().anyMatch(run -> run.ppb().get(stream) == levels[stream]);
            binding.add(binds ? Optional.ofNullable(reasons[i]) : Optional.empty());
        }
        return binding;
    }

    private ConfigException infeasible(int from, int to, List<Integer> shares) {
        List<String> names = new ArrayList<>();
        List<String> binding = new ArrayList<>();
        long most = 0;
        for (int i = 0; i < levels.length; i++) {
            if (shares.get(i) > 0) {
                most += levels[i];
                names.add(streams.get(i).name());
                binding.add("'%s' %s (%s)".formatted(streams.get(i).name(), percent(levels[i]), why(i)));
            }
        }
        BigDecimal tokens = BigDecimal.valueOf(grid.sequences(from, to))
                .multiply(Shares.tokensPerSequence(Shares.ofSequences(shares, streams), streams))
                .setScale(0, RoundingMode.HALF_UP);
        BigDecimal missing = tokens.multiply(BigDecimal.valueOf(Shares.DENOMINATOR - most))
                .movePointLeft(9)
                .setScale(0, RoundingMode.CEILING);
        return new ConfigException(
                "mixture.streams",
                names,
                ("not enough data: of the %s tokens of the blocks %d to %d these streams may give "
                                + "%s: %s; %s tokens are missing. Add data, raise max-epochs, shorten window-tokens, give weight to "
                                + "other streams, or lower the budget")
                        .formatted(
                                tokens.toPlainString(),
                                firstBlock + from,
                                firstBlock + to - 1,
                                percent(most),
                                String.join(", ", binding),
                                missing.toPlainString()));
    }

    private String why(int stream) {
        PackedStream packed = streams.get(stream);
        if (reasons[stream] == null) {
            return "no cap";
        }
        return reasons[stream] == CapReason.WINDOW
                ? "window-tokens %d with its %d tokens"
                        .formatted(mixes.get(stream).windowTokens().orElseThrow(), packed.tokens())
                : "max-epochs %s of its %d tokens"
                        .formatted(mixes.get(stream).maxEpochs().orElseThrow().toPlainString(), packed.tokens());
    }

    private static String percent(long ppb) {
        return BigDecimal.valueOf(ppb).movePointLeft(7).stripTrailingZeros().toPlainString() + " %";
    }
}
