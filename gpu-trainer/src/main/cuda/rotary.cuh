// Rotary positions on query and key heads, and the step sizes of the scan: small maps between projection and mixers.
#pragma once

#include "elementwise.cuh"

namespace peregrine {

// Rotates each head in place and multiplies those from `firstScaled` on by `scale`, the others by 1: with halves
// (v1, v2), (v1 cos - v2 sin, v2 cos + v1 sin).
// x (rows, heads * headDim); row i has the angles of row i mod seqLen of table (positions, headDim / 2), (cos, sin) each.
// `inverse` rotates back: the gradient.
template <typename T>
cudaError_t rotate(cudaStream_t stream, Matrix<T> x, int64_t rows, int heads, int headDim, const float2* table,
                   int firstScaled, float scale, int seqLen, bool inverse);

// dt = clamp(softplus(scale * raw + bias), low, high); raw and dt (rows, heads).
template <typename T>
cudaError_t step_sizes(cudaStream_t stream, Matrix<const T> raw, float scale, const float* bias, float low, float high,
                       Matrix<float> dt, int64_t rows, int heads);

// dRaw is overwritten, dBias added to; nothing flows where a limit holds. Workspace: bytes by the function below.
template <typename T>
cudaError_t step_sizes_backward(cudaStream_t stream, Matrix<const T> raw, float scale, const float* bias, float low,
                                float high, Matrix<const float> dDt, Matrix<T> dRaw, float* dBias, int64_t rows,
                                int heads, void* workspace);
size_t step_sizes_backward_workspace_bytes(int heads);

}  // namespace peregrine
