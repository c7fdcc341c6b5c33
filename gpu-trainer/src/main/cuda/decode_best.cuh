// The choice of the most likely token: the largest score, of equal ones the first.
#pragma once

#include "common.cuh"

namespace peregrine {

struct Best {
    float score;
    int id;

    __device__ __forceinline__ void meet(Best other) {
        if (other.score > score || (other.score == score && other.id < id)) *this = other;
    }
};

__device__ __forceinline__ Best warp_best(Best best) {
#pragma unroll
    for (int offset = kWarp / 2; offset > 0; offset /= 2) {
        best.meet({__shfl_xor_sync(kFullWarp, best.score, offset), __shfl_xor_sync(kFullWarp, best.id, offset)});
    }
    return best;
}

}  // namespace peregrine
