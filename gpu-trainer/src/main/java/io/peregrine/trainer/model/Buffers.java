package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Activations by name, allocated once and used again: a training step allocates nothing after the first of its size.
 *
 * <p>What a name holds lasts until the same name is asked for again.
 */
final class Buffers {
    private final Ops ops;
    private final int leastRows;
    private final Map<String, Tensor> byName = new HashMap<>();

    Buffers(Ops ops) {
        this(ops, 1);
    }

    /** Of as many rows at least, so that a buffer stays where it is if fewer were asked for before. */
    Buffers(Ops ops, int leastRows) {
        this.ops = ops;
        this.leastRows = leastRows;
    }

    /** The first {@code rows} rows of the buffer of this name, {@code (rows, columns)}, holding anything. */
    Tensor get(String name, int rows, int columns) {
        return get(name, rows, columns, ops::allocate);
    }

    /** As {@link #get}, for numbers that must not be rounded. */
    Tensor exact(String name, int rows, int columns) {
        return get(name, rows, columns, ops::allocateExact);
    }

    private Tensor get(String name, int rows, int columns, Function<Shape, Tensor> allocate) {
        Tensor buffer = byName.get(name);
        if (buffer == null || buffer.columns() != columns || buffer.rows() < rows) {
            buffer = allocate.apply(Shape.of(Math.max(rows, leastRows), columns));
            byName.put(name, buffer);
        }
        return buffer.rows(0, rows);
    }
}
