#include "norm.cuh"

#include "columns.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 128;
// Blocks of a backward pass: each keeps the gain's gradient of its rows in shared memory and writes it once.
constexpr int kBackwardBlocks = 132 * 8;

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

// With r = (mean(v^2) + epsilon)^(-1/2): dv = r (gain dy) - v r^3 mean(v gain dy); dGain = sum over rows of dy v r.
// A block takes every gridDim.x-th row; thread t owns the same columns of every row, so its sums need no barrier.
template <typename T, bool vector>
__global__ void rms_backward_kernel(Matrix<const T> x, const float* __restrict__ gain, float epsilon, Matrix<const T> dy,
                                    Matrix<T> dx, float* __restrict__ partials, int64_t rows, int columns) {
    extern __shared__ float dGain[];
    __shared__ float scratch[kWarp];
    for (int c = threadIdx.x; c < columns; c += blockDim.x) dGain[c] = 0;
    __syncthreads();
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const T* xs = x.data + row * x.stride;
        const T* dys = dy.data + row * dy.stride;
        T* dxs = dx.data + row * dx.stride;
        float squares = 0, dot = 0;
        if constexpr (vector) {
            for (int c = threadIdx.x * 8; c < columns; c += blockDim.x * 8) {
                float v[8], d[8], g[8];
                Vec8<T> a, b;
                a.load(xs + c);
                b.load(dys + c);
                a.get(v);
                b.get(d);
                Vec8<float> gains;
                gains.load(gain + c);
                gains.get(g);
#pragma unroll
                for (int i = 0; i < 8; i++) {
                    squares += v[i] * v[i];
                    dot += v[i] * g[i] * d[i];
                }
            }
        } else {
            for (int c = threadIdx.x; c < columns; c += blockDim.x) {
                float v = to_float(xs[c]);
                squares += v * v;
                dot += v * gain[c] * to_float(dys[c]);
            }
        }
        float r = rsqrtf(block_sum(squares, scratch) / columns + epsilon);
        float pull = block_sum(dot, scratch) / columns * r * r * r;
        if constexpr (vector) {
            for (int c = threadIdx.x * 8; c < columns; c += blockDim.x * 8) {
                float v[8], d[8], g[8], sum[8];
                Vec8<T> a, b, target;
                a.load(xs + c);
                b.load(dys + c);
                target.load(dxs + c);
                a.get(v);
                b.get(d);
                target.get(sum);
                Vec8<float> gains;
                gains.load(gain + c);
                gains.get(g);
#pragma unroll
                for (int i = 0; i < 8; i++) {
                    dGain[c + i] += d[i] * v[i] * r;
                    sum[i] += r * g[i] * d[i] - v[i] * pull;
                }
                target.set(sum);
                target.store(dxs + c);
            }
        } else {
            for (int c = threadIdx.x; c < columns; c += blockDim.x) {
                float v = to_float(xs[c]), d = to_float(dys[c]);
                dGain[c] += d * v * r;
                dxs[c] = from_float<T>(to_float(dxs[c]) + r * gain[c] * d - v * pull);
            }
        }
    }
    // the same thread reads what it wrote
    if constexpr (vector) {
        for (int c = threadIdx.x * 8; c < columns; c += blockDim.x * 8) {
            for (int i = 0; i < 8; i++) partials[static_cast<int64_t>(blockIdx.x) * columns + c + i] = dGain[c + i];
        }
    } else {
        for (int c = threadIdx.x; c < columns; c += blockDim.x) {
            partials[static_cast<int64_t>(blockIdx.x) * columns + c] = dGain[c];
        }
    }
}

// As `rms_backward_kernel` for v = y SiLU(s z): dy = dv SiLU(s z), dz = dv y s SiLU'(s z). A block works on one group.
template <typename T>
__global__ void gated_rms_backward_kernel(Gated<T> in, const float* __restrict__ gain, float epsilon, Matrix<const T> dOut,
                                          Matrix<T> dy, Matrix<T> dz, float* __restrict__ partials, int64_t rows,
                                          int columns, int width) {
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
            float y = to_float(in.y.data[row * in.y.stride + first + c]);
            float z = in.zScale * to_float(in.z.data[row * in.z.stride + first + c]);
            float s = sigmoid(z), d = to_float(ds[c]);
            float v = y * z * s;
            float dv = r * gain[first + c] * d - v * pull;
            dGain[c] += d * v * r;
            dy.data[row * dy.stride + first + c] = from_float<T>(dv * z * s);
            dz.data[row * dz.stride + first + c] = from_float<T>(dv * y * in.zScale * s * (1.f + z * (1.f - s)));
        }
    }
    for (int c = threadIdx.x; c < width; c += blockDim.x) {
        partials[static_cast<int64_t>(blockIdx.x) * columns + first + c] = dGain[c];
    }
}

template <typename T>
bool vectorizes(Matrix<T> x, int columns) {
    return columns % 8 == 0 && aligned8(x.data, x.stride);
}

unsigned backward_blocks(int64_t rows) { return static_cast<unsigned>(rows < kBackwardBlocks ? rows : kBackwardBlocks); }

template <typename Kernel>
cudaError_t allow_shared(Kernel kernel, size_t bytes) {
    return bytes <= 48 * 1024 ? cudaSuccess
                              : cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                                     static_cast<int>(bytes));
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
    float* partials = static_cast<float*>(workspace);
    unsigned blocks = backward_blocks(rows);
    size_t shared = columns * sizeof(float);
    bool vector =
        vectorizes(x, columns) && vectorizes(dy, columns) && vectorizes(dx, columns) && aligned8(gain, columns);
    auto kernel = vector ? rms_backward_kernel<T, true> : rms_backward_kernel<T, false>;
    if (cudaError_t status = allow_shared(kernel, shared)) return status;
    kernel<<<blocks, kThreads, shared, stream>>>(x, gain, epsilon, dy, dx, partials, rows, columns);
    return add_column_sums(stream, partials, blocks, columns, 1.f, dGain);
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
    float* partials = static_cast<float*>(workspace);
    unsigned blocks = backward_blocks(rows);
    int width = columns / groups;
    size_t shared = width * sizeof(float);
    auto kernel = gated_rms_backward_kernel<T>;
    if (cudaError_t status = allow_shared(kernel, shared)) return status;
    kernel<<<dim3(blocks, groups), kThreads, shared, stream>>>(Gated<T>{y, z, zScale}, gain, epsilon, dOut, dy, dz,
                                                               partials, rows, columns, width);
    return add_column_sums(stream, partials, blocks, columns, 1.f, dGain);
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
