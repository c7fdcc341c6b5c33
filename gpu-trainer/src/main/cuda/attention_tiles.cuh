// Tiles of bf16 rows in shared memory and the two products of attention on mma.sync.
//
// A tile is kRows rows of kDim channels. Chunk c of 16 bytes of row r lies at chunk c ^ (r % 8) of that row, so the
// eight rows that one ldmatrix reads fall into different banks. Each warp owns 16 rows of the left operand.
#pragma once

#include "attention_arguments.cuh"

namespace peregrine {

template <int kDim>
__device__ __forceinline__ int tile_offset(int row, int chunk) {
    return row * kDim + ((chunk ^ (row & 7)) << 3);
}

// Rows first .. first + kRows - 1; zeros from row `end` on.
template <int kRows, int kDim, int kThreads>
__device__ __forceinline__ void load_tile(bf16* tile, const bf16* row0, int64_t stride, int first, int end) {
    constexpr int kChunks = kDim / 8;
    static_assert(kRows * kChunks % kThreads == 0, "whole rounds of copies");
#pragma unroll
    for (int i = 0; i < kRows * kChunks / kThreads; i++) {
        int at = i * kThreads + threadIdx.x, row = at / kChunks, chunk = at % kChunks;
        bool valid = first + row < end;
        const bf16* from = row0 + (valid ? first + row : 0) * stride + chunk * 8;
        copy_async16(tile + tile_offset<kDim>(row, chunk), from, valid);
    }
}

// acc(16, kN) += left(16 rows of a tile from leftRow) right(kN rows)^T.
template <int kN, int kDim>
__device__ __forceinline__ void multiply_rows(float (&acc)[kN / 8][4], const bf16* left, int leftRow,
                                              const bf16* right) {
    int lane = threadIdx.x % kWarp;
#pragma unroll(kDim == 64 ? 4 : 2)  // the addresses of all of headDim 128 would spill
    for (int k = 0; k < kDim / 16; k++) {
        uint32_t a[4];
        load_matrix4(a, left + tile_offset<kDim>(leftRow + lane % 16, k * 2 + lane / 16));
#pragma unroll
        for (int n = 0; n < kN / 16; n++) {
            uint32_t b[4];
            load_matrix4(b, right + tile_offset<kDim>(n * 16 + lane % 8 + lane / 16 * 8, k * 2 + lane / 8 % 2));
            mma16816(acc[2 * n], a, b[0], b[1]);
            mma16816(acc[2 * n + 1], a, b[2], b[3]);
        }
    }
}

// acc(16, kDim) += left(16, kK) right(kK rows of kDim); left is an accumulator of the product above, rounded to bf16.
template <int kK, int kDim>
__device__ __forceinline__ void multiply(float (&acc)[kDim / 8][4], const float (&left)[kK / 8][4], const bf16* right) {
    int lane = threadIdx.x % kWarp;
#pragma unroll
    for (int k = 0; k < kK / 16; k++) {
        const float(&lo)[4] = left[2 * k];
        const float(&hi)[4] = left[2 * k + 1];
        uint32_t a[4] = {pack_bf16(lo[0], lo[1]), pack_bf16(lo[2], lo[3]), pack_bf16(hi[0], hi[1]),
                         pack_bf16(hi[2], hi[3])};
#pragma unroll
        for (int n = 0; n < kDim / 16; n++) {
            uint32_t b[4];
            load_matrix4_transposed(b, right + tile_offset<kDim>(k * 16 + lane % 16, n * 2 + lane / 16));
            mma16816(acc[2 * n], a, b[0], b[1]);
            mma16816(acc[2 * n + 1], a, b[2], b[3]);
        }
    }
}

// Writes this warp's 16 rows, scaled, from row `first` on, as far as row `end`. A lane holds rows lane / 4 and + 8.
template <int kDim>
__device__ __forceinline__ void store_rows(const float (&acc)[kDim / 8][4], float scale0, float scale1, bf16* row0,
                                           int64_t stride, int first, int end) {
    int lane = threadIdx.x % kWarp, row = first + lane / 4;
    bf16* to = row0 + row * stride + lane % 4 * 2;
#pragma unroll
    for (int n = 0; n < kDim / 8; n++) {
        if (row < end) *reinterpret_cast<uint32_t*>(to + n * 8) = pack_bf16(acc[n][0] * scale0, acc[n][1] * scale0);
        if (row + 8 < end)
            *reinterpret_cast<uint32_t*>(to + 8 * stride + n * 8) = pack_bf16(acc[n][2] * scale1, acc[n][3] * scale1);
    }
}

}  // namespace peregrine
