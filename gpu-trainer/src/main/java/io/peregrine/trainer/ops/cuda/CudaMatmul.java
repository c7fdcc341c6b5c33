package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.MatmulOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;

/**
 * Products by cuBLASLt: bf16 operands with float32 sums, or float32 throughout. Gradients of weights are float32 sums in
 * either case, and multipliers are the products' own factor, so that muP costs no pass over memory.
 */
final class CudaMatmul implements MatmulOps {
    private final CudaDevice device;

    /** A matrix as a product reads it. */
    private record Operand(long address, int kind, Tensor shape) {
        static Operand of(Tensor tensor) {
            DeviceTensor it = (DeviceTensor) tensor;
            return new Operand(it.address(), it.kind(), it);
        }

        /** Parameters beside activations: the rounded copy where the activations are rounded. */
        static Operand weights(Tensor weights, Tensor activations) {
            DeviceTensor it = (DeviceTensor) weights;
            boolean rounded = activations.dtype() == DType.BF16 && it.hasRounded();
            return rounded
                    ? new Operand(it.roundedAddress(), CudaDevice.kind(DType.BF16), it)
                    : new Operand(it.address(), it.kind(), it);
        }
    }

    CudaMatmul(CudaDevice device) {
        this.device = device;
    }

    @Override
    public void forward(Tensor x, Tensor w, double scale, Tensor y) {
        multiply(Operand.of(x), false, Operand.weights(w, x), true, scale, 0, y, y);
    }

    @Override
    public void forwardAdd(Tensor x, Tensor w, double scale, Tensor base, Tensor y) {
        multiply(Operand.of(x), false, Operand.weights(w, x), true, scale, 1, base, y);
    }

    @Override
    public void backwardInput(Tensor dy, Tensor w, double scale, Tensor dx) {
        multiply(Operand.of(dy), false, Operand.weights(w, dy), false, scale, 0, dx, dx);
    }

    @Override
    public void backwardInputAdd(Tensor dy, Tensor w, double scale, Tensor dx) {
        multiply(Operand.of(dy), false, Operand.weights(w, dy), false, scale, 1, dx, dx);
    }

    @Override
    public void backwardWeight(Tensor dy, Tensor x, double scale, Tensor dw) {
        multiply(Operand.of(dy), true, Operand.of(x), false, scale, 1, dw, dw);
    }

    private void multiply(
            Operand a,
            boolean transposeA,
            Operand b,
            boolean transposeB,
            double alpha,
            double beta,
            Tensor base,
            Tensor result) {
        DeviceTensor c = (DeviceTensor) base;
        DeviceTensor d = (DeviceTensor) result;
        int status = Native.matmul(
                device.handle(),
                a.kind(),
                a.address(),
                a.shape().rows(),
                a.shape().columns(),
                a.shape().stride(),
                transposeA,
                b.kind(),
                b.address(),
                b.shape().rows(),
                b.shape().columns(),
                b.shape().stride(),
                transposeB,
                (float) alpha,
                (float) beta,
                d.kind(),
                c.address(),
                c.stride(),
                d.address(),
                d.rows(),
                d.columns(),
                d.stride());
        device.check(
                status,
                "product of %s%s and %s%s into %s",
                a.shape(),
                transposeA ? "^T" : "",
                b.shape(),
                transposeB ? "^T" : "",
                result);
    }

    @Override
    public void addBias(Tensor bias, double scale, Tensor y) {
        DeviceTensor to = (DeviceTensor) y;
        device.check(
                Native.addBias(
                        device.handle(),
                        to.kind(),
                        ((DeviceTensor) bias).address(),
                        (float) scale,
                        to.address(),
                        to.stride(),
                        to.rows(),
                        to.columns()),
                "bias of %s",
                y);
    }

    @Override
    public void backwardBias(Tensor dy, double scale, Tensor dBias) {
        DeviceTensor from = (DeviceTensor) dy;
        device.check(
                () -> Native.biasBackward(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        (float) scale,
                        ((DeviceTensor) dBias).address(),
                        from.rows(),
                        from.columns()),
                "gradient of the bias of %s",
                dy);
    }
}
