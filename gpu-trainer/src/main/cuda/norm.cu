#include "norm.cuh"

#include "columns.cuh"
#include "shared_memory.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 128;

// A backward pass has a fixed number of blocks, each of which keeps the gain's gradient over its rows and writes it once.
constexpr int kMultiprocessors = 132;
constexpr int kBackwardBlocks = kMultiprocessors * 8;
// The wide kernels have a thread for 8 columns, up to this many, and as many blocks as these fill multiprocessors.
constexpr int kWideThreads = 768;

// What one row of a norm is: x itself, or y * SiLU(zScale z).
template <typename T>
struct Plain {
    Matrix<const T> x;
    __device__ __forceinline__ float value(int64_t row, int column) const {
        return to_float(x.data[row * x.stride + column]);
    }
    __device__ __forceinline__ void values(int64_t row, int column, float (&v)[8]) const {
        Vec8<T> raw;
        raw.load(x.data + row * x.stride + column);
        raw.get(v);
    }
};

template <typename T>
struct Gated {
    Matrix<const T> y, z;
    float zScale;
    __device__ __forceinline__ float value(int64_t row, int column) const {
        float scaled = zScale * to_float(z.data[row * z.stride + column]);
        return to_float(y.data[row * y.stride + column]) * scaled * sigmoid(scaled);
    }
    __device__ __forceinline__ void values(int64_t row, int column, float (&v)[8]) const {
        Vec8<T> raw;
        float s[8];
        raw.load(y.data + row * y.stride + column);
        raw.get(v);
        raw.load(z.data + row * z.stride + column);
        raw.get(s);
#pragma unroll
        for (int i = 0; i < 8; i++) v[i] *= zScale * s[i] * sigmoid(zScale * s[i]);
    }
};

// One block per (row, group). `width` columns are one group; with `vector`, 8 columns at a time.
template <typename T, typename Row, bool vector>
__global__ void rms_kernel(Row in, const float* __restrict__ gain, float epsilon, Matrix<T> out, int width) {
    __shared__ float scratch[kWarp];
    int64_t row = blockIdx.x;
    int first = blockIdx.y * width;
    float squares = 0;
    if constexpr (vector) {
        for (int c = threadIdx.x * 8; c < width; c += blockDim.x * 8) {
            float v[8];
            in.values(row, first + c, v);
#pragma unroll
            for (int i = 0; i < 8; i++) squares += v[i] * v[i];
        }
    } else {
        for (int c = threadIdx.x; c < width; c += blockDim.x) {
            float v = in.value(row, first + c);
            squares += v * v;
        }
    }
    float scale = rsqrtf(block_sum(squares, scratch) / width + epsilon);
    T* target = out.data + row * out.stride + first;
    if constexpr (vector) {
        for (int c = threadIdx.x * 8; c < width; c += blockDim.x * 8) {
            float v[8], g[8];
            in.values(row, first + c, v);
            Vec8<float> gains;
            gains.load(gain + first + c);
            gains.get(g);
#pragma unroll
            for (int i = 0; i < 8; i++) v[i] *= scale * g[i];
            Vec8<T> result;
            result.set(v);
            result.store(target + c);
        }
    } else {
        for (int c = threadIdx.x; c < width; c += blockDim.x) {
            target[c] = from_float<T>(in.value(row, first + c) * scale * gain[first + c]);
        }
    }
}

// What the backward passes read of a row, and what they do with its gradient dv: of v = x it is added to dx.
template <typename T>
struct PlainGradient {
    struct Wide {
        Vec8<T> x, dx;
    };
    Matrix<const T> x;
    Matrix<T> dx;

    __device__ __forceinline__ float value(int64_t row, int column) const {
        return to_float(x.data[row * x.stride + column]);
    }
    __device__ __forceinline__ void give(int64_t row, int column, float dv) const {
        T* target = dx.data + row * dx.stride + column;
        *target = from_float<T>(to_float(*target) + dv);
    }
    __device__ __forceinline__ Wide load(int64_t row, int column) const {
        Wide wide;
        wide.x.load(x.data + row * x.stride + column);
        wide.dx.load(dx.data + row * dx.stride + column);
        return wide;
    }
    static __device__ __forceinline__ void values(const Wide& wide, float (&v)[8]) { wide.x.get(v); }
    __device__ __forceinline__ void give(int64_t row, int column, Wide& wide, const float (&dv)[8]) const {
        float sum[8];
        wide.dx.get(sum);
#pragma unroll
        for (int i = 0; i < 8; i++) sum[i] += dv[i];
        wide.dx.set(sum);
        wide.dx.store(dx.data + row * dx.stride + column);
    }
};

// Of v = y SiLU(s z): dy = dv SiLU(s z), dz = dv y s SiLU'(s z).
template <typename T>
struct GatedGradient {
    struct Wide {
        Vec8<T> y, z;
    };
    Gated<T> in;
    Matrix<T> dy, dz;

    __device__ __forceinline__ float value(int64_t row, int column) const { return in.value(row, column); }
    __device__ __forceinline__ void give(int64_t row, int column, float dv) const {
        float y = to_float(in.y.data[row * in.y.stride + column]);
        float z = to_float(in.z.data[row * in.z.stride + column]);
        split(y, z, dv);
        dy.data[row * dy.stride + column] = from_float<T>(y);
        dz.data[row * dz.stride + column] = from_float<T>(z);
    }
    __device__ __forceinline__ Wide load(int64_t row, int column) const {
        Wide wide;
        wide.y.load(in.y.data + row * in.y.stride + column);
        wide.z.load(in.z.data + row * in.z.stride + column);
        return wide;
    }
    __device__ __forceinline__ void values(const Wide& wide, float (&v)[8]) const {
        float z[8];
        wide.y.get(v);
        wide.z.get(z);
#pragma unroll
        for (int i = 0; i < 8; i++) v[i] *= in.zScale * z[i] * sigmoid(in.zScale * z[i]);
    }
    __device__ __forceinline__ void give(int64_t row, int column, Wide& wide, const float (&dv)[8]) const {
        float y[8], z[8];
        wide.y.get(y);
        wide.z.get(z);
#pragma unroll
        for (int i = 0; i < 8; i++) split(y[i], z[i], dv[i]);
        wide.y.set(y);
        wide.z.set(z);
        wide.y.store(dy.data + row * dy.stride + column);
        wide.z.store(dz.data + row * dz.stride + column);
    }

   private:
    __device__ __forceinline__ void split(float& y, float& z, float dv) const {
        float scaled = in.zScale * z, s = sigmoid(scaled);
        z = dv * y * in.zScale * s * (1.f + scaled * (1.f - s));
        y = dv * scaled * s;
    }
};

// With r = (mean(v^2) + epsilon)^(-1/2): dv = r gain dOut - v r^3 mean(v gain dOut); dGain = sum over rows of dOut v r.
// A block takes every gridDim.x-th row of one group; a thread owns the same columns of every row, so its sums need no
// barrier.
template <typename T, typename Row>
__global__ void rms_backward_kernel(Row in, const float* __restrict__ gain, float epsilon, Matrix<const T> dOut,
                                    float* __restrict__ partials, int64_t rows, int columns, int width) {
    extern __shared__ float dGain[];
    __shared__ float scratch[kWarp];
    int first = blockIdx.y * width;
    for (int c = threadIdx.x; c < width; c += blockDim.x) dGain[c] = 0;
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const T* ds = dOut.data + row * dOut.stride + first;
        float squares = 0, dot = 0;
        for (int c = threadIdx.x; c < width; c += blockDim.x) {
            float v = in.value(row, first + c);
            squares += v * v;
            dot += v * gain[first + c] * to_float(ds[c]);
        }
        float r = rsqrtf(block_sum(squares, scratch) / width + epsilon);
        float pull = block_sum(dot, scratch) / width * r * r * r;
        for (int c = threadIdx.x; c < width; c += blockDim.x) {
            float v = in.value(row, first + c), d = to_float(ds[c]);
            dGain[c] += d * v * r;
            in.give(row, first + c, r * gain[first + c] * d - v * pull);
        }
    }
    for (int c = threadIdx.x; c < width; c += blockDim.x) {
        partials[static_cast<int64_t>(blockIdx.x) * columns + first + c] = dGain[c];
    }
}

// Sums of two numbers over a block, to every thread, with one barrier: the caller alternates between two scratches.
__device__ __forceinline__ float2 block_sums(float2 x, float2* scratch) {
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, warps = blockDim.x / kWarp;
    x = make_float2(warp_sum(x.x), warp_sum(x.y));
    if (lane == 0) scratch[warp] = x;
    __syncthreads();
    x = lane < warps ? scratch[lane] : make_float2(0, 0);
    return make_float2(warp_sum(x.x), warp_sum(x.y));
}

// The same with 8 columns a thread, read once and a row ahead: the floor is the bytes of what is read and written.
template <typename T, typename Row>
__global__ void __launch_bounds__(kWideThreads)
    rms_backward_wide_kernel(Row in, const float* __restrict__ gain, float epsilon, Matrix<const T> dOut,
                             float* __restrict__ partials, int64_t rows, int columns, int width) {
    __shared__ float2 scratch[2][kWarp];
    int column = blockIdx.y * width + threadIdx.x * 8;
    bool mine = threadIdx.x * 8 < width;
    float g[8] = {}, dGain[8] = {};
    typename Row::Wide ahead = {};
    Vec8<T> dAhead = {};
    if (mine) {
        Vec8<float> gains;
        gains.load(gain + column);
        gains.get(g);
        ahead = in.load(blockIdx.x, column);
        dAhead.load(dOut.data + blockIdx.x * dOut.stride + column);
    }
    int turn = 0;
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x, turn ^= 1) {
        typename Row::Wide wide = ahead;
        float v[8], d[8];
        dAhead.get(d);
        in.values(wide, v);
        if (mine && row + gridDim.x < rows) {
            ahead = in.load(row + gridDim.x, column);
            dAhead.load(dOut.data + (row + gridDim.x) * dOut.stride + column);
        }
        float2 sums = make_float2(0, 0);  // of v^2 and of v gain dOut
#pragma unroll
        for (int i = 0; i < 8; i++) {
            sums.x += v[i] * v[i];
            sums.y += v[i] * g[i] * d[i];
        }
        sums = block_sums(sums, scratch[turn]);
        float r = rsqrtf(sums.x / width + epsilon);
        float pull = sums.y / width * r * r * r;
        if (mine) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                dGain[i] += d[i] * v[i] * r;
                v[i] = r * g[i] * d[i] - v[i] * pull;
            }
            in.give(row, column, wide, v);
        }
    }
    if (mine) {
        Vec8<float> sum;
        sum.set(dGain);
        sum.store(partials + static_cast<int64_t>(blockIdx.x) * columns + column);
    }
}

template <typename T, typename Row>
cudaError_t launch_backward(cudaStream_t stream, Row in, bool vector, const float* gain, float epsilon,
                            Matrix<const T> dOut, float* dGain, int64_t rows, int columns, int groups, void* workspace) {
    float* partials = static_cast<float*>(workspace);
    int width = columns / groups;
    int threads = ceil_div(ceil_div(width, 8), kWarp) * kWarp;
    bool wide = vector && sizeof(T) == 2 && threads <= kWideThreads;
    int64_t most = wide ? kMultiprocessors * min(8, kWideThreads / threads) : kBackwardBlocks;
    dim3 blocks(static_cast<unsigned>(rows < most ? rows : most), groups);
    if (wide) {
        if constexpr (sizeof(T) == 2) {
            rms_backward_wide_kernel<T, Row>
                <<<blocks, threads, 0, stream>>>(in, gain, epsilon, dOut, partials, rows, columns, width);
        }
    } else {
        size_t shared = width * sizeof(float);
        if (cudaError_t status = allow_shared_memory<rms_backward_kernel<T, Row>>(shared)) return status;
        rms_backward_kernel<T, Row>
            <<<blocks, kThreads, shared, stream>>>(in, gain, epsilon, dOut, partials, rows, columns, width);
    }
    return add_column_sums(stream, partials, blocks.x, columns, 1.f, dGain);
}

template <typename T>
bool vectorizes(Matrix<T> x, int columns) {
    return columns % 8 == 0 && aligned8(x.data, x.stride);
}

}  // namespace

template <typename T>
cudaError_t rms(cudaStream_t stream, Matrix<const T> x, const float* gain, float epsilon, Matrix<T> y, int64_t rows,
                int columns) {
    if (rows == 0) return cudaSuccess;
    Plain<T> in{x};
    dim3 grid(static_cast<unsigned>(rows), 1);
    if (vectorizes(x, columns) && vectorizes(y, columns) && aligned8(gain, columns)) {
        rms_kernel<T, Plain<T>, true><<<grid, kThreads, 0, stream>>>(in, gain, epsilon, y, columns);
    } else {
        rms_kernel<T, Plain<T>, false><<<grid, kThreads, 0, stream>>>(in, gain, epsilon, y, columns);
    }
    return cudaGetLastError();
}

size_t rms_backward_workspace_bytes(int columns) {
    return static_cast<size_t>(kBackwardBlocks) * columns * sizeof(float);
}

template <typename T>
cudaError_t rms_backward(cudaStream_t stream, Matrix<const T> x, const float* gain, float epsilon, Matrix<const T> dy,
                         Matrix<T> dx, float* dGain, int64_t rows, int columns, void* workspace) {
    if (rows == 0) return cudaSuccess;
    bool vector =
        vectorizes(x, columns) && vectorizes(dy, columns) && vectorizes(dx, columns) && aligned8(gain, columns);
    return launch_backward<T>(stream, PlainGradient<T>{x, dx}, vector, gain, epsilon, dy, dGain, rows, columns, 1,
                              workspace);
}

template <typename T>
cudaError_t gated_rms(cudaStream_t stream, Matrix<const T> y, Matrix<const T> z, float zScale, const float* gain,
                      int groups, float epsilon, Matrix<T> out, int64_t rows, int columns) {
    if (rows == 0) return cudaSuccess;
    Gated<T> in{y, z, zScale};
    int width = columns / groups;
    dim3 grid(static_cast<unsigned>(rows), groups);
    if (vectorizes(y, width) && vectorizes(z, width) && vectorizes(out, width) && aligned8(gain, width)) {
        rms_kernel<T, Gated<T>, true><<<grid, kThreads, 0, stream>>>(in, gain, epsilon, out, width);
    } else {
        rms_kernel<T, Gated<T>, false><<<grid, kThreads, 0, stream>>>(in, gain, epsilon, out, width);
    }
    return cudaGetLastError();
}

template <typename T>
cudaError_t gated_rms_backward(cudaStream_t stream, Matrix<const T> y, Matrix<const T> z, float zScale,
                               const float* gain, int groups, float epsilon, Matrix<const T> dOut, Matrix<T> dy,
                               Matrix<T> dz, float* dGain, int64_t rows, int columns, void* workspace) {
    if (rows == 0) return cudaSuccess;
    int width = columns / groups;
    bool vector = vectorizes(y, width) && vectorizes(z, width) && vectorizes(dOut, width) && vectorizes(dy, width) &&
                  vectorizes(dz, width) && aligned8(gain, width);
    return launch_backward<T>(stream, GatedGradient<T>{{y, z, zScale}, dy, dz}, vector, gain, epsilon, dOut, dGain, rows,
                              columns, groups, workspace);
}

#define INSTANTIATE(T)                                                                                                \
    template cudaError_t rms<T>(cudaStream_t, Matrix<const T>, const float*, float, Matrix<T>, int64_t, int);         \
    template cudaError_t rms_backward<T>(cudaStream_t, Matrix<const T>, const float*, float, Matrix<const T>,         \
                                         Matrix<T>, float*, int64_t, int, void*);                                     \
    template cudaError_t gated_rms<T>(cudaStream_t, Matrix<const T>, Matrix<const T>, float, const float*, int,       \
                                      float, Matrix<T>, int64_t, int);                                                \
    template cudaError_t gated_rms_backward<T>(cudaStream_t, Matrix<const T>, Matrix<const T>, float, const float*,   \
                                               int, float, Matrix<const T>, Matrix<T>, Matrix<T>, float*, int64_t,    \
                                               int, void*);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE

}  // namespace peregrine
