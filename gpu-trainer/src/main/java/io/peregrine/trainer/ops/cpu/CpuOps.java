package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.HostInts;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;

/** Every operation in float32 on the CPU. Results do not depend on the number of threads. */
public final class CpuOps implements Ops {
    private final Workers workers;
    private final Families families;

    /** Operations that keep {@code threads} cores busy. */
    public CpuOps(int threads) {
        this.workers = new Workers(threads);
        this.families = new Families(
                new CpuEmbedding(),
                new CpuMatmul(workers),
                new CpuNorm(workers),
                new CpuActivation(workers),
                new CpuConv(workers),
                new CpuScan(workers),
                new CpuAttention(workers),
                new CpuLoss(workers),
                new CpuOptim(workers),
                new CpuDecode(workers));
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
    public Ints allocateInts(int size) {
        return new HostInts(size);
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
    public Families families() {
        return families;
    }

    @Override
    public void close() {
        workers.close();
    }
}
