package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.MatmulOps;
import io.peregrine.trainer.tensor.Tensor;

/** Products in tiles of rows; weight gradients in square tiles, each over all rows. */
final class CpuMatmul implements MatmulOps {
    /** Rows of a product that one task computes: OpenBLAS packs the weights once per task. */
    private static final int TILE_ROWS = 512;

    /** Rows and columns of a weight gradient that one task computes. */
    private static final int TILE_WEIGHTS = 256;

    /** Columns of a bias gradient that one task sums. */
    private static final int TILE_BIAS = 64;

    private final Workers workers;

    CpuMatmul(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void forward(Tensor x, Tensor w, double scale, Tensor y) {
        product(x, w, scale, 0, y);
    }

    @Override
    public void forwardAdd(Tensor x, Tensor w, double scale, Tensor base, Tensor y) {
        if (base != y) {
            Rows.copy(workers, base, y);
        }
        product(x, w, scale, 1, y);
    }

    @Override
    public void backwardInput(Tensor dy, Tensor w, double scale, Tensor dx) {
        inputGradient(dy, w, scale, 0, dx);
    }

    @Override
    public void backwardInputAdd(Tensor dy, Tensor w, double scale, Tensor dx) {
        inputGradient(dy, w, scale, 1, dx);
    }

    private void product(Tensor x, Tensor w, double scale, float beta, Tensor y) {
        long weights = Blas.address(w, 0, 0);
        workers.run(tiles(x.rows(), TILE_ROWS), (tile, scratch) -> {
            int from = tile * TILE_ROWS;
            int rows = Math.min(x.rows() - from, TILE_ROWS);
            scratch.blas()
                    .nt(
                            rows,
                            w.rows(),
                            w.columns(),
                            (float) scale,
                            Blas.address(x, from, 0),
                            x.stride(),
                            weights,
                            w.stride(),
                            beta,
                            Blas.address(y, from, 0),
                            y.stride());
        });
    }

    private void inputGradient(Tensor dy, Tensor w, double scale, float beta, Tensor dx) {
        long weights = Blas.address(w, 0, 0);
        workers.run(tiles(dy.rows(), TILE_ROWS), (tile, scratch) -> {
            int from = tile * TILE_ROWS;
            int rows = Math.min(dy.rows() - from, TILE_ROWS);
            scratch.blas()
                    .nn(
                            rows,
                            w.columns(),
                            w.rows(),
                            (float) scale,
                            Blas.address(dy, from, 0),
                            dy.stride(),
                            weights,
                            w.stride(),
                            beta,
                            Blas.address(dx, from, 0),
                            dx.stride());
        });
    }

    @Override
    public void backwardWeight(Tensor dy, Tensor x, double scale, Tensor dw) {
        int tilesOut = tiles(dw.rows(), TILE_WEIGHTS);
        int tilesIn = tiles(dw.columns(), TILE_WEIGHTS);
        workers.run(tilesOut * tilesIn, (tile, scratch) -> {
            int out = tile / tilesIn * TILE_WEIGHTS;
            int in = tile % tilesIn * TILE_WEIGHTS;
            scratch.blas()
                    .tn(
                            Math.min(dw.rows() - out, TILE_WEIGHTS),
                            Math.min(dw.columns() - in, TILE_WEIGHTS),
                            dy.rows(),
                            (float) scale,
                            Blas.address(dy, 0, out),
                            dy.stride(),
                            Blas.address(x, 0, in),
                            x.stride(),
                            1,
                            Blas.address(dw, out, in),
                            dw.stride());
        });
    }

    @Override
    public void addBias(Tensor bias, double scale, Tensor y) {
        int columns = y.columns();
        float factor = (float) scale;
        float[] biases = bias.toFloats();
        Rows.each(workers, y.rows(), (row, scratch) -> {
            float[] values = scratch.array(0, columns);
            y.read(row, 0, values, 0, columns);
            for (int i = 0; i < columns; i++) {
                values[i] += factor * biases[i];
            }
            y.write(row, 0, values, 0, columns);
        });
    }

    @Override
    public void backwardBias(Tensor dy, double scale, Tensor dBias) {
        workers.run(tiles(dy.columns(), TILE_BIAS), (tile, scratch) -> {
            int from = tile * TILE_BIAS;
            int width = Math.min(dy.columns() - from, TILE_BIAS);
            float[] d = scratch.array(0, width);
            double[] sums = new double[width];
            for (int row = 0; row < dy.rows(); row++) {
                dy.read(row, from, d, 0, width);
                for (int i = 0; i < width; i++) {
                    sums[i] += d[i];
                }
            }
            for (int i = 0; i < width; i++) {
                dBias.set(0, from + i, dBias.get(0, from + i) + scale * sums[i]);
            }
        });
    }

    private static int tiles(int size, int tile) {
        return (size + tile - 1) / tile;
    }
}
