package io.peregrine.mixture;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A mixture as decided: with the shards it determines the token at every position of a training run. Kept as
 * {@code plan.json}; {@code plan.PlanFile} reads and writes it, {@code order.SequenceOrder} follows it.
 *
 * @param sequenceLength tokens of a full sequence; rows of the shards have at most this many
 * @param blockSize sequences per block; the last block may be shorter
 * @param totalSequences positions of the plan: {@code 0..totalSequences-1}
 * @param shardSequences sequences per shard
 * @param windowSequences sequences inside which each epoch has an order of its own; 0 and 1 keep the packed order
 * @param packing how documents became sequences
 * @param packingGroupDocuments documents packed together
 * @param tokenBytes bytes per token in the shards, 2 or 4
 * @param seed key of all random numbers of order and packing, 16 hexadecimal digits
 * @param streams the streams, sorted by name; a stream's index in the plan is its index here
 * @param shares share of each stream in the sequences of each block, which the counts follow
 * @param counts sequences of each stream in each block
 * @param changes how the plan came from its first version, the latest last; empty for a first version
 */
public record MixturePlan(
        int sequenceLength,
        int blockSize,
        long totalSequences,
        int shardSequences,
        int windowSequences,
        PackingMode packing,
        int packingGroupDocuments,
        int tokenBytes,
        String seed,
        List<PlannedStream> streams,
        BlockShares shares,
        BlockCounts counts,
        List<PlanChange> changes) {
    /** Name of the plan's file in the stage's folder. */
    public static final String FILE_NAME = "plan.json";

    public MixturePlan {
        streams = List.copyOf(streams);
        changes = List.copyOf(changes);
        require(sequenceLength > 0, "sequence-length", sequenceLength, "must be > 0");
        require(
                blockSize > 0 && blockSize <= MixtureConfig.BLOCK_SIZE_SEQUENCES_MAX,
                "block-size",
                blockSize,
                "must be 1.." + MixtureConfig.BLOCK_SIZE_SEQUENCES_MAX);
        require(shardSequences > 0, "shard-sequences", shardSequences, "must be > 0");
        require(windowSequences >= 0, "window-sequences", windowSequences, "must be >= 0");
        require(tokenBytes == 2 || tokenBytes == 4, "token-bytes", tokenBytes, "must be 2 or 4");
        require(seed.matches("[0-9a-f]{16}"), "seed", seed, "must be 16 hexadecimal digits");
        require(counts.streams() == streams.size(), "counts", counts, "must have a column per stream");
        require(shares.streams() == streams.size(), "shares", shares, "must have a column per stream");
        require(shares.blocks() == counts.blocks(), "shares", shares, "must have as many blocks as the counts");
        require(counts.total() == totalSequences, "total-sequences", totalSequences, "must be the sum of the counts");
        for (int block = 0; block < counts.blocks(); block++) {
            int size = counts.size(block);
            boolean full = size == blockSize || (block == counts.blocks() - 1 && size > 0 && size < blockSize);
            require(full, "counts", "block " + block + " of " + size, "only the last block may be short of block-size");
        }
        for (PlanChange change : changes) {
            int last = change.skipped().map(BlockRange::to).orElse(change.fromBlock() + 1);
            require(last <= counts.blocks(), "changes", change, "must be of blocks of the plan");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < streams.size(); i++) {
            require(names.add(streams.get(i).name()), "streams", streams.get(i).name(), "must be there once");
            boolean sorted =
                    i == 0 || streams.get(i - 1).name().compareTo(streams.get(i).name()) < 0;
            require(sorted, "streams", streams.get(i).name(), "must be sorted by name");
        }
    }

    /** The stream of this name. */
    public PlannedStream stream(String name) {
        return streams.stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new DataException("the plan has no stream '%s', only %s"
                        .formatted(
                                name, streams.stream().map(PlannedStream::name).toList())));
    }

    /** The random numbers of order and packing. */
    public SeedStream seeds() {
        return seeds(seed);
    }

    /** The random numbers that belong to a seed of 16 hexadecimal digits. */
    public static SeedStream seeds(String seed) {
        return SeedStream.of(Long.parseUnsignedLong(seed, 16));
    }

    /** The same plan, a version later, with blocks that are not trained on. */
    public MixturePlan skipping(BlockRange blocks) {
        List<PlanChange> more = new ArrayList<>(changes);
        more.add(new PlanChange(digest(), blocks.from(), false, Optional.of(blocks)));
        return new MixturePlan(
                sequenceLength,
                blockSize,
                totalSequences,
                shardSequences,
                windowSequences,
                packing,
                packingGroupDocuments,
                tokenBytes,
                seed,
                streams,
                shares,
                counts,
                more);
    }

    /** Whether the block is not trained on. */
    public boolean skips(int block) {
        return changes.stream()
                .flatMap(change -> change.skipped().stream())
                .anyMatch(skipped -> skipped.contains(block));
    }

    /**
     * Whether a run that has read an earlier version of the plan, or this one, up to a position may go on with this one:
     * whether all that it has read is as this version has it.
     *
     * @param digest of the version that was read
     * @param position the first position that was not read
     */
    public boolean continues(String digest, long position) {
        if (digest.equals(digest())) {
            return true;
        }
        for (int i = changes.size() - 1; i >= 0; i--) {
            if ((long) changes.get(i).fromBlock() * blockSize < position) {
                return false;
            }
            if (changes.get(i).parent().equals(digest)) {
                return true;
            }
        }
        return false;
    }

    /** How often the plan shows a stream, as sequences planned over sequences there are. For display only. */
    public double epochs(int stream) {
        return counts.total(stream) / (double) streams.get(stream).sequences();
    }

    /** Identity of the plan: equal digests, equal order of equal tokens. 64 hexadecimal digits. */
    public String digest() {
        PayloadDigest digest = new PayloadDigest();
        digest.add("peregrine mixture plan 2");
        digest.add(sequenceLength)
                .add(blockSize)
                .add(totalSequences)
                .add(shardSequences)
                .add(windowSequences);
        digest.add(packing.name()).add(packingGroupDocuments).add(tokenBytes).add(seed);
        digest.list(streams.size());
        for (PlannedStream stream : streams) {
            digest.add(stream.name()).add(stream.askedSharePpb()).add(stream.tokenSharePpb());
            digest.add(stream.cappedBy().map(CapReason::name).orElse(""));
            digest.add(stream.documents()).add(stream.tokens());
            digest.list(stream.groupSequences().size());
            stream.groupSequences().forEach(digest::add);
            digest.add(stream.maxEpochs()
                    .map(epochs -> epochs.stripTrailingZeros().toPlainString())
                    .orElse(""));
            digest.add(stream.windowTokens().map(String::valueOf).orElse(""));
            digest.add(stream.reuseGroup().orElse(""));
            digest.add(stream.packingDigest());
        }
        digest.list(shares.runs().size());
        for (BlockShares.Run run : shares.runs()) {
            digest.add(run.blocks());
            run.ppb().forEach(digest::add);
        }
        digest.list(counts.blocks());
        for (int block = 0; block < counts.blocks(); block++) {
            for (int stream = 0; stream < counts.streams(); stream++) {
                digest.add(counts.count(block, stream));
            }
        }
        digest.list(changes.size());
        for (PlanChange change : changes) {
            digest.add(change.parent()).add(change.fromBlock()).add(change.rebased());
            digest.add(change.skipped().map(BlockRange::from).orElse(-1));
            digest.add(change.skipped().map(BlockRange::to).orElse(-1));
        }
        return digest.hex();
    }

    private static void require(boolean holds, String what, Object value, String rule) {
        if (!holds) {
            throw new DataException("mixture plan: %s = %s: %s".formatted(what, value, rule));
        }
    }
}
