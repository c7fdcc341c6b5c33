package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.HostInts;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;

/** Every operation in plain Java, sums in double, results stored as F64 or F32. */
public final class ReferenceOps implements Ops {
    private final DType dtype;
    private final Families families = new Families(
            new ReferenceEmbedding(),
            new ReferenceMatmul(),
            new ReferenceNorm(),
            new ReferenceActivation(),
            new ReferenceConv(),
            new ReferenceScan(),
            new ReferenceAttention(),
            new ReferenceLoss(),
            new ReferenceOptim(),
            new ReferenceDecode());

    /** Operations whose tensors are {@link DType#F64} or {@link DType#F32}. */
    public ReferenceOps(DType dtype) {
        this.dtype = dtype;
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public Tensor allocate(Shape shape) {
        return Tensor.zeros(dtype, shape);
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
        to.copyFrom(from);
    }

    @Override
    public void add(Tensor from, Tensor to) {
        Values.add(Values.of(from), to);
    }

    @Override
    public Families families() {
        return families;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
