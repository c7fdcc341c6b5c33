// The mixer's step alone, and the window that reading a sequence at once leaves for it.
#include "decode_mixer.cuh"

namespace peregrine {
namespace {

constexpr int kMaxPieces = 8;  // with states read one number at a time

template <typename T, int kVector, int kPieces>
__global__ void __launch_bounds__(kMixThreads) mixer_kernel(const __grid_constant__ DecodeMixer<T> a) {
    extern __shared__ float inputs[];
    chain_begin();
    mix_channels<T, kVector, kPieces>(a, blockIdx.x, blockIdx.y, blockIdx.z, inputs);
}

template <typename T>
__global__ void fill_window_kernel(const T* x, int64_t xStride, int64_t rows, int channels, int taps, const float* scale,
                                   T* window) {
    int channel = blockIdx.x * blockDim.x + threadIdx.x;
    int64_t row = rows - 1 - blockIdx.y;
    if (channel >= channels || row < 0) return;
    window[row % taps * channels + channel] = from_float<T>(scale[channel] * to_float(x[row * xStride + channel]));
}

}  // namespace

template <typename T>
cudaError_t decode_mixer(cudaStream_t stream, const DecodeMixer<T>& a) {
    dim3 grid(ceil_div(a.shape.dHead, kMixOwn), a.shape.nHeads, a.shape.batch);
    size_t shared = mixer_shared_bytes(a.shape);
    auto with = [&](auto kernel) { return launch_chained(stream, kernel, grid, dim3(kMixThreads), shared, 1, a); };
    switch (mixer_pieces(a)) {
        case 0:
            if (a.shape.dState > kWarp * kMaxPieces) return cudaErrorInvalidValue;
            return with(mixer_kernel<T, 1, kMaxPieces>);
        case 1: return with(mixer_kernel<T, 4, 1>);
        case 2: return with(mixer_kernel<T, 4, 2>);
        default: return cudaErrorInvalidValue;
    }
}

template <typename T>
cudaError_t decode_fill_window(cudaStream_t stream, const T* x, int64_t xStride, int64_t rows, int channels, int taps,
                               const float* scale, T* window) {
    constexpr int kFillThreads = 128;
    fill_window_kernel<T><<<dim3(ceil_div(channels, kFillThreads), taps), kFillThreads, 0, stream>>>(
        x, xStride, rows, channels, taps, scale, window);
    return cudaGetLastError();
}

#define INSTANTIATE(T)                                                                                                  \
    template cudaError_t decode_mixer<T>(cudaStream_t, const DecodeMixer<T>&);                                          \
    template cudaError_t decode_fill_window<T>(cudaStream_t, const T*, int64_t, int64_t, int, int, const float*, T*);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE

}  // namespace peregrine
