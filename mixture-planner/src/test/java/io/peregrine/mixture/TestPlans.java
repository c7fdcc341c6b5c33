package io.peregrine.mixture;

import io.peregrine.mixture.plan.MixturePlanner;
import io.peregrine.mixture.plan.PackedStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plans and settings of a size that a test can look at whole. */
public final class TestPlans {
    public static final String SEED = "00000000000004d2";
    public static final int SEQUENCE_LENGTH = 100;

    private TestPlans() {}

    /** A stream of full sequences. */
    public static PackedStream full(String name, long sequences) {
        return new PackedStream(name, sequences, sequences * SEQUENCE_LENGTH, List.of(sequences), "packing of " + name);
    }

    public static StreamMix mix(String weight) {
        return StreamMix.of(new BigDecimal(weight));
    }

    public static StreamMix mix(String weight, String maxEpochs) {
        return mix(weight).withMaxEpochs(new BigDecimal(maxEpochs));
    }

    public static MixtureConfig tokens(long totalTokens, int blockSize, int window, Map<String, StreamMix> streams) {
        return config(
                Optional.of(totalTokens),
                Optional.empty(),
                blockSize,
                window,
                CapMode.PROJECT,
                streams,
                ScheduleConfig.DEFAULTS);
    }

    /** A stream whose weights the schedule says. */
    public static StreamMix free() {
        return new StreamMix(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static ScheduleSegment segment(String share, Map<String, String> weights) {
        return segment(share, weights, Map.of());
    }

    public static ScheduleSegment segment(String share, Map<String, String> weights, Map<String, String> to) {
        return new ScheduleSegment(new BigDecimal(share), decimals(weights), decimals(to));
    }

    private static Map<String, BigDecimal> decimals(Map<String, String> weights) {
        Map<String, BigDecimal> decimals = new TreeMap<>();
        weights.forEach((name, weight) -> decimals.put(name, new BigDecimal(weight)));
        return decimals;
    }

    public static MixtureConfig scheduled(
            long totalTokens, int blockSize, ScheduleConfig schedule, Map<String, StreamMix> streams) {
        return config(Optional.of(totalTokens), Optional.empty(), blockSize, 0, CapMode.PROJECT, streams, schedule);
    }

    /** The same settings with caps that refuse. */
    public static MixtureConfig refusing(MixtureConfig config) {
        return config(
                config.totalTokens(),
                config.epochs(),
                config.blockSizeSequences(),
                config.windowSequences(),
                CapMode.REFUSE,
                config.streams(),
                config.schedule());
    }

    public static MixtureConfig epochs(String epochs, int blockSize, Map<String, StreamMix> streams) {
        return config(
                Optional.empty(),
                Optional.of(new BigDecimal(epochs)),
                blockSize,
                0,
                CapMode.PROJECT,
                streams,
                ScheduleConfig.DEFAULTS);
    }

    private static MixtureConfig config(
            Optional<Long> tokens,
            Optional<BigDecimal> epochs,
            int blockSize,
            int window,
            CapMode caps,
            Map<String, StreamMix> streams,
            ScheduleConfig schedule) {
        return new MixtureConfig(
                SEQUENCE_LENGTH,
                blockSize,
                tokens,
                epochs,
                PackingMode.BEST_FIT,
                1000,
                16,
                window,
                caps,
                streams,
                schedule);
    }

    /** A plan of full sequences with weights in parts per billion and so many sequences in each stream. */
    public static MixturePlan plan(List<Integer> weights, List<Long> sequences, long total, int blockSize, int window) {
        Map<String, StreamMix> mixes = new TreeMap<>();
        List<PackedStream> packed = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            String name = "s%03d".formatted(i);
            mixes.put(name, mix(weights.get(i).toString()));
            packed.add(full(name, sequences.get(i)));
        }
        MixtureConfig config = tokens(total * SEQUENCE_LENGTH, blockSize, window, mixes);
        return MixturePlanner.plan(config, packed, 2, SEED);
    }
}
