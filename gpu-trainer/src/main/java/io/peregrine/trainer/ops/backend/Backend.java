package io.peregrine.trainer.ops.backend;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.cpu.CpuOps;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import java.util.Arrays;
import java.util.Locale;

/** The ways of computing that a command can choose from. */
public enum Backend {
    /** Plain Java, sums in double: the definition of right. */
    REFERENCE {
        @Override
        public DType defaultDType() {
            return DType.F64;
        }

        @Override
        public Ops open(DType dtype, int threads) {
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
        public Ops open(DType dtype, int threads) {
            if (dtype != DType.F32) {
                throw new ConfigException("dtype", dtype, "the cpu backend computes in f32; use --backend reference");
            }
            return new CpuOps(threads);
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

    /** The kind of numbers it is made for. */
    public abstract DType defaultDType();

    /**
     * Opens it.
     *
     * @param dtype kind of the numbers in its tensors
     * @param threads threads to compute with, {@code >= 1}; results do not depend on it
     * @throws ConfigException if it does not know this kind
     */
    public abstract Ops open(DType dtype, int threads);
}
