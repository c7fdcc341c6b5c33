package io.peregrine.mixture.optimize;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How laws are fitted and judged.
 *
 * @param ridge added to the sum of squared residuals for each squared sensitivity, {@code > 0}
 * @param folds parts of the cross-validation, 2..100
 * @param seed decides the folds
 * @param topK runs that the regret follows up, {@code >= 1}
 * @param checks runs of other sizes that were not fitted to and are to be ranked, by name
 */
public record FitConfig(
        @Key(unit = "loss^2", doc = "pull of every sensitivity towards 0; settles what the runs leave open")
        double ridge,

        @Key(unit = "folds", doc = "parts of the cross-validation")
        int folds,

        @Key(doc = "decides which run is in which fold") long seed,

        @Key(unit = "runs", doc = "regret is the loss of the best of the top-k predicted runs, above the best of all")
        int topK,

        @Key(doc = "unseen runs to be ranked by the laws, such as those of larger models, by a name of your choice")
        Map<String, RunFiles> checks) {
    static final FitConfig DEFAULTS = new FitConfig(1e-4, 10, 1, 5, Map.of());

    public FitConfig {
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
        if (!(ridge > 0 && ridge <= 1e6)) {
            throw new ConfigException("ridge", ridge, "must be > 0 and <= 1000000");
        }
        if (folds < 2 || folds > 100) {
            throw new ConfigException("folds", folds, "must be 2..100 folds");
        }
        if (topK < 1) {
            throw new ConfigException("top-k", topK, "must be >= 1 run");
        }
    }
}
