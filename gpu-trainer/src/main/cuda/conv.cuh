// The mixer's short causal convolution, one filter per channel, with SiLU behind it, stopping at document starts.
#pragma once

#include "elementwise.cuh"

namespace peregrine {

struct ConvShape {
    int batch, seqLen, channels, taps;  // taps >= 1
};
constexpr int kMaxTaps = 4;  // of the fast kernels; longer filters are conv_generic.cu's

// out[t] = SiLU(bias + sum_j weight[c][j] * scale[c] * x[t - (taps - 1 - j)]); taps before the document's start are 0.
// x, out (batch * seqLen, channels); scale (channels); weight (channels, taps); bias (channels) or null; documentStart
// (batch * seqLen): position in its sequence of the first token of each token's document.
template <typename T>
cudaError_t conv_forward(cudaStream_t stream, ConvShape shape, Matrix<const T> x, const float* scale,
                         const float* weight, const float* bias, const int* documentStart, Matrix<T> out);

// dx is overwritten, dWeight and dBias (null without a bias) are added to. Workspace: conv_backward_workspace_bytes.
template <typename T>
cudaError_t conv_backward(cudaStream_t stream, ConvShape shape, Matrix<const T> x, const float* scale,
                          const float* weight, const float* bias, const int* documentStart, Matrix<const T> dOut,
                          Matrix<T> dx, float* dWeight, float* dBias, void* workspace);
size_t conv_backward_workspace_bytes(ConvShape shape);

}  // namespace peregrine
