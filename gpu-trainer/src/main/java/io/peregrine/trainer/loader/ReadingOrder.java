package io.peregrine.trainer.loader;

/** Which sequences come from a position on: a pure function of the position. */
public interface ReadingOrder {
    /**
     * The next sequences from a position on.
     *
     * @param position where to begin, at least 0
     * @param count how many are wanted
     * @throws io.peregrine.data.DataException if there are not so many
     */
    TrainingOrder.Span from(long position, int count);
}
