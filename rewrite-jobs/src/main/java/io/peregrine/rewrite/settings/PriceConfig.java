package io.peregrine.rewrite.settings;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.rewrite.calls.Price;

/** What tokens cost; nothing on servers of one's own. */
public record PriceConfig(
        @Key(unit = "USD", doc = "price of a million tokens of prompts; that of batches where they are cheaper")
        double promptPerMillion,

        @Key(unit = "USD", doc = "price of a million tokens of answers")
        double completionPerMillion) {
    public static final PriceConfig DEFAULTS = new PriceConfig(0, 0);

    public PriceConfig {
        require("prompt-per-million", promptPerMillion);
        require("completion-per-million", completionPerMillion);
    }

    private static void require(String key, double dollars) {
        if (!(dollars >= 0 && dollars <= 1_000)) {
            throw new ConfigException(key, dollars, "must be 0 to 1000 USD");
        }
    }

    /** In whole micro-dollars, rounded up. */
    public Price price() {
        return new Price((long) Math.ceil(promptPerMillion * 1e6), (long) Math.ceil(completionPerMillion * 1e6));
    }
}
