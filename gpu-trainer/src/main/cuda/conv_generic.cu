// A thread per number, which reads as many inputs as the filter has taps. da is what reaches the convolution through SiLU;
// it is kept in float, because dx and dWeight read each of its numbers once per tap. Its speed is no goal: released models
// have 4 taps.
#include "conv_generic.cuh"

#include <algorithm>

#include "columns.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1 << 20;
constexpr int kParts = 128;  // of the tokens; their sums are added up in order

__host__ __device__ __forceinline__ int64_t rows_of(ConvShape shape) {
    return static_cast<int64_t>(shape.batch) * shape.seqLen;
}

// Calls body(row, channel) for every number.
template <typename Body>
__device__ __forceinline__ void each_number(ConvShape shape, Body body) {
    int64_t total = rows_of(shape) * shape.channels;
    for (int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < total;
         i += static_cast<int64_t>(gridDim.x) * kThreads) {
        int64_t row = i / shape.channels;
        body(row, static_cast<int>(i - row * shape.channels));
    }
}

unsigned blocks_of(ConvShape shape) {
    int64_t blocks = ceil_div<int64_t>(rows_of(shape) * shape.channels, kThreads);
    return static_cast<unsigned>(std::max<int64_t>(1, std::min(blocks, kMostBlocks)));
}

// The tap that looks so many tokens back.
template <typename T>
__device__ __forceinline__ float tap(const GenericConv<T>& conv, int channel, int back) {
    int taps = conv.shape.taps;
    return conv.scale[channel] * conv.weight[static_cast<int64_t>(channel) * taps + taps - 1 - back];
}

template <typename T>
__device__ __forceinline__ float before_silu(const GenericConv<T>& conv, int64_t row, int channel) {
    int reach = static_cast<int>(row % conv.shape.seqLen) - conv.documentStart[row];
    float sum = conv.bias ? conv.bias[channel] : 0.f;
    for (int back = 0; back < conv.shape.taps && back <= reach; back++) {
        sum = fmaf(tap(conv, channel, back), to_float(conv.x.data[(row - back) * conv.x.stride + channel]), sum);
    }
    return sum;
}

template <typename T>
__global__ void forward_kernel(const GenericConv<T> conv, Matrix<T> out) {
    each_number(conv.shape, [&](int64_t row, int channel) {
        float a = before_silu(conv, row, channel);
        out.data[row * out.stride + channel] = from_float<T>(a * sigmoid(a));
    });
}

template <typename T>
__global__ void slopes_kernel(const GenericConv<T> conv, Matrix<const T> dOut, float* da) {
    each_number(conv.shape, [&](int64_t row, int channel) {
        float a = before_silu(conv, row, channel), s = sigmoid(a);
        da[row * conv.shape.channels + channel] =
            to_float(dOut.data[row * dOut.stride + channel]) * s * (1.f + a * (1.f - s));
    });
}

template <typename T>
__global__ void inputs_kernel(const GenericConv<T> conv, const float* da, Matrix<T> dx) {
    each_number(conv.shape, [&](int64_t row, int channel) {
        int position = static_cast<int>(row % conv.shape.seqLen);
        float sum = 0;
        for (int ahead = 0; ahead < conv.shape.taps && position + ahead < conv.shape.seqLen; ahead++) {
            if (conv.documentStart[row + ahead] > position) break;  // and so do all documents behind
            sum = fmaf(tap(conv, channel, ahead), da[(row + ahead) * conv.shape.channels + channel], sum);
        }
        dx.data[row * dx.stride + channel] = from_float<T>(sum);
    });
}

// partials[part] has the layout of the filters, (channels, taps).
template <typename T>
__global__ void filters_kernel(const GenericConv<T> conv, const float* da, float* partials) {
    int64_t filters = static_cast<int64_t>(conv.shape.channels) * conv.shape.taps;
    int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
    if (i >= filters) return;
    int channel = static_cast<int>(i / conv.shape.taps), back = conv.shape.taps - 1 - static_cast<int>(i % conv.shape.taps);
    int64_t rows = rows_of(conv.shape), perPart = ceil_div<int64_t>(rows, kParts);
    int64_t end = min(rows, (blockIdx.y + 1) * perPart);
    float sum = 0;
    for (int64_t row = blockIdx.y * perPart; row < end; row++) {
        if (row % conv.shape.seqLen - conv.documentStart[row] < back) continue;
        sum = fmaf(da[row * conv.shape.channels + channel],
                   to_float(conv.x.data[(row - back) * conv.x.stride + channel]), sum);
    }
    partials[blockIdx.y * filters + i] = conv.scale[channel] * sum;
}

}  // namespace

template <typename T>
cudaError_t generic_conv_forward(cudaStream_t stream, const GenericConv<T>& conv, Matrix<T> out) {
    forward_kernel<T><<<blocks_of(conv.shape), kThreads, 0, stream>>>(conv, out);
    return cudaGetLastError();
}

size_t generic_conv_backward_workspace_bytes(ConvShape shape) {
    size_t da = static_cast<size_t>(rows_of(shape)) * shape.channels;
    size_t partials = static_cast<size_t>(kParts) * shape.channels * shape.taps;
    return da * sizeof(float) + std::max(partials * sizeof(float), bias_backward_workspace_bytes(shape.channels));
}

template <typename T>
cudaError_t generic_conv_backward(cudaStream_t stream, const GenericConv<T>& conv, Matrix<const T> dOut, Matrix<T> dx,
                                  float* dWeight, float* dBias, void* workspace) {
    const ConvShape& shape = conv.shape;
    int64_t filters = static_cast<int64_t>(shape.channels) * shape.taps;
    float* da = static_cast<float*>(workspace);
    float* partials = da + rows_of(shape) * shape.channels;
    slopes_kernel<T><<<blocks_of(shape), kThreads, 0, stream>>>(conv, dOut, da);
    inputs_kernel<T><<<blocks_of(shape), kThreads, 0, stream>>>(conv, da, dx);
    dim3 grid(static_cast<unsigned>(ceil_div<int64_t>(filters, kThreads)), kParts);
    filters_kernel<T><<<grid, kThreads, 0, stream>>>(conv, da, partials);
    if (cudaError_t status = add_column_sums(stream, partials, kParts, filters, 1.f, dWeight)) return status;
    if (!dBias) return cudaSuccess;
    Matrix<const float> slopes{da, shape.channels};
    return bias_backward(stream, slopes, 1.f, dBias, rows_of(shape), shape.channels, partials);
}

#define INSTANTIATE(T)                                                                                              \
    template cudaError_t generic_conv_forward<T>(cudaStream_t, const GenericConv<T>&, Matrix<T>);                   \
    template cudaError_t generic_conv_backward<T>(cudaStream_t, const GenericConv<T>&, Matrix<const T>, Matrix<T>, \
                                                  float*, float*, void*);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE

}  // namespace peregrine
