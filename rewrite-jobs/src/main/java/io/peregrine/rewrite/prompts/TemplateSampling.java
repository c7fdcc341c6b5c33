package io.peregrine.rewrite.prompts;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;

/** How answers are drawn. The seed of each is made from the run's seed, the document and the variant. */
public record TemplateSampling(
        @Key(unit = "0..2", doc = "temperature; 0 takes the likeliest token")
        double temperature,

        @Key(unit = "0..1", doc = "share of the probability that is drawn from")
        double topP,

        @Key(unit = "answers", doc = "answers that are asked for, each with a seed of its own")
        int variants,

        @Key(unit = "0..1", doc = "most similarity of two variants that stay, by MinHash")
        double similarityMax)
        implements Serializable {
    private static final int VARIANTS_MAX = 64;

    public TemplateSampling {
        if (!(temperature >= 0 && temperature <= 2)) {
            throw new ConfigException("temperature", temperature, "must be 0 to 2");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new ConfigException("top-p", topP, "must be above 0 and at most 1");
        }
        if (variants < 1 || variants > VARIANTS_MAX) {
            throw new ConfigException("variants", variants, "must be 1 to %d answers".formatted(VARIANTS_MAX));
        }
        if (variants > 1 && temperature == 0) {
            throw new ConfigException(
                    "variants", variants, "must be 1 at temperature 0, where all answers are the same");
        }
        if (!(similarityMax >= 0 && similarityMax <= 1)) {
            throw new ConfigException("similarity-max", similarityMax, "must be 0 to 1");
        }
    }
}
