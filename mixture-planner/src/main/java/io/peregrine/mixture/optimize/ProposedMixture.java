package io.peregrine.mixture.optimize;

import io.peregrine.data.config.Key;
import io.peregrine.data.config.YamlWriter;
import io.peregrine.mixture.StreamMix;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A proposal as the section {@code mixture.streams} of a run file takes it: to copy from, or to include.
 *
 * @param mixture the section
 */
public record ProposedMixture(
        @Key(doc = "the section of a run file") Section mixture) {
    /** Weights are written in parts of this. */
    private static final int DENOMINATOR = 1_000_000_000;

    private static final int DIGITS = 9;

    /** So that a cap of 0.021 is not written as 0.020999999. */
    private static final double ROUNDING = 1e-3;

    /**
     * The part of the section that is proposed.
     *
     * @param streams by name
     */
    public record Section(
            @Key(doc = "weight and limits of every stream") Map<String, StreamMix> streams) {
        public Section {
            streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
        }
    }

    /**
     * Rounds weights to nine digits so that they sum to exactly 1 and none goes over its cap where that can be.
     *
     * @param sources the settings, whose limits are written too
     */
    public static ProposedMixture of(Proposal proposal, Map<String, SourceConfig> sources) {
        List<Integer> parts = parts(proposal.sources());
        Map<String, StreamMix> streams = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String name = proposal.sources().get(i).cap().source();
            BigDecimal weight = BigDecimal.valueOf(parts.get(i), DIGITS).stripTrailingZeros();
            SourceConfig source = sources.get(name);
            streams.put(
                    name,
                    new StreamMix(Optional.of(weight), source.maxEpochs(), source.windowTokens(), Optional.empty()));
        }
        return new ProposedMixture(new Section(streams));
    }

    private static List<Integer> parts(List<Proposal.Source> sources) {
        int[] parts = sources.stream()
                .mapToInt(source -> (int) Math.floor(source.weight() * DENOMINATOR + ROUNDING))
                .toArray();
        int missing = DENOMINATOR - IntStream.of(parts).sum();
        List<Integer> byRoom =
                new ArrayList<>(IntStream.range(0, parts.length).boxed().toList());
        byRoom.sort(Comparator.comparingDouble(
                i -> sources.get(i).weight() - sources.get(i).cap().cap()));
        // Each weight lost less than one part, so that the sources with most room take no more than a few each.
        for (int k = 0; missing > 0; k = (k + 1) % parts.length, missing--) {
            parts[byRoom.get(k)]++;
        }
        return IntStream.of(parts).boxed().toList();
    }

    /** The section as YAML. */
    public String toYaml(String comment) {
        return YamlWriter.write(comment, this);
    }
}
