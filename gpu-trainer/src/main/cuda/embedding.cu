#include "embedding.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 128;

template <typename T>
__global__ void embedding_forward_kernel(const float* __restrict__ table, const int* __restrict__ ids, float multiplier,
                                         Matrix<T> out, int columns) {
    int64_t row = blockIdx.x;
    const float* source = table + static_cast<int64_t>(max(ids[row], 0)) * columns;
    T* target = out.data + row * out.stride;
    for (int c = threadIdx.x; c < columns; c += blockDim.x) target[c] = from_float<T>(multiplier * source[c]);
}

template <typename T>
__global__ void embedding_backward_kernel(Matrix<const T> dOut, const int* __restrict__ uniqueIds,
                                          const int* __restrict__ first, const int* __restrict__ order, float multiplier,
                                          float* __restrict__ dTable, int columns) {
    int unique = blockIdx.x;
    int column = blockIdx.y * blockDim.x + threadIdx.x;
    if (column >= columns) return;
    float sum = 0;
    int end = first[unique + 1];
#pragma unroll 8
    for (int k = first[unique]; k < end; k++) {
        sum += to_float(dOut.data[static_cast<int64_t>(order[k]) * dOut.stride + column]);
    }
    dTable[static_cast<int64_t>(uniqueIds[unique]) * columns + column] += multiplier * sum;
}

}  // namespace

template <typename T>
cudaError_t embedding_forward(cudaStream_t stream, const float* table, const int* ids, float multiplier, Matrix<T> out,
                              int64_t rows, int columns) {
    if (rows == 0) return cudaSuccess;
    embedding_forward_kernel<T>
        <<<static_cast<unsigned>(rows), kThreads, 0, stream>>>(table, ids, multiplier, out, columns);
    return cudaGetLastError();
}

template <typename T>
cudaError_t embedding_backward(cudaStream_t stream, Matrix<const T> dOut, const int* uniqueIds, const int* first,
                               const int* order, int unique, float multiplier, float* dTable, int columns) {
    if (unique == 0) return cudaSuccess;
    embedding_backward_kernel<T><<<dim3(unique, ceil_div(columns, kThreads)), kThreads, 0, stream>>>(
        dOut, uniqueIds, first, order, multiplier, dTable, columns);
    return cudaGetLastError();
}

#define INSTANTIATE(T)                                                                                               \
    template cudaError_t embedding_forward<T>(cudaStream_t, const float*, const int*, float, Matrix<T>, int64_t,     \
                                              int);                                                                  \
    template cudaError_t embedding_backward<T>(cudaStream_t, Matrix<const T>, const int*, const int*, const int*,    \
                                               int, float, float*, int);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE

}  // namespace peregrine
