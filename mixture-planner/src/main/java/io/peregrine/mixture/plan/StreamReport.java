package io.peregrine.mixture.plan;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What a plan does with one stream: for people to read; nothing is decided by it.
 *
 * @param stream the stream
 * @param fillPpb share of its sequences' places that hold tokens, parts per billion
 * @param plannedSequences sequences of it in the plan
 * @param plannedTokens tokens of it in the plan, from the mean of its sequences
 * @param epochs how often it is seen
 * @param gapSequences fewest sequences of the run between two exposures of one of its sequences; nothing if none repeats
 * @param gapTokens the same in tokens, from the mean of the run's sequences
 */
public record StreamReport(
        PlannedStream stream,
        long fillPpb,
        long plannedSequences,
        long plannedTokens,
        double epochs,
        OptionalLong gapSequences,
        OptionalLong gapTokens) {
    /** Reports on every stream of a plan, in the plan's order. */
    public static List<StreamReport> of(MixturePlan plan) {
        return IntStream.range(0, plan.streams().size())
                .mapToObj(stream -> of(plan, stream))
                .toList();
    }

    private static StreamReport of(MixturePlan plan, int index) {
        PlannedStream stream = plan.streams().get(index);
        OptionalLong gap = GapCertificate.of(plan, index);
        return new StreamReport(
                stream,
                stream.fillPpb(plan.sequenceLength()),
                plan.counts().total(index),
                plannedTokens(plan, index).longValueExact(),
                plan.epochs(index),
                gap,
                tokensOf(plan, gap));
    }

    /** So many sequences of the run in tokens, each taken as equally full. */
    static OptionalLong tokensOf(MixturePlan plan, OptionalLong sequences) {
        if (sequences.isEmpty()) {
            return sequences;
        }
        BigInteger tokens = IntStream.range(0, plan.streams().size())
                .mapToObj(stream -> plannedTokens(plan, stream))
                .reduce(BigInteger.ZERO, BigInteger::add);
        return OptionalLong.of(BigInteger.valueOf(sequences.getAsLong())
                .multiply(tokens)
                .divide(BigInteger.valueOf(plan.totalSequences()))
                .longValueExact());
    }

    /** Whether an exposure may come sooner after another of the same than the stream's memorization window allows. */
    public boolean insideWindow() {
        return insideWindow(gapTokens, stream.windowTokens());
    }

    /**
     * Whether a gap is shorter than a window by more than a hundredth: caps keep an epoch as long as the window, the order
     * inside a block moves a sequence by a few places, and no window is known that exactly.
     */
    static boolean insideWindow(OptionalLong gapTokens, Optional<Long> windowTokens) {
        return gapTokens.isPresent()
                && windowTokens.isPresent()
                && gapTokens.getAsLong() < windowTokens.get() - windowTokens.get() / 100;
    }

    private static BigInteger plannedTokens(MixturePlan plan, int index) {
        PlannedStream stream = plan.streams().get(index);
        return BigInteger.valueOf(plan.counts().total(index))
                .multiply(BigInteger.valueOf(stream.tokens()))
                .divide(BigInteger.valueOf(stream.sequences()));
    }
}
