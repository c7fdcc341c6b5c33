// Root-mean-square norms, plain and gated (Mamba-2's RMSNormGated with norm_before_gate = false), forward and backward.
#pragma once

#include "elementwise.cuh"

namespace peregrine {

// y = gain * x * (mean(x^2) + epsilon)^(-1/2) per row; gain is (columns) in float.
template <typename T>
cudaError_t rms(cudaStream_t stream, Matrix<const T> x, const float* gain, float epsilon, Matrix<T> y, int64_t rows,
                int columns);

// dx += its gradient, dGain += the gain's. Workspace: rms_backward_workspace_bytes(columns).
template <typename T>
cudaError_t rms_backward(cudaStream_t stream, Matrix<const T> x, const float* gain, float epsilon, Matrix<const T> dy,
                         Matrix<T> dx, float* dGain, int64_t rows, int columns, void* workspace);

// v = y * SiLU(zScale z), then `rms` of v over each of `groups` equal groups of columns on its own.
template <typename T>
cudaError_t gated_rms(cudaStream_t stream, Matrix<const T> y, Matrix<const T> z, float zScale, const float* gain,
                      int groups, float epsilon, Matrix<T> out, int64_t rows, int columns);

// Gradient of `gated_rms`: dy and dz are overwritten, dGain is added to. Workspace as for `rms_backward`.
template <typename T>
cudaError_t gated_rms_backward(cudaStream_t stream, Matrix<const T> y, Matrix<const T> z, float zScale,
                               const float* gain, int groups, float epsilon, Matrix<const T> dOut, Matrix<T> dy,
                               Matrix<T> dz, float* dGain, int64_t rows, int columns, void* workspace);

size_t rms_backward_workspace_bytes(int columns);

}  // namespace peregrine
