package io.peregrine.mixture.plan;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The blocks of a plan before a change, with a column for each stream that there is now; new ones have given nothing. */
final class PlannedPart {
    private final MixturePlan plan;
    private final int block;
    private final List<PackedStream> streams;
    private final int[] columns;
    private final BlockCounts counts;

    /**
     * @param plan the plan in force
     * @param block the first block that may differ
     * @param packed the streams that there are now
     * @throws ConfigException if the block is not one of the plan's
     * @throws DataException if a stream that the blocks have sequences of is gone or packed otherwise
     */
    PlannedPart(MixturePlan plan, int block, List<PackedStream> packed) {
        this.plan = plan;
        this.block = block;
        this.streams =
                packed.stream().sorted(Comparator.comparing(PackedStream::name)).toList();
        if (block < 1 || block > plan.counts().blocks()) {
            throw new ConfigException(
                    "from-block",
                    block,
                    "must be 1..%d, the blocks of the plan in force; to plan the whole run anew, run 'mixture plan'"
                            .formatted(plan.counts().blocks()));
        }
        List<String> planned = plan.streams().stream().map(PlannedStream::name).toList();
        this.columns = streams.stream()
                .mapToInt(stream -> planned.indexOf(stream.name()))
                .toArray();
        for (int column = 0; column < planned.size(); column++) {
            requireUnchanged(column);
        }
        this.counts = BlockCounts.of(Arrays.stream(plan.counts().toArray())
                .map(row -> Arrays.stream(columns)
                        .map(column -> column < 0 ? 0 : row[column])
                        .toArray())
                .toArray(int[][]::new));
    }

    private void requireUnchanged(int column) {
        PlannedStream planned = plan.streams().get(column);
        boolean same = streams.stream()
                .anyMatch(stream -> stream.name().equals(planned.name())
                        && stream.packingDigest().equals(planned.packingDigest()));
        boolean used = plan.shares().before(block).runs().stream()
                .anyMatch(run -> run.ppb().get(column) > 0);
        if (!same && used) {
            throw new DataException(
                    ("stream '%s': its sequences are not those that the blocks before block %d have; a run "
                                    + "under way cannot change them. Give new data a name of its own, and leave the old in with "
                                    + "weight 0")
                            .formatted(planned.name(), block));
        }
    }

    /** Checks that the settings differ only in what a run under way can change. */
    void requireSame(MixtureConfig config) {
        requireSame("sequence-length", config.sequenceLength(), plan.sequenceLength());
        requireSame("block-size-sequences", config.blockSizeSequences(), plan.blockSize());
        requireSame("shard-sequences", config.shardSequences(), plan.shardSequences());
        requireSame("window-sequences", config.windowSequences(), plan.windowSequences());
        requireSame("packing", config.packing(), plan.packing());
        requireSame("packing-group-documents", config.packingGroupDocuments(), plan.packingGroupDocuments());
    }

    private static void requireSame(String key, Object asked, Object planned) {
        if (!asked.equals(planned)) {
            throw new ConfigException(
                    "mixture." + key, asked, "cannot change while a run is under way; it began with " + planned);
        }
    }

    int block() {
        return block;
    }

    String digest() {
        return plan.digest();
    }

    /** Sequences of the blocks. */
    long sequences() {
        return BlockGrid.of(plan).sequences(0, block);
    }

    /** Tokens of the blocks, each stream's sequences taken as equally full. */
    BigDecimal tokens() {
        BigDecimal tokens = BigDecimal.ZERO;
        for (int i = 0; i < columns.length; i++) {
            tokens =
                    tokens.add(streams.get(i).tokensPerSequence().multiply(BigDecimal.valueOf(counts.start(block, i))));
        }
        return tokens;
    }

    /** The counts of all blocks of the plan in force. */
    BlockCounts counts() {
        return counts;
    }

    /** The shares of the blocks. */
    BlockShares shares() {
        List<BlockShares.Run> runs = new ArrayList<>();
        for (BlockShares.Run run : plan.shares().before(block).runs()) {
            runs.add(new BlockShares.Run(
                    run.blocks(),
                    Arrays.stream(columns)
                            .mapToObj(column -> column < 0 ? 0 : run.ppb().get(column))
                            .toList()));
        }
        return BlockShares.of(runs);
    }

    /** What the blocks leave due to each stream, in parts per billion of a sequence. */
    List<Long> duePpb() {
        List<Long> due = FluidTargets.of(plan).duePpb(block, plan.counts());
        return Arrays.stream(columns)
                .mapToObj(column -> column < 0 ? 0L : due.get(column))
                .toList();
    }
}
