// The most likely token of each sequence, and one token further. A block per sequence: the scores come from the L2 cache.
#include "chain.cuh"
#include "decode.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 1024, kWarps = kThreads / kWarp;

struct Best {
    float score;
    int id;

    __device__ __forceinline__ void meet(Best other) {
        if (other.score > score || (other.score == score && other.id < id)) *this = other;
    }
};

__device__ __forceinline__ Best warp_best(Best best) {
#pragma unroll
    for (int offset = kWarp / 2; offset > 0; offset /= 2) {
        best.meet({__shfl_xor_sync(kFullWarp, best.score, offset), __shfl_xor_sync(kFullWarp, best.id, offset)});
    }
    return best;
}

__global__ void __launch_bounds__(kThreads) next_kernel(const float* scores, int64_t stride, int vocab, int* ids,
                                                        int* positions, int capacity) {
    __shared__ Best bests[kWarps];
    chain_begin();
    chain_wait();
    const float* row = scores + blockIdx.x * stride;
    Best best{-INFINITY, vocab};
    bool broken = false;
#pragma unroll 8
    for (int i = threadIdx.x; i < vocab; i += kThreads) {
        float score = row[i];
        broken |= isnan(score);
        best.meet({score, i});
    }
    best = warp_best(best);
    if (threadIdx.x % kWarp == 0) bests[threadIdx.x / kWarp] = best;
    broken = __syncthreads_or(broken);
    if (threadIdx.x >= kWarp) return;
    best = warp_best(bests[threadIdx.x]);
    if (threadIdx.x == 0) {
        int position = positions[blockIdx.x];
        bool rests = position >= capacity;
        ids[blockIdx.x] = rests ? 0 : broken || best.id == vocab ? -1 : best.id;
        positions[blockIdx.x] = rests ? position : position + 1;
    }
}

}  // namespace

cudaError_t decode_next(cudaStream_t stream, int batch, const float* scores, int64_t stride, int vocab, int* ids,
                        int* positions, int capacity) {
    return launch_chained(stream, next_kernel, dim3(batch), dim3(kThreads), 0, 1, scores, stride, vocab, ids, positions,
                          capacity);
}

}  // namespace peregrine
