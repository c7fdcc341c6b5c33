package io.peregrine.mixture;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.List;

/**
 * Weights that change over the run. Without segments, the weights of the streams hold from the first block to the last:
 * anti-curriculum, with hard, long and instruction data from the beginning (Falcon-H1, section 3.2).
 *
 * @param cycles how often the segments are gone through, {@code >= 1}
 * @param segments one after the other; their shares sum to 1
 */
public record ScheduleConfig(
        @Key(doc = "how often the segments are gone through, one time after the other")
        int cycles,

        @Key(doc = "parts of the run with weights of their own; none: the streams' weights hold throughout")
        List<ScheduleSegment> segments) {
    /** The streams' weights hold throughout. */
    public static final ScheduleConfig DEFAULTS = new ScheduleConfig(1, List.of());

    public ScheduleConfig {
        segments = List.copyOf(segments);
        if (cycles < 1) {
            throw new ConfigException("cycles", cycles, "must be >= 1");
        }
        if (cycles > 1 && segments.isEmpty()) {
            throw new ConfigException("cycles", cycles, "there are no segments to go through");
        }
        if (!segments.isEmpty()) {
            WeightSum.require(
                    "segments[].share",
                    segments.stream().map(ScheduleSegment::share).toList());
        }
        for (int i = 0; i < segments.size(); i++) {
            WeightSum.require(
                    "segments[%d].weights".formatted(i),
                    segments.get(i).weights().values());
            if (!segments.get(i).to().isEmpty()) {
                WeightSum.require(
                        "segments[%d].to".formatted(i), segments.get(i).to().values());
            }
        }
    }
}
