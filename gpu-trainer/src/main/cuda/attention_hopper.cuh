// What the three Hopper attention kernels share: their tiles, and the two products on wgmma.
//
// Each block is one producer warpgroup, of which one thread asks the tensor memory accelerator for tiles, and kGroups
// consumer warpgroups, which own 64 rows each (queries, or keys in the kernel for dk and dv) and walk over the tiles of
// the other side. A tile of kRows rows lies in shared memory as headDim / 64 columns of 64 channels, kRows x 128 bytes
// each. Probabilities stay in registers: an accumulator rounded to bf16 is the next product's left operand.
#pragma once

#include "attention_arguments.cuh"
#include "hopper.cuh"

namespace peregrine {

constexpr int kGroupRows = 64, kWarpsOfGroup = kWarpgroup / kWarp;

// How a kernel is cut: consumer warpgroups, rows of a walked tile, tiles in the ring; and the registers of a thread, of
// which a multiprocessor has 65,536: three consumer warpgroups hide more than two where 160 hold their accumulators.
template <int kOwnedGroups, int kWalkedRows, int kRing>
struct HopperTiles {
    static constexpr int kGroups = kOwnedGroups, kOwned = kOwnedGroups * kGroupRows, kWalked = kWalkedRows;
    static constexpr int kStages = kRing, kThreads = (kGroups + 1) * kWarpgroup;
    static constexpr int kConsumerRegisters = kGroups == 3 ? 160 : 240, kProducerRegisters = kGroups == 3 ? 32 : 24;
};

#ifdef PEREGRINE_HOPPER

// Asks for `kRows` rows of one head; the barrier must expect kRows * kDim * 2 bytes.
template <int kRows, int kDim>
__device__ __forceinline__ void copy_tile(bf16* tile, const CUtensorMap* map, uint64_t* barrier, int head, int position,
                                          int sequence) {
#pragma unroll
    for (int c = 0; c < kDim / 64; c++) copy_box(tile + c * kRows * 64, map, barrier, c * 64, head, position, sequence);
}

// acc(64, kN) = left(64 rows from leftRow of a tile of kLeftRows) right(tile of kN rows)^T.
template <int kN, int kDim, int kLeftRows>
__device__ __forceinline__ void score_product(float (&acc)[kN / 2], const bf16* left, int leftRow, const bf16* right) {
#pragma unroll
    for (int k = 0; k < kDim / 16; k++) {
        int column = k / 4, within = k % 4 * 16;
        Wgmma<kN>::template run<false>(acc, operand(left + column * kLeftRows * 64 + leftRow * 64 + within),
                                       operand(right + column * kN * 64 + within), k > 0);
    }
}

// The same with the left rows in registers: `load_left` fetches this warpgroup's 64 rows from leftRow of a tile of
// kLeftRows. A product of 64 columns whose both operands are in shared memory takes all of its bandwidth.
template <int kDim, int kLeftRows>
__device__ __forceinline__ void load_left(uint32_t (&left)[kDim / 4], const bf16* tile, int leftRow) {
    int lane = threadIdx.x % kWarp, row = leftRow + threadIdx.x % kWarpgroup / kWarp * 16 + lane % 16;
#pragma unroll
    for (int k = 0; k < kDim / 16; k++) {
        uint32_t fragment[4];
        int chunk = (k % 4 * 2 + lane / 16) ^ (row & 7);
        load_matrix4(fragment, tile + k / 4 * kLeftRows * 64 + row * 64 + chunk * 8);
#pragma unroll
        for (int i = 0; i < 4; i++) left[4 * k + i] = fragment[i];
    }
}

template <int kN, int kDim>
__device__ __forceinline__ void score_product(float (&acc)[kN / 2], const uint32_t (&left)[kDim / 4],
                                              const bf16* right) {
#pragma unroll
    for (int k = 0; k < kDim / 16; k++)
        Wgmma<kN>::template run<false>(acc, left + 4 * k, operand(right + k / 4 * kN * 64 + k % 4 * 16), k > 0);
}

// acc(64, kDim) (+)= left(64, kK, packed) right(tile of kK rows of kDim).
template <int kK, int kDim>
__device__ __forceinline__ void value_product(float (&acc)[kDim / 2], const uint32_t (&left)[kK / 4], const bf16* right,
                                              bool add) {
#pragma unroll
    for (int k = 0; k < kK / 16; k++)
        Wgmma<kDim>::template run<true>(acc, left + 4 * k, operand(right + k * 16 * 64, kK * 128), add || k > 0);
}

// An accumulator of the score product as the left operand of the value product.
template <int kCount>
__device__ __forceinline__ void pack_operand(uint32_t (&to)[kCount / 2], const float (&from)[kCount]) {
#pragma unroll
    for (int i = 0; i < kCount / 2; i++) to[i] = pack_bf16(from[2 * i], from[2 * i + 1]);
}

// This warpgroup's 64 rows from row `first` on, as far as row `end`.
template <int kDim>
__device__ __forceinline__ void store_accumulator(const float (&acc)[kDim / 2], float scale0, float scale1, bf16* row0,
                                                  int64_t stride, int first, int end) {
    int lane = threadIdx.x % kWarp, row = first + threadIdx.x % kWarpgroup / kWarp * 16 + lane / 4;
    bf16* to = row0 + row * stride + lane % 4 * 2;
#pragma unroll
    for (int n = 0; n < kDim / 8; n++) {
        if (row < end)
            *reinterpret_cast<uint32_t*>(to + n * 8) = pack_bf16(acc[4 * n] * scale0, acc[4 * n + 1] * scale0);
        if (row + 8 < end)
            *reinterpret_cast<uint32_t*>(to + 8 * stride + n * 8) =
                pack_bf16(acc[4 * n + 2] * scale1, acc[4 * n + 3] * scale1);
    }
}

// One arrival per warp, after all its lanes: if one thread arrived for its warpgroup, a tile could be replaced twice
// while another warp still waits for it, and that warp would then wait for a phase of the same parity that never ends.
__device__ __forceinline__ void warp_arrive(uint64_t* barrier) {
    __syncwarp();
    if (threadIdx.x % kWarp == 0) barrier_arrive(barrier);
}

// The consumer warpgroups queue their products in turn, each once per tile. Left to themselves they fall into step: all
// wait for the tensor cores, then all exponentiate while those idle (FlashAttention-3, section 3.1).
template <int kGroups>
struct Turns {
    int group;

    __device__ __forceinline__ explicit Turns(int ownGroup) : group(ownGroup) {
        if (group == kGroups - 1) pass();
    }
    __device__ __forceinline__ void wait() const {
        asm volatile("bar.sync %0, %1;\n" ::"r"(1 + group), "n"(2 * kWarpgroup) : "memory");
    }
    __device__ __forceinline__ void pass() const {
        asm volatile("bar.arrive %0, %1;\n" ::"r"(1 + (group + 1) % kGroups), "n"(2 * kWarpgroup) : "memory");
    }
    // Takes the turn that nobody else will.
    __device__ __forceinline__ void end() const {
        if (group == 0) wait();
    }
};

// Shared memory from the first multiple of 1024 bytes on, which the swizzle needs.
__device__ __forceinline__ bf16* aligned_tiles(char* shared) {
    uint32_t past = shared_address(shared) % 1024;
    return reinterpret_cast<bf16*>(shared + (past == 0 ? 0 : 1024 - past));
}

#endif  // PEREGRINE_HOPPER

}  // namespace peregrine
