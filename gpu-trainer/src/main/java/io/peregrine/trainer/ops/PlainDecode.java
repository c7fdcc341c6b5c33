package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;
import java.util.List;

/** Decoding's products made of the operations of training, for backends and shapes without faster ones. */
public abstract class PlainDecode implements DecodeOps {
    private final MatmulOps matmul;
    private final NormOps norm;
    private final ActivationOps activation;

    protected PlainDecode(MatmulOps matmul, NormOps norm, ActivationOps activation) {
        this.matmul = matmul;
        this.norm = norm;
        this.activation = activation;
    }

    @Override
    public void normed(Tensor h, Tensor gain, double epsilon, Tensor n, List<Product> products) {
        norm.rms(h, gain, epsilon, n);
        for (Product product : products) {
            matmul.forward(n, product.weight(), product.scale(), product.y());
        }
    }

    @Override
    public void gated(
            Tensor h,
            Tensor gain,
            double epsilon,
            Tensor n,
            Tensor weight,
            double gateScale,
            Tensor gateUp,
            Tensor out) {
        norm.rms(h, gain, epsilon, n);
        matmul.forward(n, weight, 1, gateUp);
        int width = out.columns();
        activation.gate(gateUp.columns(width, 2 * width), gateUp.columns(0, width), gateScale, out);
    }

    @Override
    public void add(List<Term> terms, Tensor h) {
        for (Term term : terms) {
            matmul.forwardAdd(term.x(), term.weight(), term.scale(), h, h);
        }
    }
}
