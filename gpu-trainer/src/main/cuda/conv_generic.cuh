// The convolution of filters that are too long for registers: conv.cuh's functions for more than kMaxTaps taps.
#pragma once

#include "conv.cuh"

namespace peregrine {

template <typename T>
struct GenericConv {
    ConvShape shape;
    Matrix<const T> x;
    const float* scale;
    const float* weight;
    const float* bias;  // or null
    const int* documentStart;
};

template <typename T>
cudaError_t generic_conv_forward(cudaStream_t stream, const GenericConv<T>& conv, Matrix<T> out);

template <typename T>
cudaError_t generic_conv_backward(cudaStream_t stream, const GenericConv<T>& conv, Matrix<const T> dOut, Matrix<T> dx,
                                  float* dWeight, float* dBias, void* workspace);
size_t generic_conv_backward_workspace_bytes(ConvShape shape);

}  // namespace peregrine
