package io.peregrine.trainer.loader;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.shard.ShardIndex;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The sequences of all streams of a plan, read from the shards at the versions that the shards' index names.
 *
 * <p>Thread: for one thread; several may each have their own.
 */
public final class ShardStreams {
    private final MixturePlan plan;
    private final int vocabSize;
    private final Map<String, ShardTable> tables;
    private final ShardCache cache;

    private ShardStreams(MixturePlan plan, int vocabSize, Map<String, ShardTable> tables, long cacheBytes) {
        this.plan = plan;
        this.vocabSize = vocabSize;
        this.tables = tables;
        this.cache = new ShardCache(cacheBytes);
    }

    /**
     * Opens the shards of a run; reads the tables' logs, no data.
     *
     * @param layout the run
     * @param plan the mixture the shards were made for
     * @param vocabSize ids the model knows
     * @param cacheBytes most memory for shard files held; the one in use is held in any case
     * @throws io.peregrine.data.DataException if there are no shards, they are not those of the plan, or a table is
     *     missing or has gaps
     */
    public static ShardStreams open(RunLayout layout, MixturePlan plan, int vocabSize, long cacheBytes) {
        ShardIndex index = ShardIndex.read(layout.shards().resolve(ShardIndex.FILE_NAME));
        return open(layout, index, plan, vocabSize, cacheBytes);
    }

    /** As {@link #open(RunLayout, MixturePlan, int, long)}, at the versions of an index, such as one that is leased. */
    public static ShardStreams open(
            RunLayout layout, ShardIndex index, MixturePlan plan, int vocabSize, long cacheBytes) {
        index.requireFor(plan);
        Engine engine = DefaultEngine.create(new Configuration());
        Map<String, ShardTable> tables = new HashMap<>();
        for (PlannedStream stream : plan.streams()) {
            if (stream.planned()) {
                ShardIndex.StreamShards shards = index.stream(stream.name());
                Path path = layout.root().resolve(shards.table().path());
                tables.put(stream.name(), ShardTable.open(engine, path, shards, index.shardSequences()));
            }
        }
        return new ShardStreams(plan, vocabSize, Map.copyOf(tables), cacheBytes);
    }

    public MixturePlan plan() {
        return plan;
    }

    /**
     * Reads sequences into a batch, one row each, in this order.
     *
     * @throws io.peregrine.data.DataException naming table, shard and sequence if one is missing or damaged
     */
    public TokenBatch read(List<SequenceRef> sequences) {
        int seqLen = plan.sequenceLength();
        int[] inputIds = new int[Math.multiplyExact(sequences.size(), seqLen)];
        int[] segmentIds = new int[inputIds.length];
        for (int i = 0; i < sequences.size(); i++) {
            SequenceRef sequence = sequences.get(i);
            String stream = plan.streams().get(sequence.stream()).name();
            cache.holding(tables.get(stream), sequence.row())
                    .unpack(sequence.row(), vocabSize, inputIds, segmentIds, i * seqLen, seqLen);
        }
        return new TokenBatch(sequences.size(), seqLen, inputIds, segmentIds);
    }

    /**
     * Reads sequences as they are stored, in this order, without looking at the ids.
     *
     * <p>Each shard file that they are in is read once at most, even if none can be held: where memory is short, ask for
     * many at a time.
     *
     * @throws io.peregrine.data.DataException naming table, shard and sequence if one is missing or damaged
     */
    public List<PackedSequence> sequences(List<SequenceRef> wanted) {
        Integer[] byFile = new Integer[wanted.size()];
        Arrays.setAll(byFile, i -> i);
        Arrays.sort(
                byFile,
                Comparator.<Integer>comparingInt(i -> wanted.get(i).stream())
                        .thenComparingLong(i -> wanted.get(i).row()));
        PackedSequence[] found = new PackedSequence[byFile.length];
        for (int i : byFile) {
            SequenceRef sequence = wanted.get(i);
            String stream = plan.streams().get(sequence.stream()).name();
            found[i] = cache.holding(tables.get(stream), sequence.row()).sequence(sequence.row());
        }
        return List.of(found);
    }

    /** How often a shard file was read. */
    public long fileReads() {
        return cache.reads();
    }

    /** Size of the shard files that were read, each as often as it was. */
    public long readBytes() {
        return cache.readBytes();
    }

    /** Memory that the shard files held take, about. */
    public long heldBytes() {
        return cache.bytes();
    }
}
