package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;
import java.util.List;

/**
 * Decoding's products made of the operations of training, for backends and shapes without faster ones. Row after row, for a
 * product's rounding may depend on how many rows there are, and a sequence's numbers must not.
 */
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
            multiply(n, product.weight(), product.scale(), product.y());
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
        multiply(n, weight, 1, gateUp);
        int width = out.columns();
        activation.gate(gateUp.columns(width, 2 * width), gateUp.columns(0, width), gateScale, out);
    }

    @Override
    public void add(List<Term> terms, Tensor h) {
        for (Term term : terms) {
            for (int s = 0; s < h.rows(); s++) {
                Tensor row = h.rows(s, s + 1);
                matmul.forwardAdd(term.x().rows(s, s + 1), term.weight(), term.scale(), row, row);
            }
        }
    }

    private void multiply(Tensor x, Tensor weight, double scale, Tensor y) {
        for (int s = 0; s < x.rows(); s++) {
            matmul.forward(x.rows(s, s + 1), weight, scale, y.rows(s, s + 1));
        }
    }
}
