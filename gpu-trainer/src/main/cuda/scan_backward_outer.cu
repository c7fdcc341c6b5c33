// Backward scan, what passes through the states: dB and dC. The derivation is in scan_backward.cuh.
//
// A warp owns 16 tokens, i for dC and j for dB, and kPart state numbers (128, or 64 where there are no more), summed over
// heads in kPart / 2 registers. The part of C of
// dcs is taken per head, of the float product before it is added: <C_i, e_i dY_i S_before>.
// Floor: dy and S_before, or x and dS_after, once; 2 dHead dState FLOPs per token and head for each of the two.
#include "scan_backward.cuh"
#include "shared_memory.cuh"

namespace peregrine::scan {
namespace {

constexpr int kWarps = kBlocks, kThreads = kWarps * kWarp;

template <int kPart>
struct OuterShared {
    bf16 other[kChunk * kPart];  // C, for the dots; at the end B for dC and C for dB
    struct Stage {
        bf16 rows[kChunk * kSlice];
        bf16 state[kSlice * kPart];
        float decays[kDecayFloats];
    } stages[2];
    static_assert(sizeof(stages) >= kChunk * kChunk * sizeof(bf16), "dG lies there behind the last head");
};

// kOfC: dC = dG B + sum e o (dY S_before), else dB = dG^T C + sum (w dt) o (x dS_after).
template <bool kOfC, int kPart>
__global__ void __launch_bounds__(kThreads, 2)
    outer_kernel(const Sizes s, const ScanBackward<bf16> a, const BackwardParts parts, const bf16* states, int splits) {
    extern __shared__ __align__(128) char raw[];
    OuterShared<kPart>& shared = *reinterpret_cast<OuterShared<kPart>*>(raw);
    int chunk = blockIdx.y % s.chunks, sequence = blockIdx.y / s.chunks;
    int stateParts = s.dState / kPart, part = blockIdx.x % stateParts, ofGroup = blockIdx.x / stateParts;
    int group = ofGroup / splits, split = ofGroup % splits, perBlock = s.slices / s.nGroups / splits;
    int firstSlice = ofGroup * perBlock;
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int block = warp < kWarps / 2 ? warp : kWarps + kWarps / 2 - 1 - warp;
    int position = chunk * kChunk, count = min(kChunk, s.seqLen - position);
    int64_t row0 = static_cast<int64_t>(sequence) * s.seqLen + position;
    const bf16* rows = kOfC ? a.dy : a.in.x;
    int64_t rowStride = kOfC ? a.dyStride : a.in.xStride;
    const bf16* b = a.in.b + row0 * a.in.bStride + group * s.dState + part * kPart;
    const bf16* c = a.in.c + row0 * a.in.cStride + group * s.dState + part * kPart;

    auto load = [&](int i) {
        if (i < perBlock) {
            int slice = firstSlice + i;
            auto& stage = shared.stages[i % 2];
            copy_tile<kChunk, kSlice, kThreads>(stage.rows, rows + row0 * rowStride + slice * kSlice, rowStride, count);
            copy_tile<kSlice, kPart, kThreads>(
                stage.state,
                (kOfC ? states : parts.dStates) + s.index(sequence, chunk, slice) * s.state_size() + part * kPart,
                s.dState, kSlice);
            if (threadIdx.x < kDecayFloats / 4)
                copy_async16(stage.decays + threadIdx.x * 4,
                             decays_at(parts.decays, s, sequence, chunk, slice / s.slicesPerHead) + threadIdx.x * 4);
        }
        copy_async_commit();
    };
    copy_tile<kChunk, kPart, kThreads>(shared.other, c, a.in.cStride, count);
    load(0);

    int token[2] = {block * 16 + lane / 4, block * 16 + lane / 4 + 8};
    float sum[kPart / 8][4] = {};
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
        for (int n = 0; n < kPart / 16; n++) {
            float product[2][4] = {};
#pragma unroll
            for (int k = 0; k < kSlice / 16; k++) {
                uint32_t right[4];
                load_right<kPart>(right, stage.state, k * 16, n);
                mma16816(product[0], left[k], right[0], right[1]);
                mma16816(product[1], left[k], right[2], right[3]);
            }
            if constexpr (kOfC) {
                uint32_t cs[4];
                load_left<kPart>(cs, shared.other, block * 16, n);
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
    if constexpr (kOfC) copy_tile<kChunk, kPart, kThreads>(shared.other, b, a.in.bStride, count);
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
        for (int n = 0; n < kPart / 16; n++) {
            uint32_t right[4];
            load_right<kPart>(right, shared.other, k * 16, n);
            mma16816(sum[2 * n], left, right[0], right[1]);
            mma16816(sum[2 * n + 1], left, right[2], right[3]);
        }
    }

    int column = group * s.dState + part * kPart;
    if (splits == 1) {
        bf16* out = kOfC ? a.dc : a.db;
        int64_t stride = kOfC ? a.dcStride : a.dbStride;
#pragma unroll
        for (int columns = 0; columns < kPart / 32; columns++)
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
    for (int n = 0; n < kPart / 8; n++)
#pragma unroll
        for (int r = 0; r < 2; r++)
            if (token[r] < count)
                *reinterpret_cast<float2*>(out + static_cast<int64_t>(token[r]) * width + n * 8) =
                    make_float2(sum[n][2 * r], sum[n][2 * r + 1]);
}

template <bool kOfC, int kPart>
cudaError_t outer(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const BackwardParts& parts,
                  const bf16* states, int splits) {
    constexpr size_t kBytes = sizeof(OuterShared<kPart>);
    cudaError_t status = allow_shared_memory<outer_kernel<kOfC, kPart>>(kBytes);
    if (status != cudaSuccess) return status;
    dim3 grid(s.nGroups * splits * s.state_parts(), s.batch * s.chunks);
    outer_kernel<kOfC, kPart><<<grid, kThreads, kBytes, stream>>>(s, a, parts, states, splits);
    return cudaGetLastError();
}

template <int kPart>
cudaError_t both(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const BackwardParts& parts,
                 const bf16* states, int splits) {
    cudaError_t status = outer<true, kPart>(stream, s, a, parts, states, splits);
    return status == cudaSuccess ? outer<false, kPart>(stream, s, a, parts, states, splits) : status;
}

}  // namespace

size_t outer_block_memory(int dState) {
    return dState == 64 ? sizeof(OuterShared<64>) : sizeof(OuterShared<kStatePart>);
}

cudaError_t launch_outer(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const BackwardParts& parts,
                         const bf16* states, int splits) {
    return s.dState == 64 ? both<64>(stream, s, a, parts, states, splits)
                          : both<kStatePart>(stream, s, a, parts, states, splits);
}

}  // namespace peregrine::scan
