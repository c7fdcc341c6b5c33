// A warp that streams memory into shared memory for the other warps of its block: how it waits for them, and asks.
#pragma once

#include "hopper.cuh"

namespace peregrine {

#ifdef PEREGRINE_HOPPER

// Waits for the block's other warps, which wait for other blocks: not for ever, if one of them has died. The kernel then ends
// in an error.
__device__ __forceinline__ void await_warps(uint64_t* barrier, int parity) {
    constexpr long long kMostCycles = 1ll << 35;  // a quarter of a minute
    long long begin = clock64();
    while (!barrier_passed(barrier, parity)) {
        if (clock64() - begin > kMostCycles) __trap();
    }
}

// Asks for a copy, behind which the barrier's phase ends.
__device__ __forceinline__ void ask(uint64_t* barrier, char* to, const char* from, int bytes) {
    barrier_expect(barrier, bytes);
    if (bytes > 0) copy_bulk(to, from, bytes, barrier, read_once());
}

#endif

}  // namespace peregrine
