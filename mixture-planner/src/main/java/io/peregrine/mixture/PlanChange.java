package io.peregrine.mixture;

import io.peregrine.data.DataException;
import java.util.Optional;

/**
 * How a plan came from the version before it, which it agrees with in all blocks before the change.
 *
 * @param parent digest of the version before
 * @param fromBlock the first block that may differ, {@code >= 0}
 * @param rebased whether the targets began anew at that block, because what had been given could not be evened out; each
 *     such change may put a stream one more sequence off the sum of all plans
 * @param skipped blocks that are not trained on from this version on; their sequences count as given
 */
public record PlanChange(String parent, int fromBlock, boolean rebased, Optional<BlockRange> skipped) {
    public PlanChange {
        if (fromBlock < 0) {
            throw new DataException("a change from block %d on: must be >= 0".formatted(fromBlock));
        }
    }
}
