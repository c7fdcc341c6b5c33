package io.peregrine.rewrite.prompts;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;

/** How much text a request takes and how much it may answer. */
public record TemplateLimits(
        @Key(unit = "tokens", doc = "documents with fewer are not asked about")
        int tokensInMin,

        @Key(unit = "tokens", doc = "most tokens of source text in one request; longer documents are cut into segments")
        int tokensInMax,

        @Key(
                unit = "tokens",
                doc = "most tokens of one answer; what is longer is cut off and refused by the check finish")
        int tokensOutMax,

        @Key(unit = "segments", doc = "documents of more are not asked about")
        int segmentsMax)
        implements Serializable {
    public TemplateLimits {
        if (tokensInMin < 0) {
            throw new ConfigException("tokens-in-min", tokensInMin, "must be >= 0 tokens");
        }
        if (tokensInMax < 1 || tokensInMax < tokensInMin) {
            throw new ConfigException(
                    "tokens-in-max", tokensInMax, "must be > 0 tokens and >= tokens-in-min, " + tokensInMin);
        }
        if (tokensOutMax < 1) {
            throw new ConfigException("tokens-out-max", tokensOutMax, "must be > 0 tokens");
        }
        if (segmentsMax < 1) {
            throw new ConfigException("segments-max", segmentsMax, "must be > 0 segments");
        }
    }
}
