package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.tensor.Tensor;

/** Work that is done row by row. */
final class Rows {
    /** Rows that one task takes: enough to hide the cost of handing it out, few enough to keep all threads busy. */
    static final int PER_TASK = 64;

    /** What is done to one row. */
    interface Body {
        void run(int row, Scratch scratch);
    }

    private Rows() {}

    /** Blocks of {@link #PER_TASK} rows. */
    static int blocks(int rows) {
        return (rows + PER_TASK - 1) / PER_TASK;
    }

    /** Overwrites {@code to} with {@code from}, both of one size. */
    static void copy(Workers workers, Tensor from, Tensor to) {
        each(workers, to.rows(), (row, scratch) -> {
            float[] x = scratch.array(0, to.columns());
            from.read(row, 0, x, 0, to.columns());
            to.write(row, 0, x, 0, to.columns());
        });
    }

    /** Runs the body once per row, in any order. */
    static void each(Workers workers, int rows, Body body) {
        workers.run(blocks(rows), (block, scratch) -> {
            int to = Math.min(rows, (block + 1) * PER_TASK);
            for (int row = block * PER_TASK; row < to; row++) {
                body.run(row, scratch);
            }
        });
    }
}
