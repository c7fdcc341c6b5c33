package io.peregrine.mixture.optimize;

import io.peregrine.data.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The caps of all sources, of which there is at least one mixture. */
public final class SourceCaps {
    private SourceCaps() {}

    /**
     * Computes the caps.
     *
     * @param budgetTokens present if a source has {@code max-epochs}
     * @throws ConfigException if they sum to less than 1; it names the share that is missing and what caps each source
     */
    public static List<SourceCap> of(Map<String, SourceConfig> sources, Optional<Long> budgetTokens) {
        List<SourceCap> caps = new ArrayList<>();
        for (Map.Entry<String, SourceConfig> source : sources.entrySet()) {
            caps.add(SourceCap.of(source.getKey(), source.getValue(), budgetTokens));
        }
        double sum = caps.stream().mapToDouble(SourceCap::cap).sum();
        if (sum < 1) {
            String named = caps.stream()
                    .map(cap -> String.format(
                            Locale.ROOT,
                            "%s %.6f (%s)",
                            cap.source(),
                            cap.cap(),
                            cap.rule().name().toLowerCase(Locale.ROOT)))
                    .collect(Collectors.joining(", "));
            String tokens = budgetTokens
                    .map(budget ->
                            String.format(Locale.ROOT, ", which is %,d tokens", (long) Math.ceil((1 - sum) * budget)))
                    .orElse("");
            throw new ConfigException(
                    "sources",
                    named,
                    String.format(
                            Locale.ROOT,
                            "caps must sum to >= 1, and %.6f of the mixture is missing%s; "
                                    + "give more unique-tokens or max-epochs, or a smaller budget-tokens",
                            1 - sum,
                            tokens));
        }
        return List.copyOf(caps);
    }
}
