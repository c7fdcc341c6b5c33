package io.peregrine.cli;

import io.peregrine.trainer.cuda.CudaLibrary;
import io.peregrine.trainer.cuda.Native;
import org.junit.jupiter.api.Tag;

/** On a GPU, whose context a kernel ruins. */
@Tag("gpu")
@Tag("spark")
class ClusterTrainingGpuSparkTest extends ClusterTrainingTest {
    @Override
    String backend() {
        return "cuda";
    }

    /** The last one: where there are several it is not the driver's. */
    @Override
    String gpu() {
        CudaLibrary.require();
        return String.valueOf(Native.deviceCount() - 1);
    }

    @Override
    FaultOnce.Kind fault() {
        return FaultOnce.Kind.CUDA;
    }
}
