package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/** What a bias leaves of a state so large that it can be seen: of 1e30, 1.8e-5. A mask would leave nothing. */
final class ForgottenState {
    private static final double LARGE = 1e30;
    private static final double LEFT = Math.exp(-80);

    private ForgottenState() {}

    /**
     * Token 0 makes a state of 1e30 that nothing but the second document's first token lowers; that token reads it.
     *
     * @param start position of the second document, of which no other token is
     */
    static void agree(Ops ops, ScanOps.Dims dims, int start, double tolerance) {
        int rows = start + 1;
        int[] ids = new int[rows];
        ids[start] = 1;
        Resets resets = Resets.byBias(Segments.of(1, rows, ids));
        int inner = dims.nHeads() * dims.dHead();
        int group = dims.nGroups() * dims.dState();
        Tensor x = ops.allocate(Shape.of(rows, inner));
        Tensor b = ops.allocate(Shape.of(rows, group));
        Tensor c = ops.allocate(Shape.of(rows, group));
        Tensor dt = ops.allocateExact(Shape.of(rows, dims.nHeads()));
        x.rows(0, 1).fill(LARGE);
        b.rows(0, 1).columns(0, 1).fill(1);
        c.rows(start, rows).columns(0, 1).fill(1);
        dt.rows(0, 1).fill(1);
        ScanOps.Inputs in = new ScanOps.Inputs(x, b, c, dt, ofHeads(ops, dims), ofHeads(ops, dims));
        Tensor memory = ops.allocate(ops.scan().memory(dims, 1, rows));
        Tensor y = ops.allocate(Shape.of(rows, inner));
        ops.scan().forward(dims, in, resets, memory, y, Optional.empty());
        double large = x.get(0, 0);
        assertThat(y.get(start, inner - 1) / (LEFT * large)).isCloseTo(1, within(tolerance));

        Tensor dy = ops.allocate(Shape.of(rows, inner));
        dy.rows(start, rows).fill(1);
        ScanOps.Gradients out = new ScanOps.Gradients(
                ops.allocate(Shape.of(rows, inner)),
                ops.allocate(Shape.of(rows, group)),
                ops.allocate(Shape.of(rows, group)),
                ops.allocateExact(Shape.of(rows, dims.nHeads())),
                ofHeads(ops, dims),
                ofHeads(ops, dims));
        ops.scan().backward(dims, in, resets, memory, dy, out);
        assertThat(out.x().get(0, inner - 1) / LEFT).as("gradient of x").isCloseTo(1, within(tolerance));
        // of a step of size 0: through its decay alone, exp(dt A - 80), with A = -1
        assertThat(out.dt().get(start, 0) / (LEFT * large * -dims.dHead()))
                .as("gradient of dt")
                .isCloseTo(1, within(tolerance));
    }

    private static Tensor ofHeads(Ops ops, ScanOps.Dims dims) {
        return ops.allocateExact(Shape.of(dims.nHeads()));
    }
}
