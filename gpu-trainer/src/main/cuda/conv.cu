#include "conv.cuh"

#include "columns.cuh"
#include "conv_generic.cuh"

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
constexpr int kBefore = kMaxTaps - 1;  // taps besides the token's own

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

// A thread's channels and tokens.
struct Place {
    int first, valid;  // channels
    int from, to;      // tokens of the sequence
    int64_t row0;      // row of its first token

    __device__ __forceinline__ explicit Place(ConvShape shape) {
        first = (blockIdx.x * kLanes + threadIdx.x) * kWide;
        valid = min(kWide, shape.channels - first);
        from = (blockIdx.y * kStrips + threadIdx.y) * kStrip;
        to = min(shape.seqLen, from + kStrip);
        row0 = static_cast<int64_t>(blockIdx.z) * shape.seqLen;
    }
    __device__ __forceinline__ bool empty() const { return valid <= 0 || from >= to; }

    // Whether the strip is full and no document begins in it, just before it or in the `after` tokens behind it. A warp's
    // threads have the same tokens, so all go the same way.
    __device__ __forceinline__ bool within_document(ConvShape shape, const int* documentStart, int after) const {
        if (to - from < kStrip || to + after > shape.seqLen) return false;
        return documentStart[row0 + to + after - 1] <= from - kBefore;
    }
};

// The filters of a thread's channels times their inputs' scale, padded in front to kMaxTaps taps of which the last is the
// token's own.
struct Filters {
    float weight[kMaxTaps][kWide];

    __device__ __forceinline__ Filters(const float* scales, const float* weights, Place place, int taps) {
#pragma unroll
        for (int i = 0; i < kWide; i++) {
            bool there = i < place.valid;
            float scale = there ? scales[place.first + i] : 0.f;
#pragma unroll
            for (int j = 0; j < kMaxTaps; j++) {
                int tap = j - (kMaxTaps - taps);
                bool used = there && tap >= 0;
                weight[j][i] = used ? scale * weights[static_cast<int64_t>(place.first + i) * taps + tap] : 0.f;
            }
        }
    }
};

__device__ __forceinline__ void load_bias(const float* biases, Place place, float (&bias)[kWide]) {
#pragma unroll
    for (int i = 0; i < kWide; i++) bias[i] = biases && i < place.valid ? biases[place.first + i] : 0.f;
}

// The inputs of the tokens before `position`, oldest first.
template <typename T, bool vector>
__device__ __forceinline__ void load_before(Matrix<const T> x, Place place, float (&before)[kBefore][kWide]) {
#pragma unroll
    for (int j = 0; j < kBefore; j++) {
        int at = place.from - kBefore + j;
#pragma unroll
        for (int i = 0; i < kWide; i++) before[j][i] = 0;
        if (at >= 0) load_wide<T, vector>(x.data + (place.row0 + at) * x.stride + place.first, place.valid, before[j]);
    }
}

// The convolution before its SiLU. With `whole`, all taps are of the token's document; else those up to `reach` before it.
template <bool whole>
__device__ __forceinline__ float before_silu(const Filters& filters, float bias, const float (&before)[kBefore][kWide],
                                             float own, int reach, int i) {
    float sum = bias + filters.weight[kBefore][i] * own;
#pragma unroll
    for (int j = kBefore - 1; j >= 0; j--) {
        if (whole || kBefore - j <= reach) sum += filters.weight[j][i] * before[j][i];
    }
    return sum;
}

__device__ __forceinline__ void shift(float (&before)[kBefore][kWide], const float (&own)[kWide]) {
#pragma unroll
    for (int i = 0; i < kWide; i++) {
#pragma unroll
        for (int j = 0; j + 1 < kBefore; j++) before[j][i] = before[j + 1][i];
        before[kBefore - 1][i] = own[i];
    }
}

template <bool whole, typename T, bool vector>
__device__ __forceinline__ void walk_forward(Place place, const Filters& filters, const float (&bias)[kWide],
                                             Matrix<const T> x, const int* documentStart, Matrix<T> out) {
    float before[kBefore][kWide];
    load_before<T, vector>(x, place, before);
    for (int t0 = place.from; t0 < place.to; t0 += kAhead) {
        float inputs[kAhead][kWide];
        int reach[kAhead];
#pragma unroll
        for (int k = 0; k < kAhead; k++) {
            int64_t row = place.row0 + (whole ? t0 + k : min(t0 + k, place.to - 1));
            load_wide<T, vector>(x.data + row * x.stride + place.first, place.valid, inputs[k]);
            reach[k] = whole ? kBefore : t0 + k - documentStart[row];
        }
#pragma unroll
        for (int k = 0; k < kAhead; k++) {
            if (whole || t0 + k < place.to) {
                float y[kWide];
#pragma unroll
                for (int i = 0; i < kWide; i++) {
                    float a = before_silu<whole>(filters, bias[i], before, inputs[k][i], reach[k], i);
                    y[i] = a * sigmoid(a);
                }
                store_wide<T, vector>(out.data + (place.row0 + t0 + k) * out.stride + place.first, place.valid, y);
                shift(before, inputs[k]);
            }
        }
    }
}

template <typename T, bool vector>
__global__ void conv_forward_kernel(ConvShape shape, Matrix<const T> x, const float* scale, const float* weight,
                                    const float* biases, const int* __restrict__ documentStart, Matrix<T> out) {
    Place place(shape);
    if (place.empty()) return;
    Filters filters(scale, weight, place, shape.taps);
    float bias[kWide];
    load_bias(biases, place, bias);
    if (place.within_document(shape, documentStart, 0)) {
        walk_forward<true, T, vector>(place, filters, bias, x, documentStart, out);
    } else {
        walk_forward<false, T, vector>(place, filters, bias, x, documentStart, out);
    }
}

constexpr int kSums = kMaxTaps + 1;  // the taps', then the bias's

// Walks forward once: da[t] = dOut[t] SiLU'(a[t]) is known when token t is read, and dx[s] is complete when
// da[s + kBefore] is. A strip therefore reads kBefore tokens past its end, whose da it does not count in `total`, the sums
// of da times the unscaled inputs.
template <bool whole, typename T, bool vector>
__device__ __forceinline__ void walk_backward(ConvShape shape, Place place, const Filters& filters,
                                              const float (&bias)[kWide], Matrix<const T> x, const int* documentStart,
                                              Matrix<const T> dOut, Matrix<T> dx, float (&total)[kSums][kWide]) {
    constexpr int kAtOnce = kAhead / 2;  // two loads each
    float before[kBefore][kWide];
    load_before<T, vector>(x, place, before);
    float pending[kBefore][kWide] = {};  // what tokens so far give to the inputs kBefore, ..., 1 before the next token
    for (int t0 = place.from; t0 < place.to + kBefore; t0 += kAtOnce) {
        float inputs[kAtOnce][kWide], d[kAtOnce][kWide];
        int reach[kAtOnce];
#pragma unroll
        for (int k = 0; k < kAtOnce; k++) {
            int64_t row = place.row0 + min(t0 + k, shape.seqLen - 1);
            load_wide<T, vector>(x.data + row * x.stride + place.first, place.valid, inputs[k]);
            load_wide<T, vector>(dOut.data + row * dOut.stride + place.first, place.valid, d[k]);
            reach[k] = kBefore;
            if (!whole) reach[k] = t0 + k < shape.seqLen ? t0 + k - documentStart[row] : -1;  // past the end: none
        }
#pragma unroll
        for (int k = 0; k < kAtOnce; k++) {
            int t = t0 + k;
            float complete[kWide];
#pragma unroll
            for (int i = 0; i < kWide; i++) {
                float a = before_silu<whole>(filters, bias[i], before, inputs[k][i], reach[k], i);
                float s = sigmoid(a);
                float da = d[k][i] * s * (1.f + a * (1.f - s));
                if (!whole && reach[k] < 0) da = 0;
                if (t < place.to) {
                    total[kMaxTaps][i] += da;
                    total[kBefore][i] += inputs[k][i] * da;
#pragma unroll
                    for (int j = 0; j < kBefore; j++) {
                        if (whole || kBefore - j <= reach[k]) total[j][i] += before[j][i] * da;
                    }
                }
                float given[kBefore];
#pragma unroll
                for (int j = 0; j < kBefore; j++) {
                    given[j] = pending[j][i];
                    if (whole || kBefore - j <= reach[k]) given[j] += filters.weight[j][i] * da;
                }
                complete[i] = given[0];
#pragma unroll
                for (int j = 0; j + 1 < kBefore; j++) pending[j][i] = given[j + 1];
                pending[kBefore - 1][i] = filters.weight[kBefore][i] * da;
            }
            int s = t - kBefore;
            if (s >= place.from && s < place.to) {
                store_wide<T, vector>(dx.data + (place.row0 + s) * dx.stride + place.first, place.valid, complete);
            }
            shift(before, inputs[k]);
        }
    }
}

template <typename T, bool vector>
__global__ void conv_backward_kernel(ConvShape shape, Matrix<const T> x, const float* scale, const float* weight,
                                     const float* biases, const int* __restrict__ documentStart, Matrix<const T> dOut,
                                     Matrix<T> dx, float* __restrict__ partials) {
    __shared__ float sums[kStrips][kSums][kLanes * kWide + 1];
    Place place(shape);
    float total[kSums][kWide] = {};
    if (!place.empty()) {
        Filters filters(scale, weight, place, shape.taps);
        float bias[kWide];
        load_bias(biases, place, bias);
        if (place.within_document(shape, documentStart, kBefore)) {
            walk_backward<true, T, vector>(shape, place, filters, bias, x, documentStart, dOut, dx, total);
        } else {
            walk_backward<false, T, vector>(shape, place, filters, bias, x, documentStart, dOut, dx, total);
        }
    }
#pragma unroll
    for (int i = 0; i < kWide; i++) {
        float inputScale = i < place.valid ? scale[place.first + i] : 0.f;
#pragma unroll
        for (int j = 0; j < kMaxTaps; j++) sums[threadIdx.y][j][threadIdx.x * kWide + i] = inputScale * total[j][i];
        sums[threadIdx.y][kMaxTaps][threadIdx.x * kWide + i] = total[kMaxTaps][i];
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

dim3 grid_of(ConvShape shape) {
    return dim3(ceil_div(shape.channels, kLanes * kWide), ceil_div(shape.seqLen, kStrips * kStrip), shape.batch);
}

}  // namespace

template <typename T>
cudaError_t conv_forward(cudaStream_t stream, ConvShape shape, Matrix<const T> x, const float* scale,
                         const float* weight, const float* bias, const int* documentStart, Matrix<T> out) {
    if (shape.taps > kMaxTaps) {
        return generic_conv_forward<T>(stream, {shape, x, scale, weight, bias, documentStart}, out);
    }
    bool vector = vectorizes(x, shape.channels) && vectorizes(out, shape.channels);
    auto kernel = vector ? conv_forward_kernel<T, true> : conv_forward_kernel<T, false>;
    kernel<<<grid_of(shape), dim3(kLanes, kStrips), 0, stream>>>(shape, x, scale, weight, bias, documentStart, out);
    return cudaGetLastError();
}

size_t conv_backward_workspace_bytes(ConvShape shape) {
    if (shape.taps > kMaxTaps) return generic_conv_backward_workspace_bytes(shape);
    dim3 grid = grid_of(shape);
    return (static_cast<size_t>(grid.y) * grid.z + 1) * (kMaxTaps + 1) * shape.channels * sizeof(float);
}

template <typename T>
cudaError_t conv_backward(cudaStream_t stream, ConvShape shape, Matrix<const T> x, const float* scale,
                          const float* weight, const float* bias, const int* documentStart, Matrix<const T> dOut,
                          Matrix<T> dx, float* dWeight, float* dBias, void* workspace) {
    if (shape.taps > kMaxTaps) {
        return generic_conv_backward<T>(stream, {shape, x, scale, weight, bias, documentStart}, dOut, dx, dWeight, dBias,
                                        workspace);
    }
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

#define INSTANTIATE(T)                                                                                               \
    template cudaError_t conv_forward<T>(cudaStream_t, ConvShape, Matrix<const T>, const float*, const float*,       \
                                         const float*, const int*, Matrix<T>);                                       \
    template cudaError_t conv_backward<T>(cudaStream_t, ConvShape, Matrix<const T>, const float*, const float*,      \
                                          const float*, const int*, Matrix<const T>, Matrix<T>, float*, float*,      \
                                          void*);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE

}  // namespace peregrine
