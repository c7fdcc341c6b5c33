package io.peregrine.mixture;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The section {@code mixture} of a run file: what a person asks for.
 *
 * @param sequenceLength tokens of a full sequence, 2..4,194,304
 * @param blockSizeSequences sequences per block of the plan, 1..65,536
 * @param totalTokens how many tokens to train on; exclusive with {@code epochs}
 * @param epochs how often the stream that runs out first is seen; exclusive with {@code totalTokens}
 * @param packing how documents become sequences
 * @param packingGroupDocuments documents packed together, 1..16,777,216
 * @param shardSequences sequences per shard file, > 0
 * @param windowSequences sequences inside which each epoch has an order of its own; 0 and 1 keep the packed order
 * @param caps what happens to a weight that asks for more of a stream than its caps allow
 * @param streams what is asked of each stream, by name; every stream of the tokens has to be here
 * @param schedule weights that change over the run; then no stream has a weight of its own
 */
public record MixtureConfig(
        @Key(unit = "tokens", doc = "length of a full sequence")
        int sequenceLength,

        @Key(unit = "sequences", doc = "sequences per block; at each block's end every share is kept to < 1 sequence")
        int blockSizeSequences,

        @Key(unit = "tokens", doc = "budget in tokens, rounded up to whole sequences; give this or epochs")
        Optional<Long> totalTokens,

        @Key(unit = "epochs", doc = "budget in epochs of the stream that runs out first; give this or total-tokens")
        Optional<BigDecimal> epochs,

        @Key(doc = "best-fit keeps documents whole where it can; concat fills every sequence to the last token")
        PackingMode packing,

        @Key(unit = "documents", doc = "run of documents packed together; more fill better and need more memory")
        int packingGroupDocuments,

        @Key(unit = "sequences", doc = "sequences per shard, each written by one task into one file")
        int shardSequences,

        @Key(unit = "sequences", doc = "window shuffled anew in each epoch; repeats stay one epoch minus this apart")
        int windowSequences,

        @Key(doc = "a weight above a stream's caps: project gives what is over to the others, refuse is an error")
        CapMode caps,

        @Key(doc = "weight and limits of every stream, by the name the tokens have")
        Map<String, StreamMix> streams,

        @Key(doc = "weights that change over the run; without it those of the streams hold from the first block on")
        ScheduleConfig schedule) {
    /** The largest block: a block's order is sorted by 63-bit keys that leave 16 bits for the occurrence. */
    public static final int BLOCK_SIZE_SEQUENCES_MAX = 1 << 16;

    private static final int SEQUENCE_LENGTH_MAX = 1 << 22;
    private static final int PACKING_GROUP_DOCUMENTS_MAX = 1 << 24;

    static final MixtureConfig DEFAULTS = new MixtureConfig(
            2048,
            BLOCK_SIZE_SEQUENCES_MAX,
            Optional.empty(),
            Optional.empty(),
            PackingMode.BEST_FIT,
            1 << 20,
            8192,
            0,
            CapMode.PROJECT,
            Map.of(),
            ScheduleConfig.DEFAULTS);

    public MixtureConfig {
        range("sequence-length", sequenceLength, 2, SEQUENCE_LENGTH_MAX, "tokens");
        range("block-size-sequences", blockSizeSequences, 1, BLOCK_SIZE_SEQUENCES_MAX, "sequences");
        range("packing-group-documents", packingGroupDocuments, 1, PACKING_GROUP_DOCUMENTS_MAX, "documents");
        range("shard-sequences", shardSequences, 1, Integer.MAX_VALUE, "sequences");
        range("window-sequences", windowSequences, 0, Integer.MAX_VALUE, "sequences");
        if (totalTokens.isPresent() && totalTokens.get() <= 0) {
            throw new ConfigException("total-tokens", totalTokens.get(), "must be > 0 tokens");
        }
        if (epochs.isPresent() && epochs.get().signum() <= 0) {
            throw new ConfigException("epochs", epochs.get(), "must be > 0 epochs");
        }
        if (totalTokens.isPresent() && epochs.isPresent()) {
            throw new ConfigException("epochs", epochs.get(), "give total-tokens or epochs, not both");
        }
        streams = Collections.unmodifiableMap(new TreeMap<>(streams));
        boolean scheduled = !schedule.segments().isEmpty();
        streams.forEach((name, stream) -> {
            if (scheduled && stream.weight().isPresent()) {
                throw new ConfigException(
                        "streams.%s.weight".formatted(name),
                        stream.weight().get().toPlainString(),
                        "the segments of the schedule say the weights; remove this one");
            }
            if (!scheduled && stream.weight().isEmpty()) {
                throw new ConfigException(
                        "streams.%s.weight".formatted(name), "missing", "must be there, or a schedule");
            }
        });
        requireWholes(streams, schedule);
    }

    /** What can be told without the data is told before the data are read and packed. */
    private static void requireWholes(Map<String, StreamMix> streams, ScheduleConfig schedule) {
        if (!streams.isEmpty() && schedule.segments().isEmpty()) {
            WeightSum.require(
                    "streams",
                    streams.values().stream()
                            .map(stream -> stream.weight().orElseThrow())
                            .toList());
        }
        for (int i = 0; i < schedule.segments().size(); i++) {
            String segment = "schedule.segments[%d].".formatted(i);
            requireKnown(segment + "weights", schedule.segments().get(i).weights(), streams);
            requireKnown(segment + "to", schedule.segments().get(i).to(), streams);
        }
    }

    private static void requireKnown(String key, Map<String, BigDecimal> weights, Map<String, StreamMix> streams) {
        for (String name : weights.keySet()) {
            if (!streams.containsKey(name)) {
                throw new ConfigException(
                        key + "." + name,
                        weights.get(name).toPlainString(),
                        "mixture.streams has no stream '%s', only %s; add it there, or correct the name"
                                .formatted(name, streams.keySet()));
            }
        }
    }

    private static void range(String key, int value, int min, int max, String unit) {
        if (value < min || value > max) {
            throw new ConfigException(key, value, "must be %d..%d %s".formatted(min, max, unit));
        }
    }
}
