package io.peregrine.trainer.spark;

import io.peregrine.data.progress.Progress;
import java.io.Serializable;

/**
 * How far a piece of work has come, see {@link Progress}.
 *
 * @param name what is being done; empty before anything is
 * @param unit what is counted
 * @param total how many there are, or {@link Progress#UNKNOWN}
 * @param done how many are done
 * @param note what else was said last
 */
record Reached(String name, String unit, long total, long done, String note) implements Serializable {
    /** Nothing has begun. */
    static final Reached NOTHING = new Reached("", "", Progress.UNKNOWN, 0, "");

    Reached advanced(long more) {
        return new Reached(name, unit, total, done + more, note);
    }

    Reached saying(String text) {
        return new Reached(name, unit, total, done, text);
    }

    /** Whether it is the same piece of work, later on: a task that was tried again begins another. */
    boolean goesOnFrom(Reached earlier) {
        return name.equals(earlier.name) && unit.equals(earlier.unit) && total == earlier.total && done >= earlier.done;
    }
}
