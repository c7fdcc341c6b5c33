// The scan's outputs on mma.sync: Y = (G o L) X + e o (C S_before^T) + D x, and the gate. See scan_tiles.cuh.
//
// A block owns a chunk of one sequence and walks over heads: C B^T is computed once and stays in registers, as does not a
// byte of B; C stays in shared memory; the next head's x and state are copied while this one's are used. A warp owns 16
// tokens. Floor: x, the states and y once, 2 (2 dHead + dHead dState / 128) bytes per token and head, and
// 2 dHead (64 + dState) FLOPs.
#include "scan_tiles.cuh"

namespace peregrine {
namespace scan {
namespace {

constexpr int kWarps = kChunk / 16, kThreads = kWarps * kWarp;

template <int kState>
struct Shared {
    bf16 c[kChunk * kState];
    struct Stage {
        bf16 x[kChunk * kSlice];
        bf16 state[kSlice * kState];
        float decays[kDecayFloats];
    } stages[2];
    static_assert(sizeof(stages) >= sizeof(c), "B lies there before the first head");
};

template <int kState>
__global__ void __launch_bounds__(kThreads, kState == 128 ? 2 : 1)
    outputs_kernel(const Sizes s, const ScanForward<bf16> a, const float* decays, const bf16* states, int splits) {
    extern __shared__ __align__(128) char raw[];
    Shared<kState>& shared = *reinterpret_cast<Shared<kState>*>(raw);
    int chunk = blockIdx.y % s.chunks, sequence = blockIdx.y / s.chunks;
    int group = blockIdx.x / splits, perBlock = s.slices / s.nGroups / splits, firstSlice = blockIdx.x * perBlock;
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    // Warps w and w + 4 share a quarter of the multiprocessor: together they always have nine blocks of 16 x 16.
    int block = warp < kWarps / 2 ? warp : kWarps + kWarps / 2 - 1 - warp;
    int position = chunk * kChunk, count = min(kChunk, s.seqLen - position);
    int64_t row0 = static_cast<int64_t>(sequence) * s.seqLen + position;

    auto load = [&](int i) {
        if (i < perBlock) {
            int slice = firstSlice + i;
            auto& stage = shared.stages[i % 2];
            copy_tile<kChunk, kSlice, kThreads>(stage.x, a.in.x + row0 * a.in.xStride + slice * kSlice, a.in.xStride, count);
            copy_tile<kSlice, kState, kThreads>(stage.state, states + s.index(sequence, chunk, slice) * s.state_size(),
                                                kState, kSlice);
            if (threadIdx.x < kDecayFloats / 4)
                copy_async16(stage.decays + threadIdx.x * 4,
                             decays_at(decays, s, sequence, chunk, slice / s.slicesPerHead) + threadIdx.x * 4);
        }
        copy_async_commit();
    };

    // G = C B^T of this warp's 16 tokens, as left operands.
    uint32_t products[kWarps][4];
    {
        bf16* b = reinterpret_cast<bf16*>(shared.stages);
        copy_tile<kChunk, kState, kThreads>(shared.c, a.in.c + row0 * a.in.cStride + group * kState, a.in.cStride, count);
        copy_tile<kChunk, kState, kThreads>(b, a.in.b + row0 * a.in.bStride + group * kState, a.in.bStride, count);
        copy_async_commit();
        copy_async_wait<0>();
        __syncthreads();
        float g[2 * kWarps][4] = {};
#pragma unroll 2
        for (int k = 0; k < kState / 16; k++) {
            uint32_t left[4];
            load_left<kState>(left, shared.c, block * 16, k);
#pragma unroll
            for (int j = 0; j < kWarps; j++) {
                if (j > block) continue;
                uint32_t right[4];
                load_right_transposed<kState>(right, b, j * 16, k);
                mma16816(g[2 * j], left, right[0], right[1]);
                mma16816(g[2 * j + 1], left, right[2], right[3]);
            }
        }
#pragma unroll
        for (int j = 0; j < kWarps; j++)
#pragma unroll
            for (int i = 0; i < 4; i++) products[j][i] = pack_bf16(g[2 * j + i / 2][i % 2 * 2], g[2 * j + i / 2][i % 2 * 2 + 1]);
        __syncthreads();
    }
    load(0);

    int token[2], from[2];  // and the first token of the chunk that each of them sees
#pragma unroll
    for (int r = 0; r < 2; r++) {
        token[r] = block * 16 + lane / 4 + 8 * r;
        from[r] = max(start_in_chunk(a.documentStart, s, sequence, chunk, token[r]), 0);
    }
    bool carries = start_in_chunk(a.documentStart, s, sequence, chunk, 0) < 0;

    for (int i = 0; i < perBlock; i++) {
        load(i + 1);
        copy_async_wait<1>();
        __syncthreads();
        const auto& stage = shared.stages[i % 2];
        int slice = firstSlice + i;
        float y[kSlice / 8][4] = {};
        if (carries) {
#pragma unroll 2
            for (int k = 0; k < kState / 16; k++) {
                uint32_t left[4];
                load_left<kState>(left, shared.c, block * 16, k);
#pragma unroll
                for (int n = 0; n < kSlice / 16; n++) {
                    uint32_t right[4];
                    load_right_transposed<kState>(right, stage.state, n * 16, k);
                    mma16816(y[2 * n], left, right[0], right[1]);
                    mma16816(y[2 * n + 1], left, right[2], right[3]);
                }
            }
            float e0 = stage.decays[kE * kChunk + token[0]], e1 = stage.decays[kE * kChunk + token[1]];
#pragma unroll
            for (int n = 0; n < kSlice / 8; n++) y[n][0] *= e0, y[n][1] *= e0, y[n][2] *= e1, y[n][3] *= e1;
        }
        float cs[2] = {stage.decays[kCs * kChunk + token[0]], stage.decays[kCs * kChunk + token[1]]};
#pragma unroll
        for (int j = 0; j < kWarps; j++) {
            if (j > block) continue;
            uint32_t left[4];
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int at = j * 16 + half * 8 + lane % 4 * 2;
                float2 other = *reinterpret_cast<const float2*>(stage.decays + kCs * kChunk + at);
                float2 dt = *reinterpret_cast<const float2*>(stage.decays + kDt * kChunk + at);
#pragma unroll
                for (int r = 0; r < 2; r++) {
                    float2 g = unpack_bf16(products[j][2 * half + r]);
                    // One comparison for from <= at <= token.
                    unsigned seen = token[r] - from[r];
                    float l0 = static_cast<unsigned>(token[r] - at) <= seen ? exp2_fast(fminf(cs[r] - other.x, 0.f)) : 0.f;
                    float l1 =
                        static_cast<unsigned>(token[r] - at - 1) <= seen ? exp2_fast(fminf(cs[r] - other.y, 0.f)) : 0.f;
                    left[2 * half + r] = pack_bf16(g.x * l0 * dt.x, g.y * l1 * dt.y);
                }
            }
#pragma unroll
            for (int n = 0; n < kSlice / 16; n++) {
                uint32_t right[4];
                load_right<kSlice>(right, stage.x, j * 16, n);
                mma16816(y[2 * n], left, right[0], right[1]);
                mma16816(y[2 * n + 1], left, right[2], right[3]);
            }
        }
        float skip = a.in.dSkip[slice / s.slicesPerHead];
#pragma unroll
        for (int k = 0; k < kSlice / 16; k++) {
            uint32_t x[4];
            load_left<kSlice>(x, stage.x, block * 16, k);
#pragma unroll
            for (int q = 0; q < 4; q++) {
                float2 pair = unpack_bf16(x[q]);
                y[2 * k + q / 2][q % 2 * 2] += skip * pair.x;
                y[2 * k + q / 2][q % 2 * 2 + 1] += skip * pair.y;
            }
        }
#pragma unroll
        for (int columns = 0; columns < kSlice / 32; columns++)
#pragma unroll
            for (int r = 0; r < 2; r++) {
                Vec8<bf16> out;
                out.raw = accumulator_columns(y, columns, r);
                if (token[r] >= count) continue;
                int64_t row = row0 + token[r];
                int column = slice * kSlice + columns * 32 + lane % 4 * 8;
                out.store(a.y + row * a.yStride + column);
                if (a.z == nullptr) continue;
                Vec8<bf16> gates;
                gates.load(a.z + row * a.zStride + column);
                float values[8], gate[8];
                out.get(values);
                gates.get(gate);
#pragma unroll
                for (int c = 0; c < 8; c++) values[c] *= a.zScale * gate[c] * sigmoid(a.zScale * gate[c]);
                out.set(values);
                out.store(a.gated + row * a.gatedStride + column);
            }
        __syncthreads();
    }
    copy_async_wait<0>();
}

// Blocks per chunk and group, so that all together fill the card; more of them compute C B^T again.
int splits_of(const Sizes& s) {
    int perGroup = s.slices / s.nGroups, splits = 1;
    while (s.batch * s.chunks * s.nGroups * splits < 512 && perGroup % (2 * splits) == 0) splits *= 2;
    return splits;
}

template <int kState>
cudaError_t outputs(cudaStream_t stream, const Sizes& s, const ScanForward<bf16>& a, const float* decays,
                    const bf16* states) {
    static const cudaError_t raised = cudaFuncSetAttribute(
        outputs_kernel<kState>, cudaFuncAttributeMaxDynamicSharedMemorySize, sizeof(Shared<kState>));
    if (raised != cudaSuccess) return raised;
    int splits = splits_of(s);
    dim3 grid(s.nGroups * splits, s.batch * s.chunks);
    outputs_kernel<kState><<<grid, kThreads, sizeof(Shared<kState>), stream>>>(s, a, decays, states, splits);
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

size_t mma_scan_memory_bytes(const ScanShape& shape) {
    Sizes s(shape);
    return static_cast<size_t>(s.index(s.batch, 0, 0)) * s.state_size() * sizeof(bf16);
}

size_t mma_scan_forward_workspace_bytes(const ScanShape& shape) {
    ScanArena arena(nullptr);
    parts_of(Sizes(shape), arena);
    return arena.used();
}

cudaError_t mma_scan_forward(cudaStream_t stream, const ScanForward<bf16>& a) {
    Sizes s(a.shape);
    ScanArena arena(a.workspace);
    Parts parts = parts_of(s, arena);
    bf16* states = a.memory != nullptr ? static_cast<bf16*>(a.memory) : parts.states;
    cudaError_t status = prepare_decays(stream, s, a.in, a.documentStart, parts.decays);
    if (status != cudaSuccess) return status;
    StateWalk walk{a.in.x,       a.in.xStride, a.in.b, a.in.bStride, parts.decays, states,
                   a.finalState, parts.segmentStates};
    status = walk_states<false>(stream, s, walk);
    if (status != cudaSuccess) return status;
    return s.dState == 128 ? outputs<128>(stream, s, a, parts.decays, states)
                           : outputs<256>(stream, s, a, parts.decays, states);
}

}  // namespace peregrine
