#include "loss.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 512;

// A sum of exponentials relative to `largest` becomes one relative to `top`, where that is larger.
__device__ __forceinline__ void raise(float& largest, float& sum, float top) {
    if (top <= largest) return;
    sum *= exp2f((largest - top) * kLog2e);
    largest = top;
}

// One block per row: one read for the maximum and the sum of exponentials together (rescaled when the maximum grows),
// one read and one write for the gradient; the second read of a row of some 64 kB comes from the L2 cache.
template <typename T, bool vector>
__global__ void cross_entropy_kernel(Matrix<T> logits, const int* __restrict__ targets, int vocab, bool withGradient,
                                     float gradScale, float zLoss, float* __restrict__ losses) {
    __shared__ float scratch[kWarp];
    int64_t row = blockIdx.x;
    T* x = logits.data + row * logits.stride;
    int target = targets[row];
    int wide = vector ? vocab / 8 * 8 : 0;  // columns taken 8 at a time; released vocabularies are such as 65,537
    if (target < 0) {
        if (threadIdx.x == 0) losses[row] = 0;
        if (withGradient) {
            for (int c = threadIdx.x * 8; c < wide; c += blockDim.x * 8) {
                float zeros[8] = {};
                Vec8<T> v;
                v.set(zeros);
                v.store(x + c);
            }
            for (int c = wide + threadIdx.x; c < vocab; c += blockDim.x) x[c] = from_float<T>(0.f);
        }
        return;
    }
    float targetLogit = to_float(x[target]);  // read before anybody overwrites it
    float largest = -INFINITY, sum = 0;
    for (int c = threadIdx.x * 8; c < wide; c += blockDim.x * 8) {
        float v[8];
        Vec8<T> raw;
        raw.load(x + c);
        raw.get(v);
        float top = v[0];
#pragma unroll
        for (int i = 1; i < 8; i++) top = fmaxf(top, v[i]);
        raise(largest, sum, top);
#pragma unroll
        for (int i = 0; i < 8; i++) sum += exp2f((v[i] - largest) * kLog2e);
    }
    for (int c = wide + threadIdx.x; c < vocab; c += blockDim.x) {
        float v = to_float(x[c]);
        raise(largest, sum, v);
        sum += exp2f((v - largest) * kLog2e);
    }
    float rowLargest = block_max(largest, scratch);
    float rowSum = block_sum(largest == -INFINITY ? 0.f : sum * exp2f((largest - rowLargest) * kLog2e), scratch);
    float logSumExp = rowLargest + logf(rowSum);
    if (threadIdx.x == 0) losses[row] = logSumExp - targetLogit;
    if (!withGradient) return;
    float factor = gradScale / rowSum * (1.f + 2.f * zLoss * logSumExp);
    for (int c = threadIdx.x * 8; c < wide; c += blockDim.x * 8) {
        float v[8];
        Vec8<T> raw;
        raw.load(x + c);
        raw.get(v);
#pragma unroll
        for (int i = 0; i < 8; i++) {
            v[i] = factor * exp2f((v[i] - rowLargest) * kLog2e) - (c + i == target ? gradScale : 0.f);
        }
        raw.set(v);
        raw.store(x + c);
    }
    for (int c = wide + threadIdx.x; c < vocab; c += blockDim.x) {
        x[c] = from_float<T>(factor * exp2f((to_float(x[c]) - rowLargest) * kLog2e) - (c == target ? gradScale : 0.f));
    }
}

__global__ void sum_to_double_kernel(const float* __restrict__ losses, int64_t count, double* sum) {
    __shared__ double sums[kThreads];
    double mine = 0;
    for (int64_t i = threadIdx.x; i < count; i += kThreads) mine += losses[i];
    sums[threadIdx.x] = mine;
    __syncthreads();
    for (int width = kThreads / 2; width > 0; width /= 2) {
        if (threadIdx.x < width) sums[threadIdx.x] += sums[threadIdx.x + width];
        __syncthreads();
    }
    if (threadIdx.x == 0) *sum = sums[0];
}

}  // namespace

template <typename T>
cudaError_t cross_entropy(cudaStream_t stream, Matrix<T> logits, const int* targets, int64_t rows, int vocab,
                          bool withGradient, float gradScale, float zLoss, float* losses) {
    if (rows == 0) return cudaSuccess;
    bool vector = aligned8(logits.data, logits.stride);
    auto kernel = vector ? cross_entropy_kernel<T, true> : cross_entropy_kernel<T, false>;
    kernel<<<static_cast<unsigned>(rows), kThreads, 0, stream>>>(logits, targets, vocab, withGradient, gradScale,
                                                                   zLoss, losses);
    return cudaGetLastError();
}

cudaError_t sum_to_double(cudaStream_t stream, const float* losses, int64_t count, double* sum) {
    sum_to_double_kernel<<<1, kThreads, 0, stream>>>(losses, count, sum);
    return cudaGetLastError();
}

template cudaError_t cross_entropy<float>(cudaStream_t, Matrix<float>, const int*, int64_t, int, bool, float, float,
                                          float*);
template cudaError_t cross_entropy<bf16>(cudaStream_t, Matrix<bf16>, const int*, int64_t, int, bool, float, float,
                                         float*);

}  // namespace peregrine
