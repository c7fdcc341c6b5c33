// The scan's outputs on mma.sync: Y = (G o L) X + e o (C S_before^T) + D x. See scan_tiles.cuh.
//
// A block owns a chunk of one sequence and walks over heads: C B^T is computed once and stays in shared memory, as does
// C; the next head's x and state are copied while this one's are used. Floor: x, the states and y once,
// 2 (2 dHead + dHead dState / 128) bytes per token and head, and 2 dHead (64 + dState) FLOPs.
#include "scan_tiles.cuh"
#include "shared_memory.cuh"

#include <algorithm>

namespace peregrine {
namespace scan {
namespace {

// Eight warps work on a head, and kGroups heads at a time, as shared memory allows.
constexpr int kWarps = 8, kThreads = kWarps * kWarp;

template <int kState, int kGroups>
struct Shared {
    bf16 c[kChunk * kState];
    struct Stage {
        bf16 x[kChunk * kSlice];
        bf16 state[kSlice * kState];
        float decays[kDecayFloats];
    } stages[kGroups][2];
    static_assert(sizeof(stages) >= sizeof(c), "B lies there before the first head");
    uint4 products[kPairs][kWarp];  // C B^T in blocks, each lane's part of a left operand
};

__device__ __forceinline__ void group_barrier(int group) {
    asm volatile("bar.sync %0, %1;\n" ::"r"(group + 1), "r"(kThreads) : "memory");
}

template <int kState, int kGroups>
__global__ void __launch_bounds__(kThreads* kGroups, 1)
    outputs_kernel(const Sizes s, const ScanForward<bf16> a, const float* decays, const bf16* states, int splits) {
    extern __shared__ __align__(128) char raw[];
    Shared<kState, kGroups>& shared = *reinterpret_cast<Shared<kState, kGroups>*>(raw);
    constexpr int kAllThreads = kThreads * kGroups;
    int chunk = blockIdx.y % s.chunks, sequence = blockIdx.y / s.chunks;
    int group = blockIdx.x / splits, perBlock = s.slices / s.nGroups / splits, firstSlice = blockIdx.x * perBlock;
    int ofHeads = threadIdx.x / kThreads, thread = threadIdx.x % kThreads, warp = thread / kWarp, lane = thread % kWarp;
    // A warp owns two blocks of 16 tokens, q and 7 - q, which see nine blocks of 16 x 16 between them, and half of the
    // channels: all warps have the same work.
    const int blocks[2] = {kBlocks - 1 - warp % 4, warp % 4}, half = warp / 4;
    int position = chunk * kChunk, count = min(kChunk, s.seqLen - position);
    int64_t row0 = static_cast<int64_t>(sequence) * s.seqLen + position;

    auto load = [&](int i) {
        if (i < perBlock) {
            int slice = firstSlice + i;
            auto& stage = shared.stages[ofHeads][i / kGroups % 2];
            copy_tile<kChunk, kSlice, kThreads>(stage.x, a.in.x + row0 * a.in.xStride + slice * kSlice, a.in.xStride, count,
                                                thread);
            copy_tile<kSlice, kState, kThreads>(stage.state, states + s.index(sequence, chunk, slice) * s.state_size(),
                                                kState, kSlice, thread);
            if (thread < kDecayFloats / 4)
                copy_async16(stage.decays + thread * 4,
                             decays_at(decays, s, sequence, chunk, slice / s.slicesPerHead) + thread * 4);
        }
        copy_async_commit();
    };

    {
        bf16* b = reinterpret_cast<bf16*>(shared.stages);
        copy_tile<kChunk, kState, kAllThreads>(shared.c, a.in.c + row0 * a.in.cStride + group * kState, a.in.cStride, count);
        copy_tile<kChunk, kState, kAllThreads>(b, a.in.b + row0 * a.in.bStride + group * kState, a.in.bStride, count);
        copy_async_commit();
        copy_async_wait<0>();
        __syncthreads();
        for (int pair = threadIdx.x / kWarp; pair < kPairs; pair += kAllThreads / kWarp) {
            int j = 0, i = pair;
            while (i >= kBlocks - j) i -= kBlocks - j, j++;
            i += j;
            float g[2][4] = {};
#pragma unroll 4
            for (int k = 0; k < kState / 16; k++) {
                uint32_t left[4], right[4];
                load_left<kState>(left, shared.c, i * 16, k);
                load_right_transposed<kState>(right, b, j * 16, k);
                mma16816(g[0], left, right[0], right[1]);
                mma16816(g[1], left, right[2], right[3]);
            }
            shared.products[pair][lane] = make_uint4(pack_bf16(g[0][0], g[0][1]), pack_bf16(g[0][2], g[0][3]),
                                                     pack_bf16(g[1][0], g[1][1]), pack_bf16(g[1][2], g[1][3]));
        }
        __syncthreads();
    }
    load(ofHeads);

    int token[2][2], seen[2][2];  // seen: how many earlier tokens of the chunk are of the same document
#pragma unroll
    for (int m = 0; m < 2; m++)
#pragma unroll
        for (int r = 0; r < 2; r++) {
            token[m][r] = blocks[m] * 16 + lane / 4 + 8 * r;
            seen[m][r] = token[m][r] - max(start_in_chunk(a.documentStart, s, sequence, chunk, token[m][r]), 0);
        }
    bool carries = start_in_chunk(a.documentStart, s, sequence, chunk, 0) < 0;

    for (int i = ofHeads; i < perBlock; i += kGroups) {
        load(i + kGroups);
        copy_async_wait<1>();
        group_barrier(ofHeads);
        const auto& stage = shared.stages[ofHeads][i / kGroups % 2];
        int slice = firstSlice + i;
        constexpr int kColumns = kSlice / 2;
        float y[2][kColumns / 8][4] = {}, cs[2][2];
#pragma unroll
        for (int m = 0; m < 2; m++)
#pragma unroll
            for (int r = 0; r < 2; r++) cs[m][r] = stage.decays[kCs * kChunk + token[m][r]];
        if (carries) {
#pragma unroll 2
            for (int k = 0; k < kState / 16; k++) {
                uint32_t right[kColumns / 16][4];
#pragma unroll
                for (int n = 0; n < kColumns / 16; n++)
                    load_right_transposed<kState>(right[n], stage.state, half * kColumns + n * 16, k);
#pragma unroll
                for (int m = 0; m < 2; m++) {
                    uint32_t left[4];
                    load_left<kState>(left, shared.c, blocks[m] * 16, k);
#pragma unroll
                    for (int n = 0; n < kColumns / 16; n++) {
                        mma16816(y[m][2 * n], left, right[n][0], right[n][1]);
                        mma16816(y[m][2 * n + 1], left, right[n][2], right[n][3]);
                    }
                }
            }
#pragma unroll
            for (int m = 0; m < 2; m++)
#pragma unroll
                for (int r = 0; r < 2; r++) {
                    float e = stage.decays[kE * kChunk + token[m][r]];
#pragma unroll
                    for (int n = 0; n < kColumns / 8; n++) y[m][n][2 * r] *= e, y[m][n][2 * r + 1] *= e;
                }
        }
#pragma unroll
        for (int j = 0; j < kBlocks; j++) {
            if (j > blocks[0]) continue;
            uint32_t right[kColumns / 16][4];
#pragma unroll
            for (int n = 0; n < kColumns / 16; n++) load_right<kSlice>(right[n], stage.x, j * 16, half * 2 + n);
            float2 other[2], dt[2];
#pragma unroll
            for (int c = 0; c < 2; c++) {
                int at = j * 16 + c * 8 + lane % 4 * 2;
                other[c] = *reinterpret_cast<const float2*>(stage.decays + kCs * kChunk + at);
                dt[c] = *reinterpret_cast<const float2*>(stage.decays + kDt * kChunk + at);
            }
#pragma unroll
            for (int m = 0; m < 2; m++) {
                if (m == 1 && (j >= kBlocks / 2 || j > blocks[1])) continue;
                uint4 packed = shared.products[pair_index(j, blocks[m])][lane];
                uint32_t left[4] = {packed.x, packed.y, packed.z, packed.w};
#pragma unroll
                for (int c = 0; c < 2; c++)
#pragma unroll
                    for (int r = 0; r < 2; r++) {
                        float2 g = unpack_bf16(left[2 * c + r]);
                        // One comparison for: not later, and of the same document.
                        unsigned earlier = token[m][r] - (j * 16 + c * 8 + lane % 4 * 2);
                        unsigned within = seen[m][r];
                        float l0 = earlier <= within ? exp2_fast(fminf(cs[m][r] - other[c].x, 0.f)) : 0.f;
                        float l1 = earlier - 1 <= within ? exp2_fast(fminf(cs[m][r] - other[c].y, 0.f)) : 0.f;
                        left[2 * c + r] = pack_bf16(g.x * l0 * dt[c].x, g.y * l1 * dt[c].y);
                    }
#pragma unroll
                for (int n = 0; n < kColumns / 16; n++) {
                    mma16816(y[m][2 * n], left, right[n][0], right[n][1]);
                    mma16816(y[m][2 * n + 1], left, right[n][2], right[n][3]);
                }
            }
        }
        bf16* ofChunk = a.y + row0 * a.yStride;
        float skip = a.in.dSkip[slice / s.slicesPerHead];
#pragma unroll
        for (int m = 0; m < 2; m++) {
#pragma unroll
            for (int k = 0; k < kColumns / 16; k++) {
                uint32_t x[4];
                load_left<kSlice>(x, stage.x, blocks[m] * 16, half * 2 + k);
#pragma unroll
                for (int q = 0; q < 4; q++) {
                    float2 pair = unpack_bf16(x[q]);
                    y[m][2 * k + q / 2][q % 2 * 2] += skip * pair.x;
                    y[m][2 * k + q / 2][q % 2 * 2 + 1] += skip * pair.y;
                }
            }
#pragma unroll
            for (int r = 0; r < 2; r++) {
                Vec8<bf16> out;
                out.raw = accumulator_columns(y[m], 0, r);
                int column = slice * kSlice + half * kColumns + lane % 4 * 8;
                if (token[m][r] < count) out.store(ofChunk + token[m][r] * a.yStride + column);
            }
        }
        group_barrier(ofHeads);
    }
    copy_async_wait<0>();
}

// Blocks per chunk and group, so that all together fill the card; more of them compute C B^T again.
int splits_of(const Sizes& s) {
    int perGroup = s.slices / s.nGroups, splits = 1;
    while (s.batch * s.chunks * s.nGroups * splits < 200 && perGroup % (2 * splits) == 0) splits *= 2;
    return splits;
}

template <int kState, int kGroups>
cudaError_t outputs(cudaStream_t stream, const Sizes& s, const ScanForward<bf16>& a, const float* decays,
                    const bf16* states) {
    constexpr size_t kBytes = sizeof(Shared<kState, kGroups>);
    cudaError_t status = allow_shared_memory<outputs_kernel<kState, kGroups>>(kBytes);
    if (status != cudaSuccess) return status;
    int splits = splits_of(s);
    dim3 grid(s.nGroups * splits, s.batch * s.chunks);
    outputs_kernel<kState, kGroups><<<grid, kThreads * kGroups, kBytes, stream>>>(s, a, decays, states, splits);
    return cudaGetLastError();
}

struct Parts {
    bf16* states;
    float* decays;
    float* segmentStates;
};

Parts parts_of(const Sizes& s, ScanArena& arena) {
    Parts parts;
    parts.states = arena.take<bf16>(static_cast<size_t>(s.index(s.batch, 0, 0)) * s.state_size());
    parts.decays = arena.take<float>(static_cast<size_t>(s.batch) * s.chunks * s.nHeads * kDecayFloats);
    parts.segmentStates = arena.take<float>(walk_workspace_floats(s));
    return parts;
}

}  // namespace
}  // namespace scan

using namespace scan;

size_t mma_scan_forward_block_memory(const ScanShape& shape) {
    size_t outputs = shape.dState == 64    ? sizeof(Shared<64, 1>)
                     : shape.dState == 128 ? sizeof(Shared<128, 1>)
                                           : sizeof(Shared<256, 1>);
    return std::max(outputs, walk_block_memory());
}

size_t mma_scan_memory_bytes(const ScanShape& shape) {
    Sizes s(shape);
    return static_cast<size_t>(s.index(s.batch, 0, 0)) * s.state_size() * sizeof(bf16);
}

size_t mma_scan_forward_workspace_bytes(const ScanShape& shape) {
    ScanArena arena(nullptr);
    parts_of(Sizes(shape), arena);
    return arena.used();
}

cudaError_t mma_scan_forward(cudaStream_t stream, size_t blockMemory, const ScanForward<bf16>& a) {
    Sizes s(a.shape);
    ScanArena arena(a.workspace);
    Parts parts = parts_of(s, arena);
    bf16* states = a.memory != nullptr ? static_cast<bf16*>(a.memory) : parts.states;
    cudaError_t status = prepare_decays(stream, s, a.in, a.documentStart, a.biasedStart, parts.decays);
    if (status != cudaSuccess) return status;
    StateWalk walk{a.in.x,       a.in.xStride, a.in.b, a.in.bStride, parts.decays, states,
                   a.finalState, parts.segmentStates};
    status = walk_states<false>(stream, s, walk);
    if (status != cudaSuccess) return status;
    if (s.dState == 256) return outputs<256, 1>(stream, s, a, parts.decays, states);
    // The same numbers either way: heads do not know of each other.
    if (s.dState == 64) {
        return sizeof(Shared<64, 2>) <= blockMemory ? outputs<64, 2>(stream, s, a, parts.decays, states)
                                                    : outputs<64, 1>(stream, s, a, parts.decays, states);
    }
    return sizeof(Shared<128, 2>) <= blockMemory ? outputs<128, 2>(stream, s, a, parts.decays, states)
                                                 : outputs<128, 1>(stream, s, a, parts.decays, states);
}

}  // namespace peregrine
