package io.peregrine.mixture.optimize;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file of {@code mixture optimize}.
 *
 * @param runs the proxy runs that laws are fitted to
 * @param columns which columns of all tables are what
 * @param fit how laws are fitted
 * @param targets how much each target's loss counts, by name
 * @param kl strength of the pull towards the prior
 * @param budgetTokens T
 * @param sources all sources of the runs, by name
 */
public record OptimizeConfig(
        @Key(doc = "the proxy runs that the laws are fitted to")
        RunFiles runs,

        @Key(doc = "which columns are what, in all tables") RunColumns columns,

        @Key(doc = "how laws are fitted and judged") FitConfig fit,

        @Key(unit = "share", doc = "how much each target's loss counts, by name; 0 only reports it; scaled to sum to 1")
        Map<String, BigDecimal> targets,

        @Key(unit = "loss", doc = "weight of the divergence from the prior beside the loss: keeps the proposal near it")
        double kl,

        @Key(unit = "tokens", doc = "length of the training that the weights are for, T; needed where max-epochs is")
        Optional<Long> budgetTokens,

        @Key(doc = "every source of the runs, by name") Map<String, SourceConfig> sources) {
    public OptimizeConfig {
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
        sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
        targets.forEach((name, weight) -> {
            if (weight.signum() < 0) {
                throw new ConfigException("targets." + name, weight, "must be >= 0");
            }
        });
        if (targets.values().stream().noneMatch(weight -> weight.signum() > 0)) {
            throw new ConfigException("targets", targets, "must name at least one target with a weight > 0");
        }
        if (!(kl >= 0 && kl <= 1e6)) {
            throw new ConfigException("kl", kl, "must be 0..1000000");
        }
        if (sources.size() < 2) {
            throw new ConfigException("sources", sources.keySet(), "must name at least two sources");
        }
        if (budgetTokens.isPresent() && budgetTokens.get() <= 0) {
            throw new ConfigException("budget-tokens", budgetTokens.get(), "must be > 0 tokens");
        }
        sources.forEach((name, source) -> {
            if (source.maxEpochs().isPresent() && budgetTokens.isEmpty()) {
                throw new ConfigException(
                        "budget-tokens", "none", "must be given, for sources.%s has max-epochs".formatted(name));
            }
        });
        long priors = sources.values().stream()
                .filter(source -> source.prior().isPresent())
                .count();
        if (priors != 0 && priors != sources.size()) {
            String without = sources.entrySet().stream()
                    .filter(source -> source.getValue().prior().isEmpty())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
            throw new ConfigException(
                    "sources." + without + ".prior", "none", "must be given for all sources or for none");
        }
        SourceCaps.of(sources, budgetTokens); // refuses caps that leave no mixture
    }
}
