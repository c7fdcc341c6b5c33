package io.peregrine.mixture;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A part of the run with weights of its own, constant, or going from one mixture to another in a straight line.
 *
 * @param share of the blocks of one cycle, {@code > 0}
 * @param weights share of the tokens by stream; a stream that is not named has none
 * @param to weights at the segment's end, if they change in it; empty if they do not
 */
public record ScheduleSegment(
        @Key(doc = "share of the blocks of a cycle; all shares sum to 1")
        BigDecimal share,

        @Key(doc = "share of the trained tokens by stream; streams not named are left out; they sum to 1")
        Map<String, BigDecimal> weights,

        @Key(doc = "weights at the end of the segment, reached in a straight line; empty: the weights hold")
        Map<String, BigDecimal> to) {
    static final ScheduleSegment DEFAULTS = new ScheduleSegment(BigDecimal.ONE, Map.of(), Map.of());

    public ScheduleSegment {
        weights = sorted("weights", weights);
        to = sorted("to", to);
        if (share.signum() <= 0) {
            throw new ConfigException("share", share.toPlainString(), "must be > 0");
        }
    }

    private static Map<String, BigDecimal> sorted(String key, Map<String, BigDecimal> weights) {
        weights.forEach((stream, weight) -> {
            if (weight.signum() < 0) {
                throw new ConfigException(key + "." + stream, weight.toPlainString(), "must be >= 0");
            }
        });
        return Collections.unmodifiableMap(new TreeMap<>(weights));
    }
}
