package io.peregrine.data.decontaminate;

import java.util.Optional;

/**
 * What becomes of a contaminated document.
 *
 * @param maskedText its text without what it shares; nothing if the document is dropped
 */
public record Decontaminated(Optional<String> maskedText) {
    /** Decides, and masks where that is asked for and enough of the document is left. */
    public static Decontaminated of(DecontaminateConfig config, String text, Contamination contamination) {
        boolean masks = config.action() == DecontaminateConfig.Action.MASK
                && contamination.documentShare() <= config.maskShareMax();
        return new Decontaminated(masks ? MaskedText.of(text, contamination, config.maskText()) : Optional.empty());
    }
}
