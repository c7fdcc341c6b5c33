// Blocks that run at once and reach each other's shared memory (clusters, sm_90). On older cards every block is a cluster of
// its own, and the calls do nothing.
#pragma once

#include "common.cuh"

#include <cooperative_groups.h>

namespace peregrine {

constexpr int kCluster = 8;  // what every card with clusters can have

__device__ __forceinline__ constexpr int cluster_blocks() {
#if __CUDA_ARCH__ >= 900
    return kCluster;
#else
    return 1;
#endif
}

// The two halves of a barrier: what was written before arriving is seen behind the wait. Blocks that have ended count as
// having arrived.
__device__ __forceinline__ void cluster_arrive() {
#if __CUDA_ARCH__ >= 900
    asm volatile("barrier.cluster.arrive.release.aligned;\n" ::: "memory");
#endif
}
__device__ __forceinline__ void cluster_wait() {
#if __CUDA_ARCH__ >= 900
    asm volatile("barrier.cluster.wait.acquire.aligned;\n" ::: "memory");
#endif
}

// The same place in the shared memory of one of the cluster's blocks.
template <typename T>
__device__ __forceinline__ T* of_block(T* mine, int rank) {
#if __CUDA_ARCH__ >= 900
    return cooperative_groups::this_cluster().map_shared_rank(mine, rank);
#else
    return mine;
#endif
}

// Two numbers to the same place in the shared memory of another of the cluster's blocks, whose barrier (hopper.cuh) they count
// for. sm_90.
__device__ __forceinline__ void send(float* to, int rank, uint64_t* barrier, float x, float y) {
#if __CUDA_ARCH__ >= 900
    asm volatile(
        "{\n"
        ".reg .b32 place, counted;\n"
        "mapa.shared::cluster.u32 place, %0, %2;\n"
        "mapa.shared::cluster.u32 counted, %1, %2;\n"
        "st.async.shared::cluster.mbarrier::complete_tx::bytes.v2.b32 [place], {%3, %4}, [counted];\n"
        "}\n" ::"r"(shared_address(to)),
        "r"(shared_address(barrier)), "r"(rank), "r"(__float_as_uint(x)), "r"(__float_as_uint(y))
        : "memory");
#endif
}

}  // namespace peregrine
