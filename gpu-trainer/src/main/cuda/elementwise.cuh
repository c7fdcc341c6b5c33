// Copies, casts, gates, biases: one read and one write of each number.
#pragma once

#include "common.cuh"

namespace peregrine {

// A matrix in global memory: `stride` elements from one row to the next.
template <typename T>
struct Matrix {
    T* data;
    int64_t stride;
};

// Sets every element of (rows, columns).
template <typename T>
cudaError_t fill(cudaStream_t stream, Matrix<T> x, int64_t rows, int columns, float value);

// to = from, rounded to its kind; both (rows, columns).
template <typename From, typename To>
cudaError_t copy(cudaStream_t stream, Matrix<const From> from, Matrix<To> to, int64_t rows, int columns);

// to += from, both (rows, columns).
template <typename T>
cudaError_t add(cudaStream_t stream, Matrix<const T> from, Matrix<T> to, int64_t rows, int columns);

// out = value * SiLU(gateScale * gate), all (rows, columns).
template <typename T>
cudaError_t gate(cudaStream_t stream, Matrix<const T> value, Matrix<const T> gate, float gateScale, Matrix<T> out,
                 int64_t rows, int columns);

// Gradient of `gate`; dValue and dGate are overwritten.
template <typename T>
cudaError_t gate_backward(cudaStream_t stream, Matrix<const T> value, Matrix<const T> gate, float gateScale,
                          Matrix<const T> dOut, Matrix<T> dValue, Matrix<T> dGate, int64_t rows, int columns);

// y[i] += scale * bias in every row.
template <typename T>
cudaError_t add_bias(cudaStream_t stream, const float* bias, float scale, Matrix<T> y, int64_t rows, int columns);

// dBias += scale * sum over rows of dy. Workspace: bias_backward_workspace_bytes(columns).
template <typename T>
cudaError_t bias_backward(cudaStream_t stream, Matrix<const T> dy, float scale, float* dBias, int64_t rows, int columns,
                          void* workspace);
size_t bias_backward_workspace_bytes(int columns);

}  // namespace peregrine
