package io.peregrine.mixture.plan;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import java.math.BigInteger;
import java.util.List;
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
        BigInteger tokens = IntStream.range(0, plan.streams().size())
                .mapToObj(stream -> plannedTokens(plan, stream))
                .reduce(BigInteger.ZERO, BigInteger::add);
        return IntStream.range(0, plan.streams().size())
                .mapToObj(stream -> of(plan, stream, tokens))
                .toList();
    }

    private static StreamReport of(MixturePlan plan, int index, BigInteger planTokens) {
        PlannedStream stream = plan.streams().get(index);
        OptionalLong gap = GapCertificate.of(plan, index);
        OptionalLong gapTokens = gap.isEmpty()
                ? gap
                : OptionalLong.of(BigInteger.valueOf(gap.getAsLong())
                        .multiply(planTokens)
                        .divide(BigInteger.valueOf(plan.totalSequences()))
                        .longValueExact());
        return new StreamReport(
                stream,
                stream.fillPpb(plan.sequenceLength()),
                plan.counts().total(index),
                plannedTokens(plan, index).longValueExact(),
                plan.epochs(index),
                gap,
                gapTokens);
    }

    private static BigInteger plannedTokens(MixturePlan plan, int index) {
        PlannedStream stream = plan.streams().get(index);
        return BigInteger.valueOf(plan.counts().total(index))
                .multiply(BigInteger.valueOf(stream.tokens()))
                .divide(BigInteger.valueOf(stream.sequences()));
    }
}
