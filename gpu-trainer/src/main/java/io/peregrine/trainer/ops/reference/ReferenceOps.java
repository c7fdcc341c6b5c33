package io.peregrine.trainer.ops.reference;

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

/** Every operation in plain Java, sums in double, results stored as F64 or F32. */
public final class ReferenceOps implements Ops {
    private final DType dtype;
    private final EmbeddingOps embedding = new ReferenceEmbedding();
    private final MatmulOps matmul = new ReferenceMatmul();
    private final NormOps norm = new ReferenceNorm();
    private final ActivationOps activation = new ReferenceActivation();
    private final ConvOps conv = new ReferenceConv();
    private final ScanOps scan = new ReferenceScan();
    private final AttentionOps attention = new ReferenceAttention();
    private final LossOps loss = new ReferenceLoss();
    private final OptimOps optim = new ReferenceOptim();

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
    public void copy(Tensor from, Tensor to) {
        to.copyFrom(from);
    }

    @Override
    public void add(Tensor from, Tensor to) {
        Values.add(Values.of(from), to);
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
        // Nothing is held.
    }
}
