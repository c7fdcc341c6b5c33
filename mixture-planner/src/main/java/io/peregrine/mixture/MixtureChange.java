package io.peregrine.mixture;

import io.peregrine.data.DataException;
import java.util.Optional;

/**
 * A change of a mixture that is being trained on, as it was asked for: other settings from a block on, or blocks to skip.
 *
 * @param fromBlock the first block that may differ
 * @param settings the whole section from then on; absent if blocks are skipped
 * @param skip blocks that are not trained on; absent if the settings change
 * @param author who asked for it
 * @param reason why
 * @param at when, ISO 8601; for people to read, nothing is decided by it
 */
public record MixtureChange(
        int fromBlock,
        Optional<MixtureConfig> settings,
        Optional<BlockRange> skip,
        String author,
        String reason,
        String at) {
    public MixtureChange {
        if (settings.isPresent() == skip.isPresent()) {
            throw new DataException("a change has either settings or blocks to skip");
        }
        if (fromBlock < 0 || author.isBlank() || reason.isBlank()) {
            throw new DataException(
                    "a change from block %d on by '%s' because of '%s': needs a block >= 0, an author and a "
                                    .formatted(fromBlock, author, reason)
                            + "reason");
        }
    }
}
