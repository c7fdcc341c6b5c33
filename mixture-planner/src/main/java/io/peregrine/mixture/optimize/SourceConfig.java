package io.peregrine.mixture.optimize;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What is known of a source, and what is asked of it.
 *
 * @param prior its weight in the mixture that the proposal is pulled towards, {@code > 0}; all sources have one or none has
 * @param uniqueTokens tokens of one epoch
 * @param windowTokens the memorization window M: its epochs must be longer
 * @param maxEpochs how often it may be seen in the budget
 */
public record SourceConfig(
        @Key(doc = "weight in the mixture to stay near; all sources have one (any scale) or none; else the runs' mean")
        Optional<BigDecimal> prior,

        @Key(unit = "tokens", doc = "tokens of one epoch, U")
        Optional<Long> uniqueTokens,

        @Key(unit = "tokens", doc = "memorization window M; caps the weight at U/M, so that repeats are further apart")
        Optional<Long> windowTokens,

        @Key(unit = "epochs", doc = "how often it may be seen, E; caps the weight at E*U/budget-tokens")
        Optional<BigDecimal> maxEpochs) {
    static final SourceConfig DEFAULTS =
            new SourceConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public SourceConfig {
        if (prior.isPresent() && prior.get().signum() <= 0) {
            throw new ConfigException(
                    "prior",
                    prior.get(),
                    "must be > 0; a source that must not be used has unique-tokens: 0 and a max-epochs");
        }
        if (uniqueTokens.isPresent() && uniqueTokens.get() < 0) {
            throw new ConfigException("unique-tokens", uniqueTokens.get(), "must be >= 0 tokens");
        }
        if (windowTokens.isPresent() && windowTokens.get() <= 0) {
            throw new ConfigException("window-tokens", windowTokens.get(), "must be > 0 tokens");
        }
        if (maxEpochs.isPresent() && maxEpochs.get().signum() <= 0) {
            throw new ConfigException("max-epochs", maxEpochs.get(), "must be > 0 epochs");
        }
        if (uniqueTokens.isEmpty() && (windowTokens.isPresent() || maxEpochs.isPresent())) {
            throw new ConfigException("unique-tokens", "none", "must be given where window-tokens or max-epochs is");
        }
    }
}
