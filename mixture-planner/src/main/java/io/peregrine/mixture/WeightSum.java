package io.peregrine.mixture;

import io.peregrine.data.ConfigException;
import java.math.BigDecimal;
import java.util.Collection;

/** The rule of weights as a person writes them: they are a whole together, as decimals or as parts per billion. */
public final class WeightSum {
    /** How far decimals may be from 1: three thirds written with six digits are meant to be a whole. */
    private static final BigDecimal TOLERANCE = new BigDecimal("0.000001");

    private static final BigDecimal PPB = BigDecimal.valueOf(BlockShares.WHOLE_PPB);

    private WeightSum() {}

    /**
     * Checks that weights sum to 1 within a millionth, or to 1,000,000,000 exactly.
     *
     * @param key where they stand
     * @throws ConfigException if they sum to something else
     */
    public static void require(String key, Collection<BigDecimal> weights) {
        BigDecimal sum = weights.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        boolean whole = sum.subtract(BigDecimal.ONE).abs().compareTo(TOLERANCE) <= 0;
        if (!whole && sum.compareTo(PPB) != 0) {
            throw new ConfigException(
                    key,
                    "weights that sum to " + sum.toPlainString(),
                    "must sum to 1 (to within %s), or to %d as parts per billion; %s what is %s"
                            .formatted(
                                    TOLERANCE.toPlainString(),
                                    BlockShares.WHOLE_PPB,
                                    sum.compareTo(BigDecimal.ONE) < 0 ? "give a stream" : "take from a stream",
                                    sum.compareTo(BigDecimal.ONE) < 0 ? "missing" : "over"));
        }
    }
}
