#include "conv.cuh"

#include "columns.cuh"

namespace peregrine {
namespace {

// A thread walks kStrip tokens of kWide channels with the last inputs in registers, so each input is read once, but for
// the taps - 1 tokens ahead of a strip. It reads kAhead tokens at a time, so that as many loads are under way. A block is
// kLanes threads over channels by kStrips strips of one sequence.
constexpr int kWide = 4;
constexpr int kLanes = 32;
constexpr int kStrips = 4;
constexpr int kStrip = 64;
constexpr int kAhead = 8;

// kWide neighbouring numbers; `vector` says that all are there and lie on a multiple of their size.
template <typename T, bool vector>
__device__ __forceinline__ void load_wide(const T* p, int valid, float (&x)[kWide]) {
    if constexpr (vector && sizeof(T) == 2) {
        uint2 raw = *reinterpret_cast<const uint2*>(p);
        const __nv_bfloat162* pairs = reinterpret_cast<const __nv_bfloat162*>(&raw);
        float2 a = __bfloat1622float2(pairs[0]), b = __bfloat1622float2(pairs[1]);
        x[0] = a.x, x[1] = a.y, x[2] = b.x, x[3] = b.y;
    } else if constexpr (vector) {
        float4 raw = *reinterpret_cast<const float4*>(p);
        x[0] = raw.x, x[1] = raw.y, x[2] = raw.z, x[3] = raw.w;
    } else {
#pragma unroll
        for (int i = 0; i < kWide; i++) x[i] = i < valid ? to_float(p[i]) : 0.f;
    }
}

template <typename T, bool vector>
__device__ __forceinline__ void store_wide(T* p, int valid, const float (&x)[kWide]) {
    if constexpr (vector && sizeof(T) == 2) {
        *reinterpret_cast<uint2*>(p) = make_uint2(pack_bf16(x[0], x[1]), pack_bf16(x[2], x[3]));
    } else if constexpr (vector) {
        *reinterpret_cast<float4*>(p) = make_float4(x[0], x[1], x[2], x[3]);
    } else {
#pragma unroll
        for (int i = 0; i < kWide; i++) {
            if (i < valid) p[i] = from_float<T>(x[i]);
        }
    }
}

template <typename T>
bool vectorizes(Matrix<T> x, int channels) {
    size_t bytes = kWide * sizeof(T);
    return channels % kWide == 0 && reinterpret_cast<uintptr_t>(x.data) % bytes == 0 && x.stride % kWide == 0;
}

// The filters of a thread's channels, padded in front to kMaxTaps taps of which the last is the token itself.
struct Filters {
    float scale[kWide], weight[kMaxTaps][kWide], bias[kWide];

    __device__ Filters(const float* scales, const float* weights, const float* biases, int first, int valid, int taps) {
#pragma unroll
        for (int i = 0; i < kWide; i++) {
            bool there = i < valid;
            scale[i] = there ? scales[first + i] : 0.f;
            bias[i] = there && biases ? biases[first + i] : 0.f;
#pragma unroll
            for (int j = 0; j < kMaxTaps; j++) {
                int tap = j - (kMaxTaps - taps);
                weight[j][i] = there && tap >= 0 ? weights[static_cast<int64_t>(first + i) * taps + tap] : 0.f;
            }
        }
    }

    // The convolution before its SiLU; window[kMaxTaps - 1] is the token, `reach` tokens before it are of its document.
    __device__ __forceinline__ float before_silu(const float (&window)[kMaxTaps][kWide], int reach, int i) const {
        float sum = bias[i];
#pragma unroll
        for (int j = 0; j < kMaxTaps; j++) {
            if (kMaxTaps - 1 - j <= reach) sum += weight[j][i] * window[j][i];
        }
        return sum;
    }
};

__device__ __forceinline__ void shift(float (&window)[kMaxTaps][kWide]) {
#pragma unroll
    for (int j = 0; j + 1 < kMaxTaps; j++) {
#pragma unroll
        for (int i = 0; i < kWide; i++) window[j][i] = window[j + 1][i];
    }
}

// Fills the window with scale * x of the tokens before `position`, so that the next `advance` makes it complete.
template <typename T, bool vector>
__device__ __forceinline__ void begin(float (&window)[kMaxTaps][kWide], Matrix<const T> x, int64_t row0, int position,
                                      int first, int valid, const Filters& filters) {
#pragma unroll
    for (int j = 0; j < kMaxTaps; j++) {
        int at = position - kMaxTaps + j;
        float v[kWide] = {};
        if (at >= 0) load_wide<T, vector>(x.data + (row0 + at) * x.stride + first, valid, v);
#pragma unroll
        for (int i = 0; i < kWide; i++) window[j][i] = filters.scale[i] * v[i];
    }
}

__device__ __forceinline__ void advance(float (&window)[kMaxTaps][kWide], const float (&x)[kWide], const Filters& filters) {
    shift(window);
#pragma unroll
    for (int i = 0; i < kWide; i++) window[kMaxTaps - 1][i] = filters.scale[i] * x[i];
}

template <typename T, bool vector>
__global__ void conv_forward_kernel(ConvShape shape, Matrix<const T> x, const float* scale, const float* weight,
                                    const float* bias, const int* __restrict__ documentStart, Matrix<T> out) {
    int first = (blockIdx.x * kLanes + threadIdx.x) * kWide;
    int from = (blockIdx.y * kStrips + threadIdx.y) * kStrip;
    if (first >= shape.channels || from >= shape.seqLen) return;
    int valid = min(kWide, shape.channels - first);
    int to = min(shape.seqLen, from + kStrip);
    int64_t row0 = static_cast<int64_t>(blockIdx.z) * shape.seqLen;
    Filters filters(scale, weight, bias, first, valid, shape.taps);
    float window[kMaxTaps][kWide];
    begin<T, vector>(window, x, row0, from, first, valid, filters);
    for (int t0 = from; t0 < to; t0 += kAhead) {
        float inputs[kAhead][kWide];
        int reach[kAhead];
#pragma unroll
        for (int k = 0; k < kAhead; k++) {
            int64_t row = row0 + min(t0 + k, to - 1);
            load_wide<T, vector>(x.data + row * x.stride + first, valid, inputs[k]);
            reach[k] = t0 + k - documentStart[row];
        }
#pragma unroll
        for (int k = 0; k < kAhead; k++) {
            if (t0 + k < to) {
                advance(window, inputs[k], filters);
                float y[kWide];
#pragma unroll
                for (int i = 0; i < kWide; i++) {
                    float a = filters.before_silu(window, reach[k], i);
                    y[i] = a * sigmoid(a);
                }
                store_wide<T, vector>(out.data + (row0 + t0 + k) * out.stride + first, valid, y);
            }
        }
    }
}

// Walks forward once: da[t] = dOut[t] SiLU'(a[t]) is known when token t is read, and dx[s] is complete when
// da[s + kMaxTaps - 1] is. A strip therefore reads kMaxTaps - 1 tokens past its end, whose da it does not count.
template <typename T, bool vector>
__global__ void conv_backward_kernel(ConvShape shape, Matrix<const T> x, const float* scale, const float* weight,
                                     const float* bias, const int* __restrict__ documentStart, Matrix<const T> dOut,
                                     Matrix<T> dx, float* __restrict__ partials) {
    constexpr int kSums = kMaxTaps + 1;  // the taps', then the bias's
    constexpr int kAtOnce = kAhead / 2;  // two loads each
    __shared__ float sums[kStrips][kSums][kLanes * kWide + 1];
    int first = (blockIdx.x * kLanes + threadIdx.x) * kWide;
    int from = (blockIdx.y * kStrips + threadIdx.y) * kStrip;
    float total[kSums][kWide] = {};
    if (first < shape.channels && from < shape.seqLen) {
        int valid = min(kWide, shape.channels - first);
        int to = min(shape.seqLen, from + kStrip);
        int64_t row0 = static_cast<int64_t>(blockIdx.z) * shape.seqLen;
        Filters filters(scale, weight, bias, first, valid, shape.taps);
        float window[kMaxTaps][kWide];
        begin<T, vector>(window, x, row0, from, first, valid, filters);
        // gradients[j]: what tokens so far give to the input kMaxTaps - 1 - j tokens back
        float gradients[kMaxTaps][kWide] = {};
        for (int t0 = from; t0 < to + kMaxTaps - 1; t0 += kAtOnce) {
            float inputs[kAtOnce][kWide], d[kAtOnce][kWide];
            int reach[kAtOnce];
#pragma unroll
            for (int k = 0; k < kAtOnce; k++) {
                int64_t row = row0 + min(t0 + k, shape.seqLen - 1);
                load_wide<T, vector>(x.data + row * x.stride + first, valid, inputs[k]);
                load_wide<T, vector>(dOut.data + row * dOut.stride + first, valid, d[k]);
                reach[k] = t0 + k < shape.seqLen ? t0 + k - documentStart[row] : -1;  // past the end: reaches nothing
            }
#pragma unroll
            for (int k = 0; k < kAtOnce; k++) {
                int t = t0 + k;
                bool counts = t < to;
                advance(window, inputs[k], filters);
#pragma unroll
                for (int i = 0; i < kWide; i++) {
                    float a = filters.before_silu(window, reach[k], i);
                    float s = sigmoid(a);
                    float da = reach[k] < 0 ? 0.f : d[k][i] * s * (1.f + a * (1.f - s));
                    if (counts) total[kMaxTaps][i] += da;
#pragma unroll
                    for (int j = 0; j < kMaxTaps; j++) {
                        if (kMaxTaps - 1 - j <= reach[k]) {
                            gradients[j][i] += filters.weight[j][i] * da;
                            if (counts) total[j][i] += window[j][i] * da;
                        }
                    }
                }
                int complete = t - (kMaxTaps - 1);
                if (complete >= from && complete < to) {
                    float v[kWide];
#pragma unroll
                    for (int i = 0; i < kWide; i++) v[i] = filters.scale[i] * gradients[0][i];
                    store_wide<T, vector>(dx.data + (row0 + complete) * dx.stride + first, valid, v);
                }
                shift(gradients);
#pragma unroll
                for (int i = 0; i < kWide; i++) gradients[kMaxTaps - 1][i] = 0;
            }
        }
    }
#pragma unroll
    for (int j = 0; j < kSums; j++) {
#pragma unroll
        for (int i = 0; i < kWide; i++) sums[threadIdx.y][j][threadIdx.x * kWide + i] = total[j][i];
    }
    __syncthreads();
    // partials: (blocks over tokens, [tap][channel] then [channel])
    int64_t block = static_cast<int64_t>(blockIdx.z) * gridDim.y + blockIdx.y;
    float* target = partials + block * (kSums * static_cast<int64_t>(shape.channels));
    int thread = threadIdx.y * kLanes + threadIdx.x;
    for (int k = thread; k < kSums * kLanes * kWide; k += kLanes * kStrips) {
        int j = k / (kLanes * kWide), c = k % (kLanes * kWide);
        int channel = blockIdx.x * kLanes * kWide + c;
        if (channel < shape.channels) {
            float sum = 0;
            for (int strip = 0; strip < kStrips; strip++) sum += sums[strip][j][c];
            target[static_cast<int64_t>(j) * shape.channels + channel] = sum;
        }
    }
}

// Sums (kMaxTaps + 1, channels) to the layout of the parameters, (channels, taps) and (channels).
__global__ void conv_scatter_kernel(ConvShape shape, const float* sums, float* dWeight, float* dBias) {
    int channel = blockIdx.x * blockDim.x + threadIdx.x;
    if (channel >= shape.channels) return;
    for (int tap = 0; tap < shape.taps; tap++) {
        int j = tap + kMaxTaps - shape.taps;
        dWeight[static_cast<int64_t>(channel) * shape.taps + tap] +=
            sums[static_cast<int64_t>(j) * shape.channels + channel];
    }
    if (dBias) dBias[channel] += sums[static_cast<int64_t>(kMaxTaps) * shape.channels + channel];
}

template <typename T>
__global__ void conv_step_kernel(ConvShape shape, Matrix<const T> x, const float* scale, const float* weight,
                                 const float* bias, T* windows, Matrix<T> out) {
    int channel = blockIdx.x * blockDim.x + threadIdx.x;
    int sequence = blockIdx.y;
    if (channel >= shape.channels) return;
    T* window = windows + static_cast<int64_t>(sequence) * shape.taps * shape.channels + channel;
    float sum = bias ? bias[channel] : 0.f;
    for (int tap = 0; tap < shape.taps; tap++) {
        T v = tap + 1 < shape.taps
                  ? window[static_cast<int64_t>(tap + 1) * shape.channels]
                  : from_float<T>(scale[channel] * to_float(x.data[sequence * x.stride + channel]));
        window[static_cast<int64_t>(tap) * shape.channels] = v;
        sum += weight[static_cast<int64_t>(channel) * shape.taps + tap] * to_float(v);
    }
    out.data[sequence * out.stride + channel] = from_float<T>(sum * sigmoid(sum));
}

dim3 grid_of(ConvShape shape) {
    return dim3(ceil_div(shape.channels, kLanes * kWide), ceil_div(shape.seqLen, kStrips * kStrip), shape.batch);
}

cudaError_t check(ConvShape shape) {
    return shape.taps < 1 || shape.taps > kMaxTaps ? cudaErrorInvalidValue : cudaSuccess;
}

}  // namespace

template <typename T>
cudaError_t conv_forward(cudaStream_t stream, ConvShape shape, Matrix<const T> x, const float* scale,
                         const float* weight, const float* bias, const int* documentStart, Matrix<T> out) {
    if (cudaError_t status = check(shape)) return status;
    bool vector = vectorizes(x, shape.channels) && vectorizes(out, shape.channels);
    auto kernel = vector ? conv_forward_kernel<T, true> : conv_forward_kernel<T, false>;
    kernel<<<grid_of(shape), dim3(kLanes, kStrips), 0, stream>>>(shape, x, scale, weight, bias, documentStart, out);
    return cudaGetLastError();
}

size_t conv_backward_workspace_bytes(ConvShape shape) {
    dim3 grid = grid_of(shape);
    return (static_cast<size_t>(grid.y) * grid.z + 1) * (kMaxTaps + 1) * shape.channels * sizeof(float);
}

template <typename T>
cudaError_t conv_backward(cudaStream_t stream, ConvShape shape, Matrix<const T> x, const float* scale,
                          const float* weight, const float* bias, const int* documentStart, Matrix<const T> dOut,
                          Matrix<T> dx, float* dWeight, float* dBias, void* workspace) {
    if (cudaError_t status = check(shape)) return status;
    dim3 grid = grid_of(shape);
    int64_t columns = static_cast<int64_t>(kMaxTaps + 1) * shape.channels;
    float* sums = static_cast<float*>(workspace);
    float* partials = sums + columns;
    bool vector =
        vectorizes(x, shape.channels) && vectorizes(dOut, shape.channels) && vectorizes(dx, shape.channels);
    auto kernel = vector ? conv_backward_kernel<T, true> : conv_backward_kernel<T, false>;
    kernel<<<grid, dim3(kLanes, kStrips), 0, stream>>>(shape, x, scale, weight, bias, documentStart, dOut, dx, partials);
    if (cudaError_t status = cudaMemsetAsync(sums, 0, columns * sizeof(float), stream)) return status;
    if (cudaError_t status =
            add_column_sums(stream, partials, static_cast<int64_t>(grid.y) * grid.z, columns, 1.f, sums)) {
        return status;
    }
    conv_scatter_kernel<<<ceil_div(shape.channels, 128), 128, 0, stream>>>(shape, sums, dWeight, dBias);
    return cudaGetLastError();
}

template <typename T>
cudaError_t conv_step(cudaStream_t stream, ConvShape shape, Matrix<const T> x, const float* scale, const float* weight,
                      const float* bias, T* windows, Matrix<T> out) {
    conv_step_kernel<T><<<dim3(ceil_div(shape.channels, 128), shape.batch), 128, 0, stream>>>(shape, x, scale, weight,
                                                                                              bias, windows, out);
    return cudaGetLastError();
}

#define INSTANTIATE(T)                                                                                               \
    template cudaError_t conv_forward<T>(cudaStream_t, ConvShape, Matrix<const T>, const float*, const float*,       \
                                         const float*, const int*, Matrix<T>);                                       \
    template cudaError_t conv_backward<T>(cudaStream_t, ConvShape, Matrix<const T>, const float*, const float*,      \
                                          const float*, const int*, Matrix<const T>, Matrix<T>, float*, float*,      \
                                          void*);                                                                    \
    template cudaError_t conv_step<T>(cudaStream_t, ConvShape, Matrix<const T>, const float*, const float*,          \
                                      const float*, T*, Matrix<T>);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE

}  // namespace peregrine
