package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.CudaException;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import io.peregrine.trainer.testing.DeviceFault;

/** Loses its device, and prints what operations then throw: a process that no other test needs any more. */
final class LostDeviceInOwnProcess {
    private static final Shape SQUARE = Shape.of(64, 64);

    private LostDeviceInOwnProcess() {}

    /** @param args none */
    public static void main(String[] args) {
        CudaDevice device = new CudaDevice(0);
        try (Ops ops = new CudaOps(device, DType.F32)) {
            Tensor x = ops.allocate(SQUARE);
            Tensor y = ops.allocate(SQUARE);
            ops.matmul().forward(x, x, 1, y);
            DeviceFault.make(device);
            // A shape that cuBLAS has been asked for before, and one that it has not.
            tell("product", () -> ops.matmul().forward(x, x, 1, y));
            tell("new product", () -> ops.matmul().backwardInput(x, x, 1, y));
            tell("sum", () -> ops.add(x, y));
            tell("allocation", () -> ops.allocate(SQUARE));
            tell("reading", x::onHost);
        }
        System.out.println("closed");
    }

    private static void tell(String what, Runnable work) {
        try {
            work.run();
            System.out.println(what + ": done");
        } catch (CudaException e) {
            System.out.println(what + ": " + e.getClass().getSimpleName());
            System.err.println(e.getMessage());
        }
    }
}
