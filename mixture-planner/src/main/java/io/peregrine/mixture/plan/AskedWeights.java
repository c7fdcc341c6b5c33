package io.peregrine.mixture.plan;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.ScheduleSegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Shares of the tokens as a person asked for them, before any cap: segments with constant weights, or weights that go from
 * one mixture to another in a straight line.
 */
final class AskedWeights {
    private final int cycles;
    private final List<Segment> segments;

    /**
     * A segment.
     *
     * @param sharePpb its share of the blocks of a cycle
     * @param from token shares at its beginning, parts per billion
     * @param to token shares at its end
     */
    private record Segment(int sharePpb, List<Integer> from, List<Integer> to) {
        /** The shares of block {@code j} of {@code blocks}: those at its middle, rounded by largest remainder. */
        List<Integer> at(int j, int blocks) {
            List<BigInteger> scores = new ArrayList<>();
            long before = 2L * j + 1;
            long after = 2L * blocks - before;
            for (int stream = 0; stream < from.size(); stream++) {
                scores.add(BigInteger.valueOf(from.get(stream) * after + to.get(stream) * before));
            }
            return Shares.quantize(scores);
        }
    }

    private AskedWeights(int cycles, List<Segment> segments) {
        this.cycles = cycles;
        this.segments = segments;
    }

    /**
     * What the settings ask of these streams.
     *
     * @throws ConfigException if weights do not sum to 1, or name a stream that there is not
     */
    static AskedWeights of(MixtureConfig config, List<String> names) {
        if (config.schedule().segments().isEmpty()) {
            List<Integer> weights = shares(
                    "mixture.streams",
                    ".weight",
                    names,
                    name -> config.streams().get(name).weight().orElseThrow());
            return new AskedWeights(1, List.of(new Segment(Shares.DENOMINATOR, weights, weights)));
        }
        List<ScheduleSegment> asked = config.schedule().segments();
        List<Integer> shares = Shares.ofWeights(
                "mixture.schedule.segments[].share",
                asked.stream().map(ScheduleSegment::share).toList());
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            String key = "mixture.schedule.segments[%d].".formatted(i);
            List<Integer> from = shares(key + "weights", asked.get(i).weights(), names);
            List<Integer> to = asked.get(i).to().isEmpty()
                    ? from
                    : shares(key + "to", asked.get(i).to(), names);
            segments.add(new Segment(shares.get(i), from, to));
        }
        return new AskedWeights(config.schedule().cycles(), segments);
    }

    private static List<Integer> shares(String key, Map<String, BigDecimal> weights, List<String> names) {
        TreeSet<String> unknown = new TreeSet<>(weights.keySet());
        names.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new ConfigException(key, unknown, "no such stream; the tokens have %s".formatted(names));
        }
        return shares(key, "", names, name -> weights.getOrDefault(name, BigDecimal.ZERO));
    }

    private static List<Integer> shares(
            String key, String suffix, List<String> names, Function<String, BigDecimal> weight) {
        List<Integer> shares = Shares.ofWeights(key, names.stream().map(weight).toList());
        for (int i = 0; i < shares.size(); i++) {
            BigDecimal asked = weight.apply(names.get(i));
            if (shares.get(i) == 0 && asked.signum() > 0) {
                throw new ConfigException(
                        key + "." + names.get(i) + suffix,
                        asked.toPlainString(),
                        "is less than one part per billion of the mixture; leave the stream out with weight 0");
            }
        }
        return shares;
    }

    /** Token shares in the mean of the run, as exact multiples: whole numbers in proportion to them. */
    List<BigInteger> means() {
        List<BigInteger> means = new ArrayList<>();
        for (int stream = 0; stream < segments.get(0).from().size(); stream++) {
            BigInteger mean = BigInteger.ZERO;
            for (Segment segment : segments) {
                long twice = (long) segment.from().get(stream) + segment.to().get(stream);
                mean = mean.add(BigInteger.valueOf(twice).multiply(BigInteger.valueOf(segment.sharePpb())));
            }
            means.add(mean);
        }
        return means;
    }

    /**
     * The shares of every block.
     *
     * @throws ConfigException if a segment is too short for a block
     */
    BlockShares over(int blocks) {
        List<BlockShares.Run> runs = new ArrayList<>();
        int from = 0;
        for (int cycle = 0; cycle < cycles; cycle++) {
            long end = (long) cycle * Shares.DENOMINATOR;
            for (int i = 0; i < segments.size(); i++) {
                Segment segment = segments.get(i);
                end += segment.sharePpb();
                int to = boundary(end, blocks);
                if (to == from) {
                    throw new ConfigException(
                            "mixture.schedule.segments[%d].share".formatted(i),
                            new BigDecimal(segment.sharePpb())
                                    .movePointLeft(9)
                                    .stripTrailingZeros()
                                    .toPlainString(),
                            ("is less than one of the %d blocks of the run in cycle %d of %d; lower "
                                            + "block-size-sequences, or make the segment longer")
                                    .formatted(blocks, cycle + 1, cycles));
                }
                if (segment.from().equals(segment.to())) {
                    runs.add(new BlockShares.Run(to - from, segment.from()));
                } else {
                    for (int block = from; block < to; block++) {
                        runs.add(new BlockShares.Run(1, segment.at(block - from, to - from)));
                    }
                }
                from = to;
            }
        }
        return BlockShares.of(runs);
    }

    /** The block nearest to a place in the run, in billionths of a cycle. */
    private int boundary(long place, int blocks) {
        BigInteger whole = BigInteger.valueOf(cycles).multiply(BigInteger.valueOf(Shares.DENOMINATOR));
        return BigInteger.valueOf(place)
                .multiply(BigInteger.valueOf(2L * blocks))
                .add(whole)
                .divide(whole.shiftLeft(1))
                .intValueExact();
    }
}
