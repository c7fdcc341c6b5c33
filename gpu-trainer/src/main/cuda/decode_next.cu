// The most likely token of each sequence, and one token further. A block per sequence: the scores come from the L2 cache.
#include "chain.cuh"
#include "decode.cuh"
#include "decode_best.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 1024, kWarps = kThreads / kWarp;

__global__ void __launch_bounds__(kThreads) next_kernel(const float* scores, int64_t stride, int vocab, int* ids,
                                                        int* chosen, int* positions, int capacity) {
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
        int id = rests ? 0 : broken || best.id == vocab ? -1 : best.id;
        ids[blockIdx.x] = chosen[blockIdx.x] = id;
        positions[blockIdx.x] = rests ? position : position + 1;
    }
}

}  // namespace

cudaError_t decode_next(cudaStream_t stream, int batch, const float* scores, int64_t stride, int vocab, int* ids,
                        int* chosen, int* positions, int capacity) {
    return launch_chained(stream, next_kernel, dim3(batch), dim3(kThreads), 0, 1, scores, stride, vocab, ids, chosen,
                          positions, capacity);
}

}  // namespace peregrine
