// 32 rows of weights in shared memory times rms(h): the product of P1, of P4 and of the scores.
//
// The operand of the tensor cores has sixteen rows of two units of eight, its row m being row m / 2 of unit m % 2, and a warp
// its own columns, as decode_products.cu has them.
#pragma once

#include "decode_flow.cuh"

namespace peregrine {

#ifdef PEREGRINE_HOPPER

// The embedding's numbers of a token.
__device__ __forceinline__ const float* embedding_row(const DecodeEnds& ends, int id) {
    return ends.table + int64_t{id} * kFlowHidden;
}

// Eight of them as they are in h.
__device__ __forceinline__ Vec8<bf16> embedded(const DecodeEnds& ends, int id, int column) {
    const float* from = embedding_row(ends, id) + column;
    float x[8];
#pragma unroll
    for (int i = 0; i < 8; i++) x[i] = ends.embeddingScale * from[i];
    Vec8<bf16> h;
    h.set(x);
    return h;
}

// Numbers of h that a lane takes, eight at a time, and its gains: of the first kTakers lanes.
struct FlowInputs {
    static constexpr int kBlocks = kFlowHidden / kFlowBlock / kFlowWarps, kTakers = kBlocks * 4;
    static_assert(kTakers <= kWarp);

    // Numbers times gains; returns the sum of the squares of the numbers.
    __device__ __forceinline__ static float scaled(Vec8<bf16>& h, float4 low, float4 high) {
        float x[8], gain[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w}, squared = 0;
        h.get(x);
#pragma unroll
        for (int i = 0; i < 8; i++) squared = fmaf(x[i], x[i], squared), x[i] *= gain[i];
        h.set(x);
        return squared;
    }

    // The warp's sum of what its lanes have, in the order of decode_products.cu.
    __device__ __forceinline__ static float all(float squared) {
        float sum = squared;
#pragma unroll
        for (int j = 1; j < kBlocks; j++) sum += __shfl_sync(kFullWarp, squared, j * 4 + threadIdx.x % 4);
        return quad_sum(sum);
    }
};

// This warp's columns of 32 rows.
struct FlowRows {
    static constexpr int kBlocks = FlowInputs::kBlocks, kPitch = kFlowHidden * sizeof(bf16);
    uint4 w[4][kBlocks];

    __device__ __forceinline__ FlowRows(const char* tile, int warp) {
        int lane = threadIdx.x % kWarp, g = lane / 4, t = lane % 4;
        const char* rows = tile + place_of(g % 2) + g / 2 * kPitch + warp * kBlocks * 64 + t * 16;
#pragma unroll
        for (int u = 0; u < 4; u++) {
            int at = place_of(u / 2 * 2) + u % 2 * 4 * kPitch;
#pragma unroll
            for (int j = 0; j < kBlocks; j++) w[u][j] = *reinterpret_cast<const uint4*>(rows + at + j * 64);
        }
    }

    // inputs: this warp's. to: the 32 sums.
    __device__ __forceinline__ void multiply(const char* inputs, float* to) const {
        int lane = threadIdx.x % kWarp, g = lane / 4, t = lane % 4;
        float total[2][4] = {};
#pragma unroll
        for (int j = 0; j < kBlocks; j++) {
            uint4 x = *reinterpret_cast<const uint4*>(inputs + j * 64 + t * 16);
#pragma unroll
            for (int k = 0; k < 2; k++) {
                uint4 even = w[2 * k][j], odd = w[2 * k + 1][j];
                float sum[4] = {};
                mma16816(sum, {even.x, odd.x, even.y, odd.y}, x.x, x.y);
                mma16816(sum, {even.z, odd.z, even.w, odd.w}, x.z, x.w);
                total[k][0] += sum[0], total[k][2] += sum[2];
            }
        }
        if (t == 0) {
            to += g % 2 * 8 + g / 2;
#pragma unroll
            for (int k = 0; k < 2; k++) to[k * 16] = total[k][0], to[k * 16 + 4] = total[k][2];
        }
    }
};

#endif

}  // namespace peregrine
