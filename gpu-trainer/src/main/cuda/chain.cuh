// Kernels that follow each other in a chain, each beginning while the one before still runs (programmatic dependent
// launch, sm_90). A step of decoding is some two hundred short kernels: what a kernel can do before it needs the results
// of the one before (fetch its weights, its states, its cache) then hides behind it.
//
// The rules that make a chain correct:
//  - chain_begin() comes first: it lets the next kernel begin, and that one's next, as far as there is room.
//  - Before chain_wait() a kernel reads only what no kernel of the chain writes: parameters, positions, and state that it
//    alone writes, once per step.
//  - Every thread calls chain_wait(), so that a kernel ends only after all kernels before it have ended; blocks that have
//    nothing to do need not, if one block of the grid does.
// In portable code, for older and for later cards, both calls do nothing, and kernels are launched the usual way.
#pragma once

#include "common.cuh"

#include <utility>

namespace peregrine {

__device__ __forceinline__ void chain_begin() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;\n");
#endif
}

// Returns when all kernels before have ended and their writes can be seen.
__device__ __forceinline__ void chain_wait() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;\n" ::: "memory");
#endif
}

// cluster: blocks along x that are a cluster, on cards that have clusters.
template <typename... Parameters, typename... Arguments>
cudaError_t launch_chained(cudaStream_t stream, void (*kernel)(Parameters...), dim3 grid, dim3 block, size_t shared,
                           unsigned cluster, Arguments&&... arguments) {
    // Portable code, in which both calls do nothing and blocks are no clusters, may be what runs on a newer card too.
    cudaFuncAttributes compiled;
    if (cudaError_t status = cudaFuncGetAttributes(&compiled, kernel)) return status;
    bool chained = compiled.ptxVersion >= 90;
    cudaLaunchAttribute attributes[3]{};
    attributes[0].id = cudaLaunchAttributeProgrammaticStreamSerialization;
    attributes[0].val.programmaticStreamSerializationAllowed = 1;
    attributes[1].id = cudaLaunchAttributeClusterDimension;
    attributes[1].val.clusterDim = {cluster, 1, 1};
    // else clusters are packed on some multiprocessors while others have none: a step is 7 % slower
    attributes[2].id = cudaLaunchAttributeClusterSchedulingPolicyPreference;
    attributes[2].val.clusterSchedulingPolicyPreference = cudaClusterSchedulingPolicyLoadBalancing;
    cudaLaunchConfig_t config{};
    config.gridDim = grid;
    config.blockDim = block;
    config.dynamicSmemBytes = shared;
    config.stream = stream;
    config.attrs = attributes;
    config.numAttrs = !chained ? 0 : cluster == 1 ? 1 : 3;
    return cudaLaunchKernelEx(&config, kernel, std::forward<Arguments>(arguments)...);
}

}  // namespace peregrine
