package io.peregrine.data.rules;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.Optional;

/**
 * One rule: a signal must not be below {@code min}, or not above {@code max}. A value on the limit is kept.
 *
 * <p>Where a published definition says at least or at most the other way round (drops on equality), the annotator measures
 * so that this holds, or the limit is the next double; the profile says which.
 */
public record Rule(
        @Key(doc = "name of the rule in tables and reports; the published one where there is one")
        String reason,

        @Key(doc = "family of the rule, for funnels: gopher-quality, c4, url, ...")
        String filter,

        @Key(doc = "signal whose value is held against the limit")
        String signal,

        @Key(doc = "least value that is kept") Optional<Double> min,

        @Key(doc = "greatest value that is kept") Optional<Double> max) {
    public Rule {
        if (min.isPresent() == max.isPresent()) {
            throw new ConfigException("reason", reason, "must have one of min and max");
        }
        if (limit(min, max).isNaN()) {
            throw new ConfigException(min.isPresent() ? "min" : "max", "NaN", "must be a number");
        }
    }

    private static Double limit(Optional<Double> min, Optional<Double> max) {
        return min.or(() -> max).orElseThrow();
    }

    public Side side() {
        return min.isPresent() ? Side.BELOW : Side.ABOVE;
    }

    public double limit() {
        return limit(min, max);
    }

    /** The same rule with another limit on the same side. */
    public Rule withLimit(double limit) {
        return new Rule(reason, filter, signal, min.map(m -> limit), max.map(m -> limit));
    }
}
