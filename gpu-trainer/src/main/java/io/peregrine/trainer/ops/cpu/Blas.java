package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.tensor.FloatTensor;
import io.peregrine.trainer.tensor.Tensor;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * OpenBLAS's single-precision matrix product, on row-major matrices given by address and row stride.
 *
 * <p>Thread: one each. Bounds are the caller's: nothing here is checked.
 */
final class Blas {
    static {
        // Ours are the threads; with its own, OpenBLAS would cut sums by their number.
        openblas.blas_set_num_threads(1);
    }

    /** A pointer that can be set to any address, so that a product allocates nothing. */
    private static final class View extends FloatPointer {
        View() {
            super((org.bytedeco.javacpp.Pointer) null);
        }

        View at(long newAddress) {
            this.address = newAddress;
            return this;
        }
    }

    private final View viewA = new View();
    private final View viewB = new View();
    private final View viewC = new View();

    /** Where a number of a tensor lies. */
    static long address(Tensor tensor, int row, int column) {
        FloatTensor floats = floats(tensor);
        try (FloatPointer start = new FloatPointer(floats.memory())) {
            return start.address() + floats.at(row, column) * Float.BYTES;
        }
    }

    /** The tensor as the kind that these operations work on. */
    static FloatTensor floats(Tensor tensor) {
        if (tensor instanceof FloatTensor floats) {
            return floats;
        }
        throw new IllegalArgumentException("%s is not a tensor of CpuOps".formatted(tensor));
    }

    /** {@code C = alpha A B^T + beta C}: A {@code (m, k)}, B {@code (n, k)}, C {@code (m, n)}. */
    void nt(
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int strideA,
            long b,
            int strideB,
            float beta,
            long c,
            int strideC) {
        gemm(openblas.CblasNoTrans, openblas.CblasTrans, m, n, k, alpha, a, strideA, b, strideB, beta, c, strideC);
    }

    /** {@code C = alpha A B + beta C}: A {@code (m, k)}, B {@code (k, n)}, C {@code (m, n)}. */
    void nn(
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int strideA,
            long b,
            int strideB,
            float beta,
            long c,
            int strideC) {
        gemm(openblas.CblasNoTrans, openblas.CblasNoTrans, m, n, k, alpha, a, strideA, b, strideB, beta, c, strideC);
    }

    /** {@code C = alpha A^T B + beta C}: A {@code (k, m)}, B {@code (k, n)}, C {@code (m, n)}. */
    void tn(
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int strideA,
            long b,
            int strideB,
            float beta,
            long c,
            int strideC) {
        gemm(openblas.CblasTrans, openblas.CblasNoTrans, m, n, k, alpha, a, strideA, b, strideB, beta, c, strideC);
    }

    private void gemm(
            int transA,
            int transB,
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int strideA,
            long b,
            int strideB,
            float beta,
            long c,
            int strideC) {
        openblas.cblas_sgemm(
                openblas.CblasRowMajor,
                transA,
                transB,
                m,
                n,
                k,
                alpha,
                viewA.at(a),
                strideA,
                viewB.at(b),
                strideB,
                beta,
                viewC.at(c),
                strideC);
    }
}
