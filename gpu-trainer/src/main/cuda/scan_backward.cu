// Gradients of the scan on mma.sync. See scan_tiles.cuh for G, L, e, w, and with X = dt x, dS_after the gradient of the
// state behind the chunk:
//
//   R = dY X^T                                dX  = (G o L)^T dY + w o (B dS_after^T)
//   dG = sum over heads of L o R              dC  = dG B + sum over heads of e o (dY S_before)
//   M = strictly lower part of G o L o R      dB  = dG^T C + sum over heads of w o (X dS_after)
//
//   dcs_i = sum_j M_ij - sum_j M_ji + <C_i, e_i dY_i S_before> - <B_i, w_i X_i dS_after>
//   dcs_last += sum_i <B_i, w_i X_i dS_after> + e_last <dS_after, S_before>
//   da_i = sum_{k >= i} dcs_k;   ddt = A da + <dX, x>;   dx = dt dX + D dY;   dA = sum dt da;   dD = sum <dY, x>
//
// The sums over M are taken of float tiles as they are computed: from the rounded dY, Y, X and dX the same number comes
// out of a cancellation, with errors beyond 100 %. <B_i, X_i dS> is taken as <X_i, B_i dS^T>, of the same rounded
// operands and a float sum, where that product is computed anyway.
//
// Three kernels per chunk of 128 tokens, which walk over heads with the next head's tiles on their way:
//   inner_kernel   a warp owns 16 tokens j: R^T, dX, dG^T (64 registers over all heads), and the parts of dcs
//   outer_kernel   a warp owns 16 tokens i (dC) or j (dB) and 128 state numbers, summed over heads in registers
//   finish_kernel  the sum from behind over dcs
// Where chunks are too few to fill the card, heads are split and dB, dC summed in float, in order.
#include "scan_tiles.cuh"

namespace peregrine {
namespace scan {
namespace {

constexpr int kWarps = kChunk / 16, kThreads = kWarps * kWarp;

struct Parts {
    float* decays;
    bf16* dStates;  // behind each chunk
    float* segmentStates;
    bf16* dG;          // (batch, chunks, nGroups * splits, 128 j, 128 i), transposed, blocks j <= i only
    float* dcs;        // (batch, chunks, slices, 128): without the part of C
    float* dcsOfC;     // (batch, chunks, dState / 128, slices, 128)
    float* direct;     // (batch, chunks, slices, 128): <dX, x>
    float* dSkip;      // (batch, chunks, slices)
    float* dA;         // (batch, chunks, nHeads)
    float* dbOfSplits;  // (splits, rows, nGroups * dState), where there are several
    float* dcOfSplits;
};

int splits_of(const Sizes& s) {
    int perGroup = s.slices / s.nGroups, splits = 1;
    while (s.batch * s.chunks * s.nGroups * splits < 100 && perGroup % (2 * splits) == 0) splits *= 2;
    return splits;
}

Parts parts_of(const Sizes& s, ScanArena& arena) {
    size_t chunks = static_cast<size_t>(s.batch) * s.chunks, splits = splits_of(s);
    size_t wide = splits == 1 ? 0 : splits * s.batch * s.seqLen * s.nGroups * s.dState;
    Parts parts;
    parts.decays = arena.take<float>(chunks * s.nHeads * kDecayFloats);
    parts.dStates = arena.take<bf16>(chunks * s.slices * s.state_size());
    parts.segmentStates = arena.take<float>(walk_workspace_floats(s));
    parts.dG = arena.take<bf16>(chunks * s.nGroups * splits * kChunk * kChunk);
    parts.dcs = arena.take<float>(chunks * s.slices * kChunk);
    parts.dcsOfC = arena.take<float>(chunks * s.slices * kChunk * (s.dState / kStatePart));
    parts.direct = arena.take<float>(chunks * s.slices * kChunk);
    parts.dSkip = arena.take<float>(chunks * s.slices);
    parts.dA = arena.take<float>(chunks * s.nHeads);
    parts.dbOfSplits = arena.take<float>(wide);
    parts.dcOfSplits = arena.take<float>(wide);
    return parts;
}

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

constexpr int kInnerThreads = 2 * kThreads;

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
    inner_kernel(const Sizes s, const ScanBackward<bf16> a, const Parts parts, const bf16* states, int splits) {
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

struct OuterShared {
    bf16 other[kChunk * kStatePart];  // C, for the dots; at the end B for dC and C for dB
    struct Stage {
        bf16 rows[kChunk * kSlice];
        bf16 state[kSlice * kStatePart];
        float decays[kDecayFloats];
    } stages[2];
    static_assert(sizeof(stages) >= kChunk * kChunk * sizeof(bf16), "dG lies there behind the last head");
};

// kOfC: dC = dG B + sum e o (dY S_before), else dB = dG^T C + sum (w dt) o (x dS_after).
template <bool kOfC>
__global__ void __launch_bounds__(kThreads, 2)
    outer_kernel(const Sizes s, const ScanBackward<bf16> a, const Parts parts, const bf16* states, int splits) {
    extern __shared__ __align__(128) char raw[];
    OuterShared& shared = *reinterpret_cast<OuterShared*>(raw);
    int chunk = blockIdx.y % s.chunks, sequence = blockIdx.y / s.chunks;
    int stateParts = s.dState / kStatePart, part = blockIdx.x % stateParts, ofGroup = blockIdx.x / stateParts;
    int group = ofGroup / splits, split = ofGroup % splits, perBlock = s.slices / s.nGroups / splits;
    int firstSlice = ofGroup * perBlock;
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int block = warp < kWarps / 2 ? warp : kWarps + kWarps / 2 - 1 - warp;
    int position = chunk * kChunk, count = min(kChunk, s.seqLen - position);
    int64_t row0 = static_cast<int64_t>(sequence) * s.seqLen + position;
    const bf16* rows = kOfC ? a.dy : a.in.x;
    int64_t rowStride = kOfC ? a.dyStride : a.in.xStride;
    const bf16* b = a.in.b + row0 * a.in.bStride + group * s.dState + part * kStatePart;
    const bf16* c = a.in.c + row0 * a.in.cStride + group * s.dState + part * kStatePart;

    auto load = [&](int i) {
        if (i < perBlock) {
            int slice = firstSlice + i;
            auto& stage = shared.stages[i % 2];
            copy_tile<kChunk, kSlice, kThreads>(stage.rows, rows + row0 * rowStride + slice * kSlice, rowStride, count);
            copy_tile<kSlice, kStatePart, kThreads>(
                stage.state,
                (kOfC ? states : parts.dStates) + s.index(sequence, chunk, slice) * s.state_size() + part * kStatePart,
                s.dState, kSlice);
            if (threadIdx.x < kDecayFloats / 4)
                copy_async16(stage.decays + threadIdx.x * 4,
                             decays_at(parts.decays, s, sequence, chunk, slice / s.slicesPerHead) + threadIdx.x * 4);
        }
        copy_async_commit();
    };
    copy_tile<kChunk, kStatePart, kThreads>(shared.other, c, a.in.cStride, count);
    load(0);

    int token[2] = {block * 16 + lane / 4, block * 16 + lane / 4 + 8};
    float sum[kStatePart / 8][4] = {};
    for (int h = 0; h < perBlock; h++) {
        load(h + 1);
        copy_async_wait<1>();
        __syncthreads();
        const auto& stage = shared.stages[h % 2];
        uint32_t left[kSlice / 16][4];
#pragma unroll
        for (int k = 0; k < kSlice / 16; k++) load_left<kSlice>(left[k], stage.rows, block * 16, k);
        float weight[2], dot[2] = {};
#pragma unroll
        for (int r = 0; r < 2; r++)
            weight[r] = kOfC ? stage.decays[kE * kChunk + token[r]]
                             : stage.decays[kW * kChunk + token[r]] * stage.decays[kDt * kChunk + token[r]];
#pragma unroll
        for (int n = 0; n < kStatePart / 16; n++) {
            float product[2][4] = {};
#pragma unroll
            for (int k = 0; k < kSlice / 16; k++) {
                uint32_t right[4];
                load_right<kStatePart>(right, stage.state, k * 16, n);
                mma16816(product[0], left[k], right[0], right[1]);
                mma16816(product[1], left[k], right[2], right[3]);
            }
            if constexpr (kOfC) {
                uint32_t cs[4];
                load_left<kStatePart>(cs, shared.other, block * 16, n);
#pragma unroll
                for (int q = 0; q < 4; q++) {
                    float2 pair = unpack_bf16(cs[q]);
                    dot[q % 2] = fmaf(product[q / 2][q % 2 * 2], pair.x,
                                      fmaf(product[q / 2][q % 2 * 2 + 1], pair.y, dot[q % 2]));
                }
            }
#pragma unroll
            for (int i = 0; i < 2; i++)
#pragma unroll
                for (int q = 0; q < 4; q++) sum[2 * n + i][q] = fmaf(weight[q / 2], product[i][q], sum[2 * n + i][q]);
        }
        if constexpr (kOfC) {
            float* to = parts.dcsOfC + (((static_cast<int64_t>(sequence) * s.chunks + chunk) * stateParts + part) * s.slices +
                                        firstSlice + h) * kChunk;
#pragma unroll
            for (int r = 0; r < 2; r++) {
                dot[r] = quad_sum(dot[r]) * weight[r];
                if (lane % 4 == 0) to[token[r]] = dot[r];
            }
        }
        __syncthreads();
    }

    bf16* dG = reinterpret_cast<bf16*>(shared.stages);
    if constexpr (kOfC) copy_tile<kChunk, kStatePart, kThreads>(shared.other, b, a.in.bStride, count);
    const bf16* from = parts.dG + ((static_cast<int64_t>(sequence) * s.chunks + chunk) * (s.nGroups * splits) + ofGroup) *
                                      kChunk * kChunk;
    copy_tile<kChunk, kChunk, kThreads>(dG, from, kChunk, kChunk);
    copy_async_commit();
    copy_async_wait<0>();
    __syncthreads();
#pragma unroll
    for (int k = 0; k < kWarps; k++) {
        if (kOfC ? k > block : k < block) continue;
        uint32_t left[4];
        if constexpr (kOfC)
            load_left_transposed<kChunk>(left, dG, k * 16, block);
        else
            load_left<kChunk>(left, dG, block * 16, k);
#pragma unroll
        for (int n = 0; n < kStatePart / 16; n++) {
            uint32_t right[4];
            load_right<kStatePart>(right, shared.other, k * 16, n);
            mma16816(sum[2 * n], left, right[0], right[1]);
            mma16816(sum[2 * n + 1], left, right[2], right[3]);
        }
    }

    int column = group * s.dState + part * kStatePart;
    if (splits == 1) {
        bf16* out = kOfC ? a.dc : a.db;
        int64_t stride = kOfC ? a.dcStride : a.dbStride;
#pragma unroll
        for (int columns = 0; columns < kStatePart / 32; columns++)
#pragma unroll
            for (int r = 0; r < 2; r++) {
                uint4 rounded = accumulator_columns(sum, columns, r);
                if (token[r] < count)
                    *reinterpret_cast<uint4*>(out + (row0 + token[r]) * stride + column + columns * 32 + lane % 4 * 8) =
                        rounded;
            }
        return;
    }
    int width = s.nGroups * s.dState;
    float* out = (kOfC ? parts.dcOfSplits : parts.dbOfSplits) +
                 (static_cast<int64_t>(split) * s.batch * s.seqLen + row0) * width + column + lane % 4 * 2;
#pragma unroll
    for (int n = 0; n < kStatePart / 8; n++)
#pragma unroll
        for (int r = 0; r < 2; r++)
            if (token[r] < count)
                *reinterpret_cast<float2*>(out + static_cast<int64_t>(token[r]) * width + n * 8) =
                    make_float2(sum[n][2 * r], sum[n][2 * r + 1]);
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
__global__ void __launch_bounds__(kThreads) finish_kernel(const Sizes s, const ScanBackward<bf16> a, const Parts parts) {
    __shared__ float results[kWarps][kChunk + 1];
    int chunk = blockIdx.y % s.chunks, sequence = blockIdx.y / s.chunks, firstHead = blockIdx.x * kWarps;
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, first = lane * 4;
    bool there = firstHead + warp < s.nHeads;
    int head = there ? firstHead + warp : s.nHeads - 1;
    int stateParts = s.dState / kStatePart, count = min(kChunk, s.seqLen - chunk * kChunk);
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
    sum_chunks_kernel(const Sizes s, const Parts parts, float* dALog, float* dDSkip) {
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

template <int kState>
cudaError_t inner(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const Parts& parts, const bf16* states,
                  int splits) {
    static const cudaError_t raised = cudaFuncSetAttribute(
        inner_kernel<kState>, cudaFuncAttributeMaxDynamicSharedMemorySize, sizeof(InnerShared<kState>));
    if (raised != cudaSuccess) return raised;
    dim3 grid(s.nGroups * splits, s.batch * s.chunks);
    inner_kernel<kState><<<grid, kInnerThreads, sizeof(InnerShared<kState>), stream>>>(s, a, parts, states, splits);
    return cudaGetLastError();
}

template <bool kOfC>
cudaError_t outer(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const Parts& parts, const bf16* states,
                  int splits) {
    static const cudaError_t raised =
        cudaFuncSetAttribute(outer_kernel<kOfC>, cudaFuncAttributeMaxDynamicSharedMemorySize, sizeof(OuterShared));
    if (raised != cudaSuccess) return raised;
    dim3 grid(s.nGroups * splits * (s.dState / kStatePart), s.batch * s.chunks);
    outer_kernel<kOfC><<<grid, kThreads, sizeof(OuterShared), stream>>>(s, a, parts, states, splits);
    return cudaGetLastError();
}

}  // namespace
}  // namespace scan

using namespace scan;

size_t mma_scan_backward_workspace_bytes(const ScanShape& shape) {
    ScanArena arena(nullptr);
    parts_of(Sizes(shape), arena);
    return arena.used();
}

cudaError_t mma_scan_backward(cudaStream_t stream, const ScanBackward<bf16>& a) {
    Sizes s(a.shape);
    ScanArena arena(a.workspace);
    Parts parts = parts_of(s, arena);
    const bf16* states = static_cast<const bf16*>(a.memory);
    int splits = splits_of(s);
    cudaError_t status = prepare_decays(stream, s, a.in, a.documentStart, parts.decays);
    if (status != cudaSuccess) return status;
    StateWalk walk{a.dy, a.dyStride, a.in.c, a.in.cStride, parts.decays, parts.dStates, nullptr, parts.segmentStates};
    status = walk_states<true>(stream, s, walk);
    if (status != cudaSuccess) return status;
    status = s.dState == 128 ? inner<128>(stream, s, a, parts, states, splits)
                             : inner<256>(stream, s, a, parts, states, splits);
    if (status != cudaSuccess) return status;

    status = outer<true>(stream, s, a, parts, states, splits);
    if (status != cudaSuccess) return status;
    status = outer<false>(stream, s, a, parts, states, splits);
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
