package io.peregrine.mixture.optimize;

import java.util.Optional;

/**
 * The most that a source may weigh, and why.
 *
 * @param source its name
 * @param cap 0..1
 * @param rule what sets it
 * @param capPerToken how much one more unique token raises the cap; 0 if none would
 */
public record SourceCap(String source, double cap, Rule rule, double capPerToken) {
    /** What sets a cap. */
    public enum Rule {
        /** Nothing: the whole mixture may be this source. */
        NONE,
        /** {@code U / M}: the source's epoch must be longer than the memorization window, or than the training. */
        WINDOW,
        /** {@code E U / T}: the source may be seen E times in the budget. */
        EPOCHS
    }

    /**
     * The cap of a source: {@code min(U / min(M, T), E U / T)}, at most 1. A window longer than the training asks for one
     * epoch: what is seen once has no repeats to keep apart.
     *
     * @param budgetTokens T; present where the source has {@code max-epochs}, else as if it were longer than any window
     */
    static SourceCap of(String name, SourceConfig source, Optional<Long> budgetTokens) {
        SourceCap cap = new SourceCap(name, 1, Rule.NONE, 0);
        if (source.windowTokens().isPresent()) {
            long window = source.windowTokens().get();
            cap = cap.orLower(Rule.WINDOW, source, 1, Math.min(window, budgetTokens.orElse(window)));
        }
        if (source.maxEpochs().isPresent()) {
            cap = cap.orLower(Rule.EPOCHS, source, source.maxEpochs().get().doubleValue(), budgetTokens.orElseThrow());
        }
        return cap;
    }

    private SourceCap orLower(Rule other, SourceConfig settings, double times, long of) {
        double lower = times * settings.uniqueTokens().orElseThrow() / of;
        return lower < cap ? new SourceCap(source, lower, other, times / of) : this;
    }
}
