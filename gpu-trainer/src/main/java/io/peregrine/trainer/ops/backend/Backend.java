package io.peregrine.trainer.ops.backend;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.cpu.CpuOps;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The ways of computing that a command can choose from. */
public enum Backend {
    /** Plain Java, sums in double: the definition of right. */
    REFERENCE {
        @Override
        public DType defaultDType() {
            return DType.F64;
        }

        @Override
        public Ops open(DType dtype, int threads, int device) {
            return new ReferenceOps(dtype);
        }
    },

    /** OpenBLAS and fused loops in float32 on all cores. */
    CPU {
        @Override
        public DType defaultDType() {
            return DType.F32;
        }

        @Override
        public Ops open(DType dtype, int threads, int device) {
            if (dtype != DType.F32) {
                throw new ConfigException("dtype", dtype, "the cpu backend computes in f32; use --backend reference");
            }
            return new CpuOps(threads);
        }
    },

    /** Our kernels and cuBLASLt on the first NVIDIA device: bf16 over float32 parameters, or float32 to be compared. */
    CUDA {
        @Override
        public DType defaultDType() {
            return DType.BF16;
        }

        @Override
        public Ops open(DType dtype, int threads, int device) {
            if (dtype != DType.F32 && dtype != DType.BF16) {
                throw new ConfigException("dtype", dtype, "the cuda backend computes in bf16 or f32");
            }
            return new CudaOps(new CudaDevice(device), dtype);
        }

        @Override
        public Optional<String> fault() {
            return CudaDevice.fault(0);
        }
    };

    /** How the command line spells it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The backend of this name.
     *
     * @throws ConfigException if there is none
     */
    public static Backend named(String name) {
        return Arrays.stream(values())
                .filter(backend -> backend.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "backend",
                        name,
                        "must be one of "
                                + Arrays.stream(values()).map(Backend::key).toList()));
    }

    /** What keeps it from running on the first device of this machine, or nothing. */
    public Optional<String> fault() {
        return Optional.empty();
    }

    /** The kind of numbers it is made for. */
    public abstract DType defaultDType();

    /** The kind of activations it trains and generates with: what it is made for, but float where that is double. */
    public DType fastDType() {
        return defaultDType() == DType.F64 ? DType.F32 : defaultDType();
    }

    /**
     * Opens it.
     *
     * @param dtype kind of the numbers in its tensors
     * @param threads threads to compute with, {@code >= 1}; results do not depend on it
     * @param device number of the device to compute on, where the backend has devices
     * @throws ConfigException if it does not know this kind
     */
    public abstract Ops open(DType dtype, int threads, int device);

    /** Opens it on its first device. */
    public Ops open(DType dtype, int threads) {
        return open(dtype, threads, 0);
    }
}
