package io.peregrine.mixture;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A mixture to be planned from stated sizes, without a run and without tables: the file that {@code mixture plan} takes where
 * the head of a run is missing.
 *
 * @param supply what each stream has, by name
 * @param mixture the section {@code mixture} as a run has it
 */
public record PlanTrial(
        @Key(doc = "how much each stream of mixture.streams has, by name")
        Map<String, StreamSize> supply,

        @Key(doc = "the section `mixture` of a run") MixtureConfig mixture) {
    public PlanTrial {
        supply = Collections.unmodifiableMap(new TreeMap<>(supply));
        Set<String> without = new TreeSet<>(mixture.streams().keySet());
        without.removeAll(supply.keySet());
        if (!without.isEmpty()) {
            throw new ConfigException(
                    "supply",
                    supply.keySet(),
                    "must say what the streams %s of mixture.streams have; add them here, or remove them there"
                            .formatted(without));
        }
        Set<String> unknown = new TreeSet<>(supply.keySet());
        unknown.removeAll(mixture.streams().keySet());
        if (!unknown.isEmpty()) {
            throw new ConfigException(
                    "mixture.streams",
                    mixture.streams().keySet(),
                    "must name every stream of the supply, and %s is missing; weight 0 leaves a stream out"
                            .formatted(unknown));
        }
        supply.forEach((name, size) -> {
            long most = Math.multiplyHigh(size.sequences(mixture.sequenceLength()), mixture.sequenceLength()) > 0
                    ? Long.MAX_VALUE
                    : size.sequences(mixture.sequenceLength()) * mixture.sequenceLength();
            if (most < size.tokens()) {
                throw new ConfigException(
                        "supply.%s.sequences".formatted(name),
                        size.sequences(mixture.sequenceLength()),
                        "must hold its %d tokens in sequences of %d; at least %d, or leave it out"
                                .formatted(
                                        size.tokens(),
                                        mixture.sequenceLength(),
                                        (size.tokens() - 1) / mixture.sequenceLength() + 1));
            }
        });
    }
}
