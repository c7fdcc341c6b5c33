package io.peregrine.mixture.plan;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.WeightSum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Weights as whole parts per billion that sum to a billion, by largest remainder. */
public final class Shares {
    /** Parts of a whole. */
    public static final int DENOMINATOR = BlockShares.WHOLE_PPB;

    private Shares() {}

    /**
     * Weights as a person wrote them, as parts per billion.
     *
     * @param key where they stand
     * @param weights each {@code >= 0}; they sum to 1 within a millionth, or to 1,000,000,000 exactly
     * @throws ConfigException if they sum to something else
     */
    public static List<Integer> ofWeights(String key, List<BigDecimal> weights) {
        WeightSum.require(key, weights);
        int scale = weights.stream().mapToInt(BigDecimal::scale).max().orElse(0);
        return quantize(weights.stream()
                .map(weight -> weight.setScale(Math.max(scale, 0)).unscaledValue())
                .toList());
    }

    /**
     * The shares of the sequences that give these shares of the tokens. Sequences of a stream that packs badly hold fewer
     * tokens, so the stream needs more of them.
     *
     * @param tokenShares parts per billion
     * @param streams what packing made of each stream
     */
    static List<Integer> ofSequences(List<Integer> tokenShares, List<PackedStream> streams) {
        return quantize(scores(tokenShares.stream().map(BigInteger::valueOf).toList(), streams));
    }

    /** The shares of the tokens that these shares of the sequences give; at least one part for a share that is not 0. */
    static List<Integer> ofTokens(List<Integer> sequenceShares, List<PackedStream> streams) {
        List<BigInteger> scores = new ArrayList<>();
        for (int i = 0; i < sequenceShares.size(); i++) {
            scores.add(BigInteger.valueOf(sequenceShares.get(i))
                    .multiply(BigInteger.valueOf(streams.get(i).tokens()))
                    .shiftLeft(64)
                    .divide(BigInteger.valueOf(streams.get(i).sequences())));
        }
        List<Integer> shares = new ArrayList<>(quantize(scores));
        for (int i = 0; i < shares.size(); i++) {
            shares.set(i, Math.max(shares.get(i), Integer.signum(sequenceShares.get(i))));
        }
        return List.copyOf(shares);
    }

    /** The same for every block. */
    static BlockShares ofSequences(BlockShares tokenShares, List<PackedStream> streams) {
        return BlockShares.of(tokenShares.runs().stream()
                .map(run -> new BlockShares.Run(run.blocks(), ofSequences(run.ppb(), streams)))
                .toList());
    }

    /** Tokens of a sequence in the mean of a mixture with these shares of the sequences. */
    static BigDecimal tokensPerSequence(List<Integer> sequenceShares, List<PackedStream> streams) {
        BigDecimal mean = BigDecimal.ZERO;
        for (int i = 0; i < streams.size(); i++) {
            mean = mean.add(streams.get(i).tokensPerSequence().multiply(BigDecimal.valueOf(sequenceShares.get(i))));
        }
        return mean.movePointLeft(9);
    }

    /** Token shares, in any unit, as sequences in fixed point with 2^64 steps: exact far below one part per billion. */
    private static List<BigInteger> scores(List<BigInteger> tokenShares, List<PackedStream> streams) {
        List<BigInteger> scores = new ArrayList<>();
        for (int i = 0; i < tokenShares.size(); i++) {
            scores.add(tokenShares
                    .get(i)
                    .multiply(BigInteger.valueOf(streams.get(i).sequences()))
                    .shiftLeft(64)
                    .divide(BigInteger.valueOf(streams.get(i).tokens())));
        }
        return scores;
    }

    /** Scores {@code >= 0}, not all 0, in proportion as parts per billion; ties go to the lower index. */
    static List<Integer> quantize(List<BigInteger> scores) {
        return quantize(scores, DENOMINATOR);
    }

    /** The same with another sum than a billion. */
    static List<Integer> quantize(List<BigInteger> scores, int whole) {
        BigInteger sum = scores.stream().reduce(BigInteger.ZERO, BigInteger::add);
        if (sum.signum() <= 0) {
            throw new IllegalArgumentException("scores " + scores + ": must not all be 0");
        }
        int[] shares = new int[scores.size()];
        BigInteger[] remainders = new BigInteger[scores.size()];
        List<Integer> order = new ArrayList<>();
        int left = whole;
        for (int i = 0; i < shares.length; i++) {
            BigInteger[] parts =
                    scores.get(i).multiply(BigInteger.valueOf(whole)).divideAndRemainder(sum);
            shares[i] = parts[0].intValueExact();
            remainders[i] = parts[1];
            left -= shares[i];
            order.add(i);
        }
        order.sort(Comparator.<Integer, BigInteger>comparing(i -> remainders[i])
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
        for (int i = 0; i < left; i++) {
            shares[order.get(i)]++;
        }
        List<Integer> result = new ArrayList<>();
        for (int share : shares) {
            result.add(share);
        }
        return List.copyOf(result);
    }
}
