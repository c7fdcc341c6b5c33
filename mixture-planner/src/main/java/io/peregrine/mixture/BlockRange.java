package io.peregrine.mixture;

import io.peregrine.data.DataException;

/**
 * Blocks of a plan, one after the other.
 *
 * @param from the first
 * @param to the first behind them, {@code > from}
 */
public record BlockRange(int from, int to) {
    public BlockRange {
        if (from < 0 || to <= from) {
            throw new DataException("blocks %d..%d: must be 0 <= from < to".formatted(from, to));
        }
    }

    public boolean contains(int block) {
        return from <= block && block < to;
    }
}
