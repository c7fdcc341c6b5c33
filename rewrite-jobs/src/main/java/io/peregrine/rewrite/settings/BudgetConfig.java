package io.peregrine.rewrite.settings;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.Optional;

/** What the stage may spend in this run's folder, over all its attempts. */
public record BudgetConfig(
        @Key(unit = "tokens", doc = "most tokens that the run may ever pay for, of prompts and answers together")
        long tokens,

        @Key(unit = "USD", doc = "most dollars that the run may ever pay")
        double dollars,

        @Key(
                doc =
                        "refuse (before anything is sent, if the estimate is more than what is left), stop (when it is spent; a"
                                + " larger budget goes on), finish (when it is spent, with the answers there are); refuse if left out")
        Optional<WhenShort> whenShort) {
    public BudgetConfig {
        if (tokens < 0) {
            throw new ConfigException("tokens", tokens, "must be >= 0 tokens");
        }
        if (!(dollars >= 0 && dollars <= 1e9)) {
            throw new ConfigException("dollars", dollars, "must be 0 to 10^9 USD");
        }
    }

    /** In 10^-6 USD. */
    public long microDollars() {
        return (long) (dollars * 1e6);
    }

    /** What happens when it is not enough. */
    public WhenShort orElseRefuse() {
        return whenShort.orElse(WhenShort.REFUSE);
    }
}
