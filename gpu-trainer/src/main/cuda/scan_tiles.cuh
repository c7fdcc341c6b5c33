// The scan in chunks (SSD, arXiv 2405.21060 section 6): sizes, decays, tiles in shared memory and products on mma.sync.
//
// Within a chunk, per head, with cs_i = sum_{k <= i} (dt_k A + bias_k), X = dt x, and S_before the state in front of it:
//
//   G = C B^T                                    L_ij = [j <= i, same document] exp(cs_i - cs_j)
//   e_i = [i's document began before the chunk] exp(cs_i)        w_j = [j in the last token's document] exp(cs_last - cs_j)
//   Y = (G o L) X + e o (C S_before^T) + D x     S_after = e_last S_before + (w o X)^T B
//
// Masks are exact: what another document would add is multiplied by a zero that no exponential was taken for. bias_k is
// kResetBias where a biased document begins, else 0; only the decays know of it, and to all other kernels a sequence is one
// document then. Exponents are in base 2 and never positive. Channels are independent of each other, so a head of dHead
// channels is worked on as dHead / 64 "slices" of 64; a state of dState numbers per channel as parts of 128 (or one of 64)
// where it need not be whole.
#pragma once

#include "scan_arguments.cuh"

namespace peregrine::scan {

constexpr int kChunk = 128;      // tokens
constexpr int kSlice = 64;       // channels
constexpr int kStatePart = 128;  // state numbers, at most

struct Sizes {
    int batch, seqLen, nHeads, nGroups, dState;
    int slicesPerHead, slices;  // slices: of all heads
    int chunks;                 // per sequence

    __host__ __device__ explicit Sizes(const ScanShape& s)
        : batch(s.batch), seqLen(s.seqLen), nHeads(s.nHeads), nGroups(s.nGroups), dState(s.dState),
          slicesPerHead(s.dHead / kSlice), slices(s.nHeads * slicesPerHead), chunks(ceil_div(s.seqLen, kChunk)) {}

    __host__ __device__ int state_parts() const { return ceil_div(dState, kStatePart); }
    __host__ __device__ int64_t state_size() const { return static_cast<int64_t>(kSlice) * dState; }
    // Index of a (sequence, chunk, slice); states lie in this order, (64, dState) each.
    __host__ __device__ int64_t index(int sequence, int chunk, int slice) const {
        return (static_cast<int64_t>(sequence) * chunks + chunk) * slices + slice;
    }
    __host__ __device__ int group(int slice) const { return slice / (slices / nGroups); }
};

// What a chunk knows of a head's decays, kChunk numbers each: (batch, chunks, nHeads, kPlanes, kChunk). Past the end of
// the sequence dt = 0 and the rest is as at the last token, so such tokens neither decay nor add.
enum Plane { kCs, kDt, kE, kW, kPlanes };  // cs in base 2
constexpr int kDecayFloats = kPlanes * kChunk;

__device__ __forceinline__ const float* decays_at(const float* decays, const Sizes& s, int sequence, int chunk, int head) {
    return decays + ((static_cast<int64_t>(sequence) * s.chunks + chunk) * s.nHeads + head) * kDecayFloats;
}

cudaError_t prepare_decays(cudaStream_t stream, const Sizes& s, const ScanInputs<bf16>& in, const int* documentStart,
                           const int* biasedStart, float* decays);

// 2^x for x <= 0.
__device__ __forceinline__ float exp2_fast(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// Walks over the chunks of every sequence, and gives the state in front of each (forward), or the gradient of the state
// behind each (backward). rows u, v: x and B, or dy and C.
struct StateWalk {
    const bf16* u;
    int64_t uStride;
    const bf16* v;
    int64_t vStride;
    const float* decays;
    bf16* states;       // (batch, chunks, slices, 64, dState)
    float* finalState;  // or null: (batch, slices, 64, dState), behind the last chunk
    float* segmentStates;  // workspace, see walk_workspace_floats
};
size_t walk_workspace_floats(const Sizes& s);
size_t walk_block_memory();
template <bool kReverse>
cudaError_t walk_states(cudaStream_t stream, const Sizes& s, const StateWalk& walk);

// Offset of a 16-byte chunk of a row of kDim numbers: the eight rows that an ldmatrix reads fall into different banks.
template <int kDim>
__device__ __forceinline__ int tile_at(int row, int chunk) {
    return row * kDim + ((chunk ^ (row & 7)) << 3);
}

// Rows of kDim numbers to shared memory; zeros from row `valid` on, which are not read. A round of copies moves whole
// groups of eight rows, so that a thread's places in shared memory are a constant apart.
template <int kRows, int kDim, int kThreads>
__device__ __forceinline__ void copy_tile(bf16* tile, const bf16* from, int64_t stride, int valid,
                                          unsigned thread = threadIdx.x) {
    constexpr int kChunks = kDim / 8, kRowsPerRound = kThreads / kChunks;
    static_assert(kRows % kRowsPerRound == 0 && kRowsPerRound % 8 == 0, "whole rounds of copies");
    int row = thread / kChunks, chunk = thread % kChunks;
    bf16* to = tile + tile_at<kDim>(row, chunk);
    from += row * stride + chunk * 8;
#pragma unroll
    for (int i = 0; i < kRows / kRowsPerRound; i++) {
        copy_async16(to + i * kRowsPerRound * kDim, from, row + i * kRowsPerRound < valid);
        from += stride * kRowsPerRound;
    }
}

// Left operands: 16 rows from `row`, 16 numbers from 16 k on.
template <int kDim>
__device__ __forceinline__ void load_left(uint32_t (&a)[4], const bf16* tile, int row, int k) {
    int lane = threadIdx.x % kWarp;
    load_matrix4(a, tile + tile_at<kDim>(row + lane % 16, k * 2 + lane / 16));
}
// The same of the transposed tile: rows of the operand are columns 16 m .. of the tile, its numbers rows from `row`.
template <int kDim>
__device__ __forceinline__ void load_left_transposed(uint32_t (&a)[4], const bf16* tile, int row, int m) {
    int lane = threadIdx.x % kWarp;
    load_matrix4_transposed(a, tile + tile_at<kDim>(row + lane % 8 + lane / 16 * 8, m * 2 + lane / 8 % 2));
}
// Right operands of two products: tile^T, 16 of its rows from `row`, numbers 16 k ..
template <int kDim>
__device__ __forceinline__ void load_right_transposed(uint32_t (&b)[4], const bf16* tile, int row, int k) {
    int lane = threadIdx.x % kWarp;
    load_matrix4(b, tile + tile_at<kDim>(row + lane % 8 + lane / 16 * 8, k * 2 + lane / 8 % 2));
}
// The tile itself: 16 rows from `row` are summed over, columns 16 n .. are the result's.
template <int kDim>
__device__ __forceinline__ void load_right(uint32_t (&b)[4], const bf16* tile, int row, int n) {
    int lane = threadIdx.x % kWarp;
    load_matrix4_transposed(b, tile + tile_at<kDim>(row + lane % 16, n * 2 + lane / 16));
}

// A pair of 16 x 16 blocks j <= i among those of a chunk.
constexpr int kBlocks = kChunk / 16, kPairs = kBlocks * (kBlocks + 1) / 2;
__device__ __forceinline__ int pair_index(int j, int i) { return j * kBlocks - j * (j - 1) / 2 + i - j; }

__device__ __forceinline__ float2 unpack_bf16(uint32_t pair) {
    return __bfloat1622float2(reinterpret_cast<__nv_bfloat162&>(pair));
}

// Transposes 4 x 4 numbers over the four lanes that share a row of an accumulator: where a lane had 2 columns of each of
// four 8-column blocks it gets the 8 columns of one, which is one 16-byte access.
__device__ __forceinline__ void transpose_quad(uint32_t (&v)[4]) {
    int lane = threadIdx.x;
#pragma unroll
    for (int bit = 1; bit <= 2; bit *= 2) {
        bool upper = lane & bit;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (i & bit) continue;
            uint32_t other = __shfl_xor_sync(kFullWarp, upper ? v[i] : v[i ^ bit], bit);
            if (upper)
                v[i] = other;
            else
                v[i ^ bit] = other;
        }
    }
}

// The 8 columns from 32 block + 8 (lane % 4) of an accumulator's row lane / 4 + 8 half, rounded.
template <int kBlocks>
__device__ __forceinline__ uint4 accumulator_columns(const float (&acc)[kBlocks][4], int block, int half) {
    uint32_t v[4];
#pragma unroll
    for (int t = 0; t < 4; t++) v[t] = pack_bf16(acc[4 * block + t][2 * half], acc[4 * block + t][2 * half + 1]);
    transpose_quad(v);
    return make_uint4(v[0], v[1], v[2], v[3]);
}

// Position in the chunk of the first token of the document of token `at` of the chunk; negative where it lies before.
__device__ __forceinline__ int start_in_chunk(const int* documentStart, const Sizes& s, int sequence, int chunk, int at) {
    int position = min(chunk * kChunk + at, s.seqLen - 1);
    return documentStart[static_cast<int64_t>(sequence) * s.seqLen + position] - chunk * kChunk;
}

}  // namespace peregrine::scan
