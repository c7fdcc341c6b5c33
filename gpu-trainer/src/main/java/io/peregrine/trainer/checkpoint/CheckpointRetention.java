package io.peregrine.trainer.checkpoint;

import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which checkpoints of a run stay: the newest ones, to go on from, and some that grow rarer like the run's own logarithm,
 * to go back to.
 *
 * <p>Each doubling {@code 2^k .. 2^(k+1)-1} of the steps is cut into {@code perDoubling} equal parts, and the first
 * checkpoint of each part stays. What is first in a part stays first in it whatever comes later, so a run that thins out
 * after every checkpoint has in the end what one that thins out once has, and what a doubling has kept is never lost.
 *
 * @param newest newest checkpoints that stay, at least 1
 * @param perDoubling checkpoints that stay of each doubling of the steps; 0 for none but the newest
 */
public record CheckpointRetention(int newest, int perDoubling) {
    public CheckpointRetention {
        if (newest < 1 || perDoubling < 0) {
            throw new IllegalArgumentException("newest " + newest + ", per doubling " + perDoubling);
        }
    }

    /**
     * The steps whose checkpoints stay, of those that have one: at most {@code newest + perDoubling * doublings}.
     *
     * @param steps none below 0
     */
    public NavigableSet<Long> kept(NavigableSet<Long> steps) {
        NavigableSet<Long> kept = new TreeSet<>();
        steps.descendingSet().stream().limit(newest).forEach(kept::add);
        if (perDoubling > 0) {
            Set<Part> seen = new HashSet<>();
            for (long step : steps) {
                if (seen.add(partOf(step))) {
                    kept.add(step);
                }
            }
        }
        return kept;
    }

    /** A part of a doubling. */
    private record Part(int doubling, long part) {}

    private Part partOf(long step) {
        if (step == 0) {
            return new Part(-1, 0);
        }
        long first = Long.highestOneBit(step);
        return new Part(
                Long.numberOfTrailingZeros(first), Math.multiplyExact(step - first, (long) perDoubling) / first);
    }
}
