#include "rotary.cuh"

#include "columns.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 256;
constexpr int kStepBlocks = 132 * 8;

template <typename T, bool vector>
__global__ void rotate_kernel(Matrix<T> x, int64_t rows, int heads, int headDim, const float2* __restrict__ table,
                              int firstScaled, float scale, int seqLen, float direction) {
    constexpr int kWide = vector ? 8 : 1;
    int half = headDim / 2, pieces = heads * (half / kWide);
    int64_t total = rows * pieces;
    for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < total;
         i += static_cast<int64_t>(gridDim.x) * blockDim.x) {
        int64_t row = i / pieces;
        int piece = static_cast<int>(i - row * pieces);
        int head = piece / (half / kWide), at = piece % (half / kWide) * kWide;
        int position = static_cast<int>(row % seqLen);
        T* low = x.data + row * x.stride + head * headDim + at;
        T* high = low + half;
        const float2* angles = table + static_cast<int64_t>(position) * half + at;
        float a[8], b[8];
        if constexpr (vector) {
            Vec8<T> v;
            v.load(low);
            v.get(a);
            v.load(high);
            v.get(b);
        } else {
            a[0] = to_float(*low);
            b[0] = to_float(*high);
        }
#pragma unroll
        for (int k = 0; k < kWide; k++) {
            float2 angle = angles[k];
            float factor = head < firstScaled ? 1.f : scale;
            float c = factor * angle.x, s = direction * factor * angle.y;
            float v1 = a[k], v2 = b[k];
            a[k] = v1 * c - v2 * s;
            b[k] = v2 * c + v1 * s;
        }
        if constexpr (vector) {
            Vec8<T> v;
            v.set(a);
            v.store(low);
            v.set(b);
            v.store(high);
        } else {
            *low = from_float<T>(a[0]);
            *high = from_float<T>(b[0]);
        }
    }
}

template <typename T>
__global__ void step_sizes_kernel(Matrix<const T> raw, float scale, const float* bias, float low, float high,
                                  Matrix<float> dt, int64_t rows, int heads) {
    int64_t total = rows * heads;
    for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < total;
         i += static_cast<int64_t>(gridDim.x) * blockDim.x) {
        int64_t row = i / heads;
        int head = static_cast<int>(i - row * heads);
        float v = softplus(scale * to_float(raw.data[row * raw.stride + head]) + bias[head]);
        dt.data[row * dt.stride + head] = fminf(fmaxf(v, low), high);
    }
}

template <typename T>
__global__ void step_sizes_backward_kernel(Matrix<const T> raw, float scale, const float* bias, float low, float high,
                                           Matrix<const float> dDt, Matrix<T> dRaw, float* partials, int64_t rows,
                                           int heads) {
    extern __shared__ float sums[];  // (blockDim.y, heads)
    for (int head = threadIdx.x; head < heads; head += blockDim.x) {
        float sum = 0;
        for (int64_t row = static_cast<int64_t>(blockIdx.x) * blockDim.y + threadIdx.y; row < rows;
             row += static_cast<int64_t>(gridDim.x) * blockDim.y) {
            float x = scale * to_float(raw.data[row * raw.stride + head]) + bias[head];
            float v = softplus(x);
            bool limited = v < low || v > high;
            float d = limited ? 0.f : dDt.data[row * dDt.stride + head] / (1.f + expf(-x));
            dRaw.data[row * dRaw.stride + head] = from_float<T>(scale * d);
            sum += d;
        }
        sums[threadIdx.y * heads + head] = sum;
    }
    __syncthreads();
    if (threadIdx.y == 0) {
        for (int head = threadIdx.x; head < heads; head += blockDim.x) {
            float sum = 0;
            for (int y = 0; y < blockDim.y; y++) sum += sums[y * heads + head];
            partials[static_cast<int64_t>(blockIdx.x) * heads + head] = sum;
        }
    }
}

}  // namespace

template <typename T>
cudaError_t rotate(cudaStream_t stream, Matrix<T> x, int64_t rows, int heads, int headDim, const float2* table,
                   int firstScaled, float scale, int seqLen, bool inverse) {
    if (rows == 0) return cudaSuccess;
    bool vector = headDim % 16 == 0 && aligned8(x.data, x.stride);
    int64_t pieces = rows * heads * (headDim / 2) / (vector ? 8 : 1);
    unsigned blocks = static_cast<unsigned>(ceil_div<int64_t>(pieces, kThreads));
    auto kernel = vector ? rotate_kernel<T, true> : rotate_kernel<T, false>;
    kernel<<<blocks, kThreads, 0, stream>>>(x, rows, heads, headDim, table, firstScaled, scale, seqLen,
                                            inverse ? -1.f : 1.f);
    return cudaGetLastError();
}

template <typename T>
cudaError_t step_sizes(cudaStream_t stream, Matrix<const T> raw, float scale, const float* bias, float low, float high,
                       Matrix<float> dt, int64_t rows, int heads) {
    if (rows == 0) return cudaSuccess;
    unsigned blocks = static_cast<unsigned>(ceil_div<int64_t>(rows * heads, kThreads));
    step_sizes_kernel<T><<<blocks, kThreads, 0, stream>>>(raw, scale, bias, low, high, dt, rows, heads);
    return cudaGetLastError();
}

size_t step_sizes_backward_workspace_bytes(int heads) { return static_cast<size_t>(kStepBlocks) * heads * sizeof(float); }

template <typename T>
cudaError_t step_sizes_backward(cudaStream_t stream, Matrix<const T> raw, float scale, const float* bias, float low,
                                float high, Matrix<const float> dDt, Matrix<T> dRaw, float* dBias, int64_t rows,
                                int heads, void* workspace) {
    if (rows == 0) return cudaSuccess;
    dim3 block(32, 8);
    float* partials = static_cast<float*>(workspace);
    step_sizes_backward_kernel<T><<<kStepBlocks, block, block.y * heads * sizeof(float), stream>>>(
        raw, scale, bias, low, high, dDt, dRaw, partials, rows, heads);
    return add_column_sums(stream, partials, kStepBlocks, heads, 1.f, dBias);
}

#define INSTANTIATE(T)                                                                                                 \
    template cudaError_t rotate<T>(cudaStream_t, Matrix<T>, int64_t, int, int, const float2*, int, float, int, bool); \
    template cudaError_t step_sizes<T>(cudaStream_t, Matrix<const T>, float, const float*, float, float,              \
                                       Matrix<float>, int64_t, int);                                                   \
    template cudaError_t step_sizes_backward<T>(cudaStream_t, Matrix<const T>, float, const float*, float, float,      \
                                                Matrix<const float>, Matrix<T>, float*, int64_t, int, void*);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE

}  // namespace peregrine
