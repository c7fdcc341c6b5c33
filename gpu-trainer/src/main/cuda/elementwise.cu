#include "elementwise.cuh"

#include "columns.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 256;
constexpr int kBiasBlocks = 128;

// Calls body(row, column, width) for pieces of up to 8 columns: 8 at a time where `vector` says that rows are aligned.
template <typename Body>
__device__ __forceinline__ void each_piece(int64_t rows, int columns, bool vector, Body body) {
    int pieces = vector ? columns / 8 : columns;
    int64_t total = rows * pieces;
    for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < total;
         i += static_cast<int64_t>(gridDim.x) * blockDim.x) {
        int64_t row = i / pieces;
        int piece = static_cast<int>(i - row * pieces);
        if (vector) {
            body(row, piece * 8, true);
        } else {
            body(row, piece, false);
        }
    }
}

template <typename T>
__device__ __forceinline__ void load(const T* p, bool vector, float (&x)[8]) {
    if (vector) {
        Vec8<T> v;
        v.load(p);
        v.get(x);
    } else {
        x[0] = to_float(*p);
    }
}

template <typename T>
__device__ __forceinline__ void store(T* p, bool vector, const float (&x)[8]) {
    if (vector) {
        Vec8<T> v;
        v.set(x);
        v.store(p);
    } else {
        *p = from_float<T>(x[0]);
    }
}

unsigned blocks_for(int64_t rows, int columns, bool vector) {
    int64_t pieces = rows * (vector ? columns / 8 : columns);
    int64_t blocks = ceil_div<int64_t>(pieces, kThreads);
    return static_cast<unsigned>(blocks < (1 << 20) ? (blocks > 0 ? blocks : 1) : (1 << 20));
}

template <typename T>
bool vectorizes(Matrix<T> x, int columns) {
    return columns % 8 == 0 && aligned8(x.data, x.stride);
}

template <typename T>
__global__ void fill_kernel(Matrix<T> x, int64_t rows, int columns, bool vector, float value) {
    each_piece(rows, columns, vector, [&](int64_t row, int column, bool wide) {
        float v[8];
#pragma unroll
        for (int i = 0; i < 8; i++) v[i] = value;
        store(x.data + row * x.stride + column, wide, v);
    });
}

template <typename From, typename To>
__global__ void copy_kernel(Matrix<const From> from, Matrix<To> to, int64_t rows, int columns, bool vector) {
    each_piece(rows, columns, vector, [&](int64_t row, int column, bool wide) {
        float v[8];
        load(from.data + row * from.stride + column, wide, v);
        store(to.data + row * to.stride + column, wide, v);
    });
}

template <typename T>
__global__ void add_kernel(Matrix<const T> from, Matrix<T> to, int64_t rows, int columns, bool vector) {
    each_piece(rows, columns, vector, [&](int64_t row, int column, bool wide) {
        float a[8], b[8];
        T* target = to.data + row * to.stride + column;
        load(from.data + row * from.stride + column, wide, a);
        load(target, wide, b);
#pragma unroll
        for (int i = 0; i < 8; i++) b[i] += a[i];
        store(target, wide, b);
    });
}

template <typename T>
__global__ void gate_kernel(Matrix<const T> value, Matrix<const T> gate, float gateScale, Matrix<T> out, int64_t rows,
                            int columns, bool vector) {
    each_piece(rows, columns, vector, [&](int64_t row, int column, bool wide) {
        float v[8], g[8];
        load(value.data + row * value.stride + column, wide, v);
        load(gate.data + row * gate.stride + column, wide, g);
#pragma unroll
        for (int i = 0; i < 8; i++) {
            float scaled = gateScale * g[i];
            v[i] *= scaled * sigmoid(scaled);
        }
        store(out.data + row * out.stride + column, wide, v);
    });
}

template <typename T>
__global__ void gate_backward_kernel(Matrix<const T> value, Matrix<const T> gate, float gateScale, Matrix<const T> dOut,
                                     Matrix<T> dValue, Matrix<T> dGate, int64_t rows, int columns, bool vector) {
    each_piece(rows, columns, vector, [&](int64_t row, int column, bool wide) {
        float v[8], g[8], d[8];
        load(value.data + row * value.stride + column, wide, v);
        load(gate.data + row * gate.stride + column, wide, g);
        load(dOut.data + row * dOut.stride + column, wide, d);
#pragma unroll
        for (int i = 0; i < 8; i++) {
            float scaled = gateScale * g[i];
            float s = sigmoid(scaled);
            g[i] = d[i] * v[i] * gateScale * s * (1.f + scaled * (1.f - s));
            v[i] = d[i] * scaled * s;
        }
        store(dValue.data + row * dValue.stride + column, wide, v);
        store(dGate.data + row * dGate.stride + column, wide, g);
    });
}

template <typename T>
__global__ void add_bias_kernel(const float* bias, float scale, Matrix<T> y, int64_t rows, int columns, bool vector) {
    each_piece(rows, columns, vector, [&](int64_t row, int column, bool wide) {
        float v[8];
        T* target = y.data + row * y.stride + column;
        load(target, wide, v);
        int width = wide ? 8 : 1;
#pragma unroll
        for (int i = 0; i < 8; i++) {
            if (i < width) v[i] += scale * bias[column + i];
        }
        store(target, wide, v);
    });
}

template <typename T>
__global__ void bias_partials_kernel(Matrix<const T> dy, int64_t rows, int columns, float* partials) {
    for (int column = threadIdx.x; column < columns; column += blockDim.x) {
        float sum = 0;
        for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) sum += to_float(dy.data[row * dy.stride + column]);
        partials[static_cast<int64_t>(blockIdx.x) * columns + column] = sum;
    }
}

}  // namespace

template <typename T>
cudaError_t fill(cudaStream_t stream, Matrix<T> x, int64_t rows, int columns, float value) {
    if (rows == 0 || columns == 0) return cudaSuccess;
    bool vector = vectorizes(x, columns);
    fill_kernel<T><<<blocks_for(rows, columns, vector), kThreads, 0, stream>>>(x, rows, columns, vector, value);
    return cudaGetLastError();
}

template <typename From, typename To>
cudaError_t copy(cudaStream_t stream, Matrix<const From> from, Matrix<To> to, int64_t rows, int columns) {
    if (rows == 0 || columns == 0) return cudaSuccess;
    bool vector = vectorizes(from, columns) && vectorizes(to, columns);
    copy_kernel<From, To><<<blocks_for(rows, columns, vector), kThreads, 0, stream>>>(from, to, rows, columns, vector);
    return cudaGetLastError();
}

template <typename T>
cudaError_t add(cudaStream_t stream, Matrix<const T> from, Matrix<T> to, int64_t rows, int columns) {
    if (rows == 0 || columns == 0) return cudaSuccess;
    bool vector = vectorizes(from, columns) && vectorizes(to, columns);
    add_kernel<T><<<blocks_for(rows, columns, vector), kThreads, 0, stream>>>(from, to, rows, columns, vector);
    return cudaGetLastError();
}

template <typename T>
cudaError_t gate(cudaStream_t stream, Matrix<const T> value, Matrix<const T> gate, float gateScale, Matrix<T> out,
                 int64_t rows, int columns) {
    if (rows == 0 || columns == 0) return cudaSuccess;
    bool vector = vectorizes(value, columns) && vectorizes(gate, columns) && vectorizes(out, columns);
    gate_kernel<T><<<blocks_for(rows, columns, vector), kThreads, 0, stream>>>(value, gate, gateScale, out, rows,
                                                                              columns, vector);
    return cudaGetLastError();
}

template <typename T>
cudaError_t gate_backward(cudaStream_t stream, Matrix<const T> value, Matrix<const T> gate, float gateScale,
                          Matrix<const T> dOut, Matrix<T> dValue, Matrix<T> dGate, int64_t rows, int columns) {
    if (rows == 0 || columns == 0) return cudaSuccess;
    bool vector = vectorizes(value, columns) && vectorizes(gate, columns) && vectorizes(dOut, columns) &&
                  vectorizes(dValue, columns) && vectorizes(dGate, columns);
    gate_backward_kernel<T><<<blocks_for(rows, columns, vector), kThreads, 0, stream>>>(
        value, gate, gateScale, dOut, dValue, dGate, rows, columns, vector);
    return cudaGetLastError();
}

template <typename T>
cudaError_t add_bias(cudaStream_t stream, const float* bias, float scale, Matrix<T> y, int64_t rows, int columns) {
    if (rows == 0 || columns == 0) return cudaSuccess;
    bool vector = vectorizes(y, columns);
    add_bias_kernel<T>
        <<<blocks_for(rows, columns, vector), kThreads, 0, stream>>>(bias, scale, y, rows, columns, vector);
    return cudaGetLastError();
}

size_t bias_backward_workspace_bytes(int columns) {
    return static_cast<size_t>(kBiasBlocks) * columns * sizeof(float);
}

template <typename T>
cudaError_t bias_backward(cudaStream_t stream, Matrix<const T> dy, float scale, float* dBias, int64_t rows, int columns,
                          void* workspace) {
    float* partials = static_cast<float*>(workspace);
    bias_partials_kernel<T><<<kBiasBlocks, kThreads, 0, stream>>>(dy, rows, columns, partials);
    return add_column_sums(stream, partials, kBiasBlocks, columns, scale, dBias);
}

#define INSTANTIATE(T)                                                                                              \
    template cudaError_t fill<T>(cudaStream_t, Matrix<T>, int64_t, int, float);                                     \
    template cudaError_t add<T>(cudaStream_t, Matrix<const T>, Matrix<T>, int64_t, int);                            \
    template cudaError_t gate<T>(cudaStream_t, Matrix<const T>, Matrix<const T>, float, Matrix<T>, int64_t, int);   \
    template cudaError_t gate_backward<T>(cudaStream_t, Matrix<const T>, Matrix<const T>, float, Matrix<const T>,   \
                                          Matrix<T>, Matrix<T>, int64_t, int);                                      \
    template cudaError_t add_bias<T>(cudaStream_t, const float*, float, Matrix<T>, int64_t, int);                   \
    template cudaError_t bias_backward<T>(cudaStream_t, Matrix<const T>, float, float*, int64_t, int, void*);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE
template cudaError_t copy<float, float>(cudaStream_t, Matrix<const float>, Matrix<float>, int64_t, int);
template cudaError_t copy<float, bf16>(cudaStream_t, Matrix<const float>, Matrix<bf16>, int64_t, int);
template cudaError_t copy<bf16, float>(cudaStream_t, Matrix<const bf16>, Matrix<float>, int64_t, int);
template cudaError_t copy<bf16, bf16>(cudaStream_t, Matrix<const bf16>, Matrix<bf16>, int64_t, int);

}  // namespace peregrine
