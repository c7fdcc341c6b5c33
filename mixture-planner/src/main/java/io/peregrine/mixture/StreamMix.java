package io.peregrine.mixture;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What is asked of one stream.
 *
 * @param weight share of the tokens; all weights sum to 1, or to 1,000,000,000 if they are parts per billion
 * @param maxEpochs how often the stream may be seen at most; as often as need be if absent
 */
public record StreamMix(
        @Key(doc = "share of the trained tokens; 0 leaves the stream out; all weights sum to 1 (or to 1000000000)")
        BigDecimal weight,

        @Key(unit = "epochs", doc = "how often the stream may be seen; without it, as often as the weight asks for")
        Optional<BigDecimal> maxEpochs) {
    public StreamMix {
        if (weight.signum() < 0) {
            throw new ConfigException("weight", weight, "must be >= 0");
        }
        if (maxEpochs.isPresent() && maxEpochs.get().signum() <= 0) {
            throw new ConfigException(
                    "max-epochs", maxEpochs.get(), "must be > 0 epochs; to leave the stream out, give it weight 0");
        }
    }
}
