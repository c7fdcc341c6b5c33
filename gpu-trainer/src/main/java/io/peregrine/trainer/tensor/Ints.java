package io.peregrine.trainer.tensor;

/**
 * Whole numbers where operations read and write them: ids of tokens, positions of sequences.
 *
 * <p>Thread: as the operations that made them. Ownership: whoever keeps them keeps their memory.
 */
public interface Ints {
    /** How many there are. */
    int size();

    /**
     * Overwrites all, behind everything asked for before.
     *
     * @param values as many as {@link #size}
     */
    void set(int... values);

    /** A copy of all, after everything asked for before. */
    int[] get();

    /**
     * Some of them, in the same memory.
     *
     * @param first which is the part's first
     * @param count how many
     * @throws IndexOutOfBoundsException if there are not as many
     */
    Ints part(int first, int count);
}
