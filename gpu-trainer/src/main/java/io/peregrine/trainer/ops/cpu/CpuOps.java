package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.ActivationOps;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.ConvOps;
import io.peregrine.trainer.ops.EmbeddingOps;
import io.peregrine.trainer.ops.LossOps;
import io.peregrine.trainer.ops.MatmulOps;
import io.peregrine.trainer.ops.NormOps;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;

/** Every operation in float32 on the CPU. Results do not depend on the number of threads. */
public final class CpuOps implements Ops {
    private final Workers workers;
    private final EmbeddingOps embedding;
    private final MatmulOps matmul;
    private final NormOps norm;
    private final ActivationOps activation;
    private final ConvOps conv;
    private final ScanOps scan;
    private final AttentionOps attention;
    private final LossOps loss;
    private final OptimOps optim;

    /** Operations that keep {@code threads} cores busy. */
    public CpuOps(int threads) {
        this.workers = new Workers(threads);
        this.embedding = new CpuEmbedding();
        this.matmul = new CpuMatmul(workers);
        this.norm = new CpuNorm(workers);
        this.activation = new CpuActivation(workers);
        this.conv = new CpuConv(workers);
        this.scan = new CpuScan(workers);
        this.attention = new CpuAttention(workers);
        this.loss = new CpuLoss(workers);
        this.optim = new CpuOptim(workers);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public Tensor allocate(Shape shape) {
        return Tensor.zeros(DType.F32, shape);
    }

    @Override
    public Tensor allocateExact(Shape shape) {
        return allocate(shape);
    }

    @Override
    public void copy(Tensor from, Tensor to) {
        Rows.copy(workers, from, to);
    }

    @Override
    public void add(Tensor from, Tensor to) {
        Rows.each(workers, to.rows(), (row, scratch) -> {
            int columns = to.columns();
            float[] x = scratch.array(0, columns);
            float[] y = scratch.array(1, columns);
            from.read(row, 0, x, 0, columns);
            to.read(row, 0, y, 0, columns);
            for (int i = 0; i < columns; i++) {
                y[i] += x[i];
            }
            to.write(row, 0, y, 0, columns);
        });
    }

    @Override
    public EmbeddingOps embedding() {
        return embedding;
    }

    @Override
    public MatmulOps matmul() {
        return matmul;
    }

    @Override
    public NormOps norm() {
        return norm;
    }

    @Override
    public ActivationOps activation() {
        return activation;
    }

    @Override
    public ConvOps conv() {
        return conv;
    }

    @Override
    public ScanOps scan() {
        return scan;
    }

    @Override
    public AttentionOps attention() {
        return attention;
    }

    @Override
    public LossOps loss() {
        return loss;
    }

    @Override
    public OptimOps optim() {
        return optim;
    }

    @Override
    public void close() {
        workers.close();
    }
}
