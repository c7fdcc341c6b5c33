package io.peregrine.trainer.optim;

import io.peregrine.data.ConfigException;

/**
 * Warmup, a stable stretch, a final decay: the factor on the peak learning rate after a number of tokens.
 *
 * <p>Time is counted in tokens, so that a change of the batch size does not move the schedule. A step that ends at
 * token {@code t} uses {@code learningRateFactor(t)}: the first step's rate is above zero and the last step's is the
 * floor.
 *
 * <p>The stable stretch is constant, or falls as {@code t^(-1/4)} (Effective Power Scheduler): there the same factor is
 * laid on the weight decay, so that the norms the two settle at, sqrt(rate / decay), stay put while the noise level, sqrt(rate
 * * decay), falls. With the same noise level the Power Scheduler lets the rate alone fall, as {@code t^(-1/2)}, and the norms
 * with it. What the paper's
 * team does with the weight decay during the final decay is not public; here it keeps the value it had when the decay
 * began.
 *
 * @param warmupTokens tokens over which the rate rises linearly from zero, 0 for none
 * @param totalTokens tokens of the whole run, where the decay ends
 * @param stable what happens between warmup and decay
 * @param powerStartTokens token from which the power law falls ({@code t0} in {@code (t0/t)^(1/4)}); unused when constant
 * @param decay shape of the final decay
 * @param decayTokens length of the final decay, ending at {@code totalTokens}; 0 for none
 * @param floorRatio share of the rate left when the decay ends, in (0, 1]
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>, section on the Effective Power Scheduler
 */
public record LearningRateSchedule(
        long warmupTokens,
        long totalTokens,
        Stable stable,
        long powerStartTokens,
        Decay decay,
        long decayTokens,
        double floorRatio) {

    /** What the rate does between warmup and decay. */
    public enum Stable {
        CONSTANT,
        /** Rate and weight decay fall as {@code t^(-1/4)}: Effective Power Scheduler. */
        POWER,
        /** The rate falls as {@code t^(-1/2)}: Power Scheduler. */
        SQRT
    }

    /** How the rate falls at the end. */
    public enum Decay {
        /** By the same ratio for each token: {@code floor^progress}. */
        EXPONENTIAL,
        /** By the same amount for each token. */
        LINEAR,
        /** By half a cosine: slowly at both ends. */
        COSINE
    }

    public LearningRateSchedule {
        if (totalTokens <= 0) {
            throw new ConfigException("total-tokens", totalTokens, "must be > 0 tokens");
        }
        if (warmupTokens < 0 || warmupTokens > totalTokens) {
            throw new ConfigException(
                    "warmup-tokens", warmupTokens, "must be between 0 and the " + totalTokens + " tokens of the run");
        }
        if (decayTokens < 0 || decayTokens > totalTokens - warmupTokens) {
            throw new ConfigException(
                    "decay-tokens",
                    decayTokens,
                    "must fit between the end of the warmup (" + warmupTokens + ") and the end of the run ("
                            + totalTokens + " tokens)");
        }
        if (stable != Stable.CONSTANT && powerStartTokens <= 0) {
            throw new ConfigException("power-start-tokens", powerStartTokens, "must be > 0 tokens");
        }
        if (!(floorRatio > 0 && floorRatio <= 1)) {
            throw new ConfigException("floor-ratio", floorRatio, "must be above 0 and at most 1");
        }
    }

    /**
     * The share of the peak rate that a step ending after {@code tokens} tokens uses.
     *
     * @param tokens tokens of the run when the step is done, above 0; past the end of the run the floor is kept
     * @return a factor in (0, 1]
     */
    public double learningRateFactor(long tokens) {
        double warmup = tokens >= warmupTokens ? 1.0 : (double) tokens / warmupTokens;
        double power = switch (stable) {
            case CONSTANT -> 1.0;
            case POWER -> weightDecayFactor(tokens);
            case SQRT -> Math.sqrt(fallen(tokens));
        };
        return warmup * power * decayFactor(tokens);
    }

    /**
     * The share of the configured weight decay that a step ending after {@code tokens} tokens uses: {@code (t0/t)^(1/4)} under the
     * Effective Power Scheduler, else 1, and unchanged from where the final decay begins.
     */
    public double weightDecayFactor(long tokens) {
        return stable == Stable.POWER ? Math.sqrt(Math.sqrt(fallen(tokens))) : 1.0;
    }

    /** {@code t0 / t} on the stable stretch, and what it was at its end from there on. */
    private double fallen(long tokens) {
        long t = Math.min(tokens, totalTokens - decayTokens);
        return t <= powerStartTokens ? 1.0 : (double) powerStartTokens / t;
    }

    private double decayFactor(long tokens) {
        long begin = totalTokens - decayTokens;
        if (decayTokens == 0 || tokens <= begin) {
            return 1.0;
        }
        double progress = Math.min(1.0, (double) (tokens - begin) / decayTokens);
        return switch (decay) {
            // StrictMath: the same bits on every machine and after every compilation.
            case EXPONENTIAL -> StrictMath.pow(floorRatio, progress);
            case LINEAR -> 1.0 - progress * (1.0 - floorRatio);
            case COSINE -> floorRatio + (1.0 - floorRatio) * 0.5 * (1.0 + StrictMath.cos(Math.PI * progress));
        };
    }
}
