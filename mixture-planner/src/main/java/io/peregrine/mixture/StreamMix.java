package io.peregrine.mixture;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What is asked of one stream.
 *
 * @param weight share of the tokens throughout the run; all weights sum to 1, or to 1,000,000,000 if they are parts per
 *     billion; absent if the schedule says it
 * @param maxEpochs how often the stream may be seen at most; as often as need be if absent
 * @param windowTokens tokens that have to pass before the stream may come again: its memorization window; any number if
 *     absent
 * @param reuseGroup streams with the same group hold versions of the same documents, such as originals and rewrites
 */
public record StreamMix(
        @Key(doc = "share of the trained tokens; 0 leaves the stream out; all weights sum to 1 (or to 1000000000)")
        Optional<BigDecimal> weight,

        @Key(unit = "epochs", doc = "how often the stream may be seen; without it, as often as the weight asks for")
        Optional<BigDecimal> maxEpochs,

        @Key(
                unit = "tokens",
                doc = "memorization window: a stream that repeats has a weight of at most its tokens by these")
        Optional<Long> windowTokens,

        @Key(doc = "name shared by the streams that hold versions of the same documents")
        Optional<String> reuseGroup) {
    public StreamMix {
        if (weight.isPresent() && weight.get().signum() < 0) {
            throw new ConfigException("weight", weight.get().toPlainString(), "must be >= 0");
        }
        if (maxEpochs.isPresent() && maxEpochs.get().signum() <= 0) {
            throw new ConfigException(
                    "max-epochs",
                    maxEpochs.get().toPlainString(),
                    "must be > 0 epochs; to leave the stream out, give it weight 0");
        }
        if (windowTokens.isPresent() && windowTokens.get() <= 0) {
            throw new ConfigException("window-tokens", windowTokens.get(), "must be > 0 tokens");
        }
    }

    /** A weight and nothing else. */
    public static StreamMix of(BigDecimal weight) {
        return new StreamMix(Optional.of(weight), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same with a limit of epochs. */
    public StreamMix withMaxEpochs(BigDecimal epochs) {
        return new StreamMix(weight, Optional.of(epochs), windowTokens, reuseGroup);
    }

    /** The same with a memorization window. */
    public StreamMix withWindowTokens(long tokens) {
        return new StreamMix(weight, maxEpochs, Optional.of(tokens), reuseGroup);
    }
}
