// Backward scan on mma.sync: the order of its kernels, and the small ones at its end. The derivation is in
// scan_backward.cuh.
//
// Decays, the gradients of the states, inner, outer; then sums from behind over dcs give ddt, and sums over chunks dA and
// dD. Where chunks are too few to fill the card, heads are split and dB, dC summed in float, in order.
#include "scan_backward.cuh"

#include <algorithm>

namespace peregrine {
namespace scan {
namespace {

constexpr int kWarps = kBlocks, kThreads = kWarps * kWarp;

int splits_of(const Sizes& s) {
    int perGroup = s.slices / s.nGroups, splits = 1;
    while (s.batch * s.chunks * s.nGroups * splits < 100 && perGroup % (2 * splits) == 0) splits *= 2;
    return splits;
}

BackwardParts parts_of(const Sizes& s, ScanArena& arena) {
    size_t chunks = static_cast<size_t>(s.batch) * s.chunks, splits = splits_of(s);
    size_t wide = splits == 1 ? 0 : splits * s.batch * s.seqLen * s.nGroups * s.dState;
    BackwardParts parts;
    parts.decays = arena.take<float>(chunks * s.nHeads * kDecayFloats);
    parts.dStates = arena.take<bf16>(chunks * s.slices * s.state_size());
    parts.segmentStates = arena.take<float>(walk_workspace_floats(s));
    parts.dG = arena.take<bf16>(chunks * s.nGroups * splits * kChunk * kChunk);
    parts.dcs = arena.take<float>(chunks * s.slices * kChunk);
    parts.dcsOfC = arena.take<float>(chunks * s.slices * kChunk * s.state_parts());
    parts.direct = arena.take<float>(chunks * s.slices * kChunk);
    parts.dSkip = arena.take<float>(chunks * s.slices);
    parts.dA = arena.take<float>(chunks * s.nHeads);
    parts.dbOfSplits = arena.take<float>(wide);
    parts.dcOfSplits = arena.take<float>(wide);
    return parts;
}

__global__ void sum_splits_kernel(int64_t count, int width, int splits, const float* of, bf16* to, int64_t stride) {
    int64_t at = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (at >= count) return;
    float sum = 0;
    for (int i = 0; i < splits; i++) sum += of[i * count + at];
    to[at / width * stride + at % width] = __float2bfloat16_rn(sum);
}

// A warp per head of a chunk, four tokens per lane: da, ddt, and what the chunk adds to dA. ddt leaves through shared
// memory, because its rows run across heads.
__global__ void __launch_bounds__(kThreads)
    finish_kernel(const Sizes s, const ScanBackward<bf16> a, const BackwardParts parts) {
    __shared__ float results[kWarps][kChunk + 1];
    int chunk = blockIdx.y % s.chunks, sequence = blockIdx.y / s.chunks, firstHead = blockIdx.x * kWarps;
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, first = lane * 4;
    bool there = firstHead + warp < s.nHeads;
    int head = there ? firstHead + warp : s.nHeads - 1;
    int stateParts = s.state_parts(), count = min(kChunk, s.seqLen - chunk * kChunk);
    int64_t chunkIndex = static_cast<int64_t>(sequence) * s.chunks + chunk;
    float da[4] = {}, direct[4] = {};
    auto add = [&](float (&to)[4], const float* from) {
        float4 v = *reinterpret_cast<const float4*>(from + first);
        to[0] += v.x, to[1] += v.y, to[2] += v.z, to[3] += v.w;
    };
    for (int i = 0; i < s.slicesPerHead; i++) {
        int slice = head * s.slicesPerHead + i;
        add(da, parts.dcs + (chunkIndex * s.slices + slice) * kChunk);
        add(direct, parts.direct + (chunkIndex * s.slices + slice) * kChunk);
        for (int part = 0; part < stateParts; part++)
            add(da, parts.dcsOfC + ((chunkIndex * stateParts + part) * s.slices + slice) * kChunk);
    }
#pragma unroll
    for (int i = 2; i >= 0; i--) da[i] += da[i + 1];
    float behind = da[0];
#pragma unroll
    for (int offset = 1; offset < kWarp; offset *= 2) {
        float other = __shfl_down_sync(kFullWarp, behind, offset);
        if (lane + offset < kWarp) behind += other;
    }
    behind = __shfl_down_sync(kFullWarp, behind, 1);
    float4 steps = reinterpret_cast<const float4*>(decays_at(parts.decays, s, sequence, chunk, head) + kDt * kChunk)[lane];
    float dt[4] = {steps.x, steps.y, steps.z, steps.w}, rate = -expf(a.in.aLog[head]), dA = 0;
    int64_t row0 = static_cast<int64_t>(sequence) * s.seqLen + chunk * kChunk;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        if (lane < kWarp - 1) da[i] += behind;
        dA = fmaf(dt[i], da[i], dA);
        results[warp][first + i] = fmaf(rate, da[i], direct[i]);
    }
    dA = warp_sum(dA);
    if (there && lane == 0) parts.dA[chunkIndex * s.nHeads + head] = dA * rate;
    __syncthreads();
    for (int i = threadIdx.x; i < count * kWarps; i += kThreads) {
        int token = i / kWarps, h = i % kWarps;
        if (firstHead + h < s.nHeads) a.dDt[(row0 + token) * a.dDtStride + firstHead + h] = results[h][token];
    }
}

// A block per head, over all chunks.
__global__ void __launch_bounds__(kThreads)
    sum_chunks_kernel(const Sizes s, const BackwardParts parts, float* dALog, float* dDSkip) {
    __shared__ float scratch[kWarp];
    int head = blockIdx.x;
    float a = 0, d = 0;
    for (int64_t chunk = threadIdx.x; chunk < static_cast<int64_t>(s.batch) * s.chunks; chunk += kThreads) {
        a += parts.dA[chunk * s.nHeads + head];
        for (int i = 0; i < s.slicesPerHead; i++) d += parts.dSkip[chunk * s.slices + head * s.slicesPerHead + i];
    }
    a = block_sum(a, scratch);
    d = block_sum(d, scratch);
    if (threadIdx.x == 0) dALog[head] += a, dDSkip[head] += d;
}

}  // namespace
}  // namespace scan

using namespace scan;

size_t mma_scan_backward_block_memory(const ScanShape& shape) {
    return std::max({inner_block_memory(shape.dState), outer_block_memory(shape.dState), walk_block_memory()});
}

size_t mma_scan_backward_workspace_bytes(const ScanShape& shape) {
    ScanArena arena(nullptr);
    parts_of(Sizes(shape), arena);
    return arena.used();
}

cudaError_t mma_scan_backward(cudaStream_t stream, const ScanBackward<bf16>& a) {
    Sizes s(a.shape);
    ScanArena arena(a.workspace);
    BackwardParts parts = parts_of(s, arena);
    const bf16* states = static_cast<const bf16*>(a.memory);
    int splits = splits_of(s);
    cudaError_t status = prepare_decays(stream, s, a.in, a.documentStart, a.biasedStart, parts.decays);
    if (status != cudaSuccess) return status;
    StateWalk walk{a.dy, a.dyStride, a.in.c, a.in.cStride, parts.decays, parts.dStates, nullptr, parts.segmentStates};
    status = walk_states<true>(stream, s, walk);
    if (status != cudaSuccess) return status;
    status = launch_inner(stream, s, a, parts, states, splits);
    if (status != cudaSuccess) return status;
    status = launch_outer(stream, s, a, parts, states, splits);
    if (status != cudaSuccess) return status;
    if (splits > 1) {
        int width = s.nGroups * s.dState;
        int64_t count = static_cast<int64_t>(s.batch) * s.seqLen * width;
        unsigned blocks = static_cast<unsigned>(ceil_div<int64_t>(count, kThreads));
        sum_splits_kernel<<<blocks, kThreads, 0, stream>>>(count, width, splits, parts.dbOfSplits, a.db, a.dbStride);
        sum_splits_kernel<<<blocks, kThreads, 0, stream>>>(count, width, splits, parts.dcOfSplits, a.dc, a.dcStride);
    }
    finish_kernel<<<dim3(ceil_div(s.nHeads, kWarps), s.batch * s.chunks), kThreads, 0, stream>>>(s, a, parts);
    sum_chunks_kernel<<<s.nHeads, kThreads, 0, stream>>>(s, parts, a.dALog, a.dDSkip);
    return cudaGetLastError();
}

}  // namespace peregrine
