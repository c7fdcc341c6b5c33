// Backward scan, products between the tokens of a chunk: dX, dx, dG, and of dcs all but the part of C. The derivation is in
// scan_backward.cuh.
//
// All is transposed: a warp owns 16 tokens j and walks over the tokens i >= j in blocks of 16. Two warps share the same
// tokens: one computes R^T and from it dG^T (64 registers over all heads), the sums over M and dD, the other dX. So 16
// warps fit, each with its accumulators in 128 registers, at the price of L computed twice.
// Floor: x, dy, dS_after and S_before read and dx written once; 2 dHead (2 * 64 + dState) FLOPs per token and head.
#include "scan_backward.cuh"
#include "shared_memory.cuh"

namespace peregrine::scan {
namespace {

constexpr int kWarps = kBlocks, kInnerThreads = 2 * kWarps * kWarp;

// Sum over the 8 lanes of a column's rows of v[0..3]; lane gets column 2 (lane % 4) + (lane / 16) % 2 + 8 ((lane / 8) % 2)
// of v = {column 0, column 1, column 8, column 9} relative to 2 (lane % 4), in half of the lanes twice.
__device__ __forceinline__ float column_sums(const float (&v)[4]) {
    int lane = threadIdx.x % kWarp;
    bool upper = lane & 16;
    float a = upper ? v[1] : v[0], b = upper ? v[3] : v[2];
    a += __shfl_xor_sync(kFullWarp, upper ? v[0] : v[1], 16);
    b += __shfl_xor_sync(kFullWarp, upper ? v[2] : v[3], 16);
    upper = lane & 8;
    float c = upper ? b : a;
    c += __shfl_xor_sync(kFullWarp, upper ? a : b, 8);
    return c + __shfl_xor_sync(kFullWarp, c, 4);
}

template <int kState>
struct InnerShared {
    bf16 b[kChunk * kState];
    struct Stage {
        bf16 x[kChunk * kSlice];
        bf16 dy[kChunk * kSlice];
        bf16 dState[kSlice * kState];
        float decays[kDecayFloats];
    } stages[2];
    static_assert(sizeof(stages) >= sizeof(b), "C lies there before the first head");
    uint4 products[kPairs][kWarp];  // G^T = B C^T in blocks, each lane's part of a left operand
    float rowSums[kWarps][kChunk];
    float columnSums[kChunk];
    float ofState[kChunk];
    float carried[2 * kWarps];
    float dSkip[kWarps];
    unsigned starts[kChunk / kWarp];  // a bit per token that begins a document
};

template <int kState>
__global__ void __launch_bounds__(kInnerThreads, 1)
    inner_kernel(const Sizes s, const ScanBackward<bf16> a, const BackwardParts parts, const bf16* states, int splits) {
    extern __shared__ __align__(128) char raw[];
    InnerShared<kState>& shared = *reinterpret_cast<InnerShared<kState>*>(raw);
    int chunk = blockIdx.y % s.chunks, sequence = blockIdx.y / s.chunks;
    int group = blockIdx.x / splits, perBlock = s.slices / s.nGroups / splits, firstSlice = blockIdx.x * perBlock;
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    bool forScores = warp < kWarps;
    // Warps with the same remainder by 4 share a quarter of the multiprocessor: their blocks add up to nine per role.
    int block = warp % kWarps;
    if (block >= kWarps / 2) block = kWarps + kWarps / 2 - 1 - block;
    int position = chunk * kChunk, count = min(kChunk, s.seqLen - position);
    int64_t row0 = static_cast<int64_t>(sequence) * s.seqLen + position;

    auto load = [&](int i) {
        if (i < perBlock) {
            int slice = firstSlice + i;
            auto& stage = shared.stages[i % 2];
            copy_tile<kChunk, kSlice, kInnerThreads>(stage.x, a.in.x + row0 * a.in.xStride + slice * kSlice, a.in.xStride,
                                                     count);
            copy_tile<kChunk, kSlice, kInnerThreads>(stage.dy, a.dy + row0 * a.dyStride + slice * kSlice, a.dyStride, count);
            copy_tile<kSlice, kState, kInnerThreads>(
                stage.dState, parts.dStates + s.index(sequence, chunk, slice) * s.state_size(), kState, kSlice);
            if (threadIdx.x < kDecayFloats / 4)
                copy_async16(stage.decays + threadIdx.x * 4,
                             decays_at(parts.decays, s, sequence, chunk, slice / s.slicesPerHead) + threadIdx.x * 4);
        }
        copy_async_commit();
    };

    {
        bf16* c = reinterpret_cast<bf16*>(shared.stages);
        copy_tile<kChunk, kState, kInnerThreads>(shared.b, a.in.b + row0 * a.in.bStride + group * kState, a.in.bStride, count);
        copy_tile<kChunk, kState, kInnerThreads>(c, a.in.c + row0 * a.in.cStride + group * kState, a.in.cStride, count);
        copy_async_commit();
        if (threadIdx.x < kChunk) {
            unsigned starts = __ballot_sync(
                kFullWarp, start_in_chunk(a.documentStart, s, sequence, chunk, threadIdx.x) == threadIdx.x);
            if (lane == 0) shared.starts[threadIdx.x / kWarp] = starts;
        }
        copy_async_wait<0>();
        __syncthreads();
        // The two warps of a block of rows take every other block of columns.
        for (int i = block + !forScores; i < kWarps; i += 2) {
            float g[2][4] = {};
#pragma unroll 2
            for (int k = 0; k < kState / 16; k++) {
                uint32_t left[4], right[4];
                load_left<kState>(left, shared.b, block * 16, k);
                load_right_transposed<kState>(right, c, i * 16, k);
                mma16816(g[0], left, right[0], right[1]);
                mma16816(g[1], left, right[2], right[3]);
            }
            shared.products[pair_index(block, i)][lane] =
                make_uint4(pack_bf16(g[0][0], g[0][1]), pack_bf16(g[0][2], g[0][3]), pack_bf16(g[1][0], g[1][1]),
                           pack_bf16(g[1][2], g[1][3]));
        }
        __syncthreads();
    }
    load(0);

    int token[2], seen[2];  // seen: how many later tokens of the chunk are of the same document
#pragma unroll
    for (int r = 0; r < 2; r++) {
        token[r] = block * 16 + lane / 4 + 8 * r;
        int end = kChunk;
        for (int word = kChunk / kWarp - 1; word >= 0; word--) {
            int next = token[r] + 1 - word * kWarp;  // the first later token, as a bit of this word
            unsigned bits = next >= kWarp ? 0 : shared.starts[word] & (next > 0 ? kFullWarp << next : kFullWarp);
            if (bits != 0) end = word * kWarp + __ffs(bits) - 1;
        }
        seen[r] = end - 1 - token[r];
    }
    // L of this lane's two rows in the columns at, at + 1 (c) of a block.
    auto decay = [&](int r, int later, float cs, float other) {
        return static_cast<unsigned>(later) <= static_cast<unsigned>(seen[r]) ? exp2_fast(fminf(other - cs, 0.f)) : 0.f;
    };
    // The two roles in turn over the heads, each in a loop of its own, so that neither holds the other's accumulators.
    auto over_heads = [&](auto&& work) {
        for (int h = 0; h < perBlock; h++) {
            int slice = firstSlice + h, head = slice / s.slicesPerHead;
            constexpr int kOwnVectors = kSlice * kState / 8 / kInnerThreads;
            Vec8<bf16> before[kOwnVectors];
#pragma unroll
            for (int i = 0; i < kOwnVectors; i++)
                before[i].load(states + s.index(sequence, chunk, slice) * s.state_size() +
                               (i * kInnerThreads + threadIdx.x) * 8);
            load(h + 1);
            copy_async_wait<1>();
            __syncthreads();
            const auto& stage = shared.stages[h % 2];
            const float* decays = stage.decays;

            // e_last <dS_after, S_before>, where the state is carried at all.
            float carried = 0, f = decays[kE * kChunk + kChunk - 1];
#pragma unroll
            for (int i = 0; i < kOwnVectors; i++) {
                int at = i * kInnerThreads + threadIdx.x;
                Vec8<bf16> gradient;
                gradient.load(stage.dState + tile_at<kState>(at / (kState / 8), at % (kState / 8)));
                float left[8], right[8];
                before[i].get(left), gradient.get(right);
#pragma unroll
                for (int c = 0; c < 8; c++) carried = fmaf(left[c], right[c], carried);
            }
            carried = warp_sum(carried);
            if (lane == 0) shared.carried[warp] = f != 0 ? f * carried : 0.f;

            float cs[2] = {decays[kCs * kChunk + token[0]], decays[kCs * kChunk + token[1]]};
            float dt[2] = {decays[kDt * kChunk + token[0]], decays[kDt * kChunk + token[1]]};
            int64_t tokens = s.index(sequence, chunk, slice) * kChunk;
            work(stage, slice, head, tokens, cs, dt);
            __syncthreads();
            if (threadIdx.x < kChunk) {
                int t = threadIdx.x;
                float dcs = -(shared.columnSums[t] + shared.ofState[t]);
                for (int j = 0; j <= t / 16; j++) dcs += shared.rowSums[j][t];
                // What goes to the last token's: over the warp that has it.
                float ofState = 0;
                if (t / kWarp == kChunk / kWarp - 1) {
                    for (int i = lane; i < kChunk; i += kWarp) ofState += shared.ofState[i];
                    ofState = warp_sum(ofState + (lane < 2 * kWarps ? shared.carried[lane] : 0.f));
                    float dSkip = warp_sum(lane < kWarps ? shared.dSkip[lane] : 0.f);
                    if (t == kChunk - 1) {
                        dcs += ofState;
                        parts.dSkip[s.index(sequence, chunk, slice)] = dSkip;
                    }
                }
                parts.dcs[tokens + t] = dcs;
            }
        }
        copy_async_wait<0>();
    };
    using Stage = typename InnerShared<kState>::Stage;

    if (forScores) {
        float dG[2 * kWarps][4] = {};
        over_heads([&](const Stage& stage, int, int, int64_t, const float(&cs)[2], const float(&dt)[2]) {
            const float* decays = stage.decays;
            uint32_t x[kSlice / 16][4];
#pragma unroll
            for (int k = 0; k < kSlice / 16; k++) load_left<kSlice>(x[k], stage.x, block * 16, k);
            float columnSum[2] = {}, dSkip = 0;
#pragma unroll
            for (int i = 0; i < kWarps; i++) {
                if (i < block) continue;
                float rT[2][4] = {};
#pragma unroll
                for (int k = 0; k < kSlice / 16; k++) {
                    uint32_t right[4];
                    load_right_transposed<kSlice>(right, stage.dy, i * 16, k);
                    mma16816(rT[0], x[k], right[0], right[1]);
                    mma16816(rT[1], x[k], right[2], right[3]);
                }
                uint4 packed = shared.products[pair_index(block, i)][lane];
                uint32_t products[4] = {packed.x, packed.y, packed.z, packed.w};
                float rowSum[4] = {};
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    int at = i * 16 + half * 8 + lane % 4 * 2;
                    float2 other = *reinterpret_cast<const float2*>(decays + kCs * kChunk + at);
#pragma unroll
                    for (int r = 0; r < 2; r++) {
                        float2 g = unpack_bf16(products[2 * half + r]);
#pragma unroll
                        for (int c = 0; c < 2; c++) {
                            int later = at + c - token[r];
                            float value = rT[half][2 * r + c];
                            if (i == block && later == 0) dSkip += value;
                            float lr = decay(r, later, cs[r], c == 0 ? other.x : other.y) * dt[r] * value;
                            dG[2 * i + half][2 * r + c] += lr;
                            float m = i == block && later == 0 ? 0.f : (c == 0 ? g.x : g.y) * lr;
                            rowSum[2 * half + c] += m;
                            columnSum[r] += m;
                        }
                    }
                }
                float sum = column_sums(rowSum);
                if ((lane & 4) == 0) shared.rowSums[block][i * 16 + lane % 4 * 2 + lane / 16 + (lane & 8)] = sum;
            }
            dSkip = warp_sum(dSkip);
            if (lane == 0) shared.dSkip[warp] = dSkip;
#pragma unroll
            for (int r = 0; r < 2; r++) {
                float sum = quad_sum(columnSum[r]);
                if (lane % 4 == 0) shared.columnSums[token[r]] = sum;
            }
        });
        bf16* to = parts.dG + ((static_cast<int64_t>(sequence) * s.chunks + chunk) * gridDim.x + blockIdx.x) * kChunk * kChunk;
#pragma unroll
        for (int columns = 0; columns < kChunk / 32; columns++)
#pragma unroll
            for (int r = 0; r < 2; r++) {
                uint4 out = accumulator_columns(dG, columns, r);
                *reinterpret_cast<uint4*>(to + token[r] * kChunk + columns * 32 + lane % 4 * 8) = out;
            }
    } else {
        over_heads([&](const Stage& stage, int slice, int head, int64_t tokens, const float(&cs)[2], const float(&dt)[2]) {
            const float* decays = stage.decays;
            float dX[kSlice / 8][4] = {};
#pragma unroll 2
            for (int k = 0; k < kState / 16; k++) {
                uint32_t left[4];
                load_left<kState>(left, shared.b, block * 16, k);
#pragma unroll
                for (int n = 0; n < kSlice / 16; n++) {
                    uint32_t right[4];
                    load_right_transposed<kState>(right, stage.dState, n * 16, k);
                    mma16816(dX[2 * n], left, right[0], right[1]);
                    mma16816(dX[2 * n + 1], left, right[2], right[3]);
                }
            }
            // <dX, x> of this lane's two rows, the same in the four lanes of a row.
            auto dot = [&](float (&sums)[2]) {
                sums[0] = sums[1] = 0;
#pragma unroll
                for (int k = 0; k < kSlice / 16; k++) {
                    uint32_t x[4];
                    load_left<kSlice>(x, stage.x, block * 16, k);
#pragma unroll
                    for (int q = 0; q < 4; q++) {
                        float2 pair = unpack_bf16(x[q]);
                        const float(&of)[4] = dX[2 * k + q / 2];
                        sums[q % 2] = fmaf(of[q % 2 * 2], pair.x, fmaf(of[q % 2 * 2 + 1], pair.y, sums[q % 2]));
                    }
                }
                sums[0] = quad_sum(sums[0]), sums[1] = quad_sum(sums[1]);
            };
            float w[2] = {decays[kW * kChunk + token[0]], decays[kW * kChunk + token[1]]}, sums[2];
#pragma unroll
            for (int n = 0; n < kSlice / 8; n++) dX[n][0] *= w[0], dX[n][1] *= w[0], dX[n][2] *= w[1], dX[n][3] *= w[1];
            dot(sums);
            if (lane % 4 == 0) shared.ofState[token[0]] = sums[0] * dt[0], shared.ofState[token[1]] = sums[1] * dt[1];

#pragma unroll
            for (int i = 0; i < kWarps; i++) {
                if (i < block) continue;
                uint4 packed = shared.products[pair_index(block, i)][lane];
                uint32_t left[4] = {packed.x, packed.y, packed.z, packed.w};
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    int at = i * 16 + half * 8 + lane % 4 * 2;
                    float2 other = *reinterpret_cast<const float2*>(decays + kCs * kChunk + at);
#pragma unroll
                    for (int r = 0; r < 2; r++) {
                        float2 g = unpack_bf16(left[2 * half + r]);
                        left[2 * half + r] = pack_bf16(g.x * decay(r, at - token[r], cs[r], other.x),
                                                       g.y * decay(r, at + 1 - token[r], cs[r], other.y));
                    }
                }
#pragma unroll
                for (int n = 0; n < kSlice / 16; n++) {
                    uint32_t right[4];
                    load_right<kSlice>(right, stage.dy, i * 16, n);
                    mma16816(dX[2 * n], left, right[0], right[1]);
                    mma16816(dX[2 * n + 1], left, right[2], right[3]);
                }
            }
            dot(sums);
            if (lane % 4 == 0) parts.direct[tokens + token[0]] = sums[0], parts.direct[tokens + token[1]] = sums[1];

            float skip = a.in.dSkip[head];
#pragma unroll
            for (int k = 0; k < kSlice / 16; k++) {
                uint32_t dy[4];
                load_left<kSlice>(dy, stage.dy, block * 16, k);
#pragma unroll
                for (int q = 0; q < 4; q++) {
                    float2 pair = unpack_bf16(dy[q]);
                    float& low = dX[2 * k + q / 2][q % 2 * 2];
                    float& high = dX[2 * k + q / 2][q % 2 * 2 + 1];
                    low = fmaf(dt[q % 2], low, skip * pair.x);
                    high = fmaf(dt[q % 2], high, skip * pair.y);
                }
            }
#pragma unroll
            for (int columns = 0; columns < kSlice / 32; columns++)
#pragma unroll
                for (int r = 0; r < 2; r++) {
                    uint4 out = accumulator_columns(dX, columns, r);
                    if (token[r] < count)
                        *reinterpret_cast<uint4*>(a.dx + (row0 + token[r]) * a.dxStride + slice * kSlice + columns * 32 +
                                                  lane % 4 * 8) = out;
                }
        });
    }
}

template <int kState>
cudaError_t inner(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const BackwardParts& parts,
                  const bf16* states, int splits) {
    cudaError_t status = allow_shared_memory<inner_kernel<kState>>(sizeof(InnerShared<kState>));
    if (status != cudaSuccess) return status;
    dim3 grid(s.nGroups * splits, s.batch * s.chunks);
    inner_kernel<kState><<<grid, kInnerThreads, sizeof(InnerShared<kState>), stream>>>(s, a, parts, states, splits);
    return cudaGetLastError();
}

}  // namespace

size_t inner_block_memory(int dState) {
    switch (dState) {
        case 64: return sizeof(InnerShared<64>);
        case 128: return sizeof(InnerShared<128>);
        default: return sizeof(InnerShared<256>);
    }
}

cudaError_t launch_inner(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const BackwardParts& parts,
                         const bf16* states, int splits) {
    switch (s.dState) {
        case 64: return inner<64>(stream, s, a, parts, states, splits);
        case 128: return inner<128>(stream, s, a, parts, states, splits);
        default: return inner<256>(stream, s, a, parts, states, splits);
    }
}

}  // namespace peregrine::scan
