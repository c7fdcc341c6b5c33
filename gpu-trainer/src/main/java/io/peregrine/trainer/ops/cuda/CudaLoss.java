package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.LossOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;

/** Cross-entropy: {@code loss.cuh}. Reading the sum waits for the device, once per slice of logits. */
final class CudaLoss implements LossOps {
    private final CudaDevice device;
    private final DeviceInts targetsOnDevice;

    CudaLoss(CudaDevice device) {
        this.device = device;
        this.targetsOnDevice = new DeviceInts(device);
    }

    @Override
    public int logitsAtOnce() {
        return 1 << 28; // 512 MiB in bf16: products of 8,000 rows at a vocabulary of 32,768
    }

    @Override
    public double loss(Tensor logits, int[] targets, int firstRow) {
        return crossEntropy(logits, targets, firstRow, false, 0, 0);
    }

    @Override
    public double lossAndGradient(Tensor logits, int[] targets, int firstRow, double gradScale, double zLoss) {
        return crossEntropy(logits, targets, firstRow, true, gradScale, zLoss);
    }

    private double crossEntropy(
            Tensor logits, int[] targets, int firstRow, boolean withGradient, double gradScale, double zLoss) {
        targetsOnDevice.set(Arrays.copyOfRange(targets, firstRow, firstRow + logits.rows()));
        DeviceTensor it = (DeviceTensor) logits;
        double[] sum = new double[1];
        device.check(
                () -> Native.crossEntropy(
                        device.handle(),
                        it.kind(),
                        it.address(),
                        it.stride(),
                        targetsOnDevice.address(),
                        it.rows(),
                        it.columns(),
                        withGradient,
                        (float) gradScale,
                        (float) zLoss,
                        sum),
                "loss of %s",
                logits);
        return sum[0];
    }
}
