// Dynamic shared memory beyond what a block gets unasked: 48 KiB less what its kernel declares.
#pragma once

#include "common.cuh"

#include <cstddef>
#include <mutex>

namespace peregrine {

// Lets blocks of a kernel have so many bytes on the calling thread's device. The driver keeps that per kernel and device,
// and is asked once for each, or when more is wanted than before. Fails where the device has less, and then leaves no
// error behind for the next launch to report as its own.
template <auto kKernel>
cudaError_t allow_shared_memory(size_t bytes) {
    constexpr int kRemembered = 64;  // devices; of others the driver is asked each time
    static std::mutex mutex;
    static size_t allowed[kRemembered];
    int device = 0;
    cudaError_t status = cudaGetDevice(&device);
    if (status != cudaSuccess) return status;
    std::lock_guard<std::mutex> lock(mutex);
    if (device < kRemembered && allowed[device] >= bytes) return cudaSuccess;
    status = cudaFuncSetAttribute(kKernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes));
    if (status != cudaSuccess) {
        cudaGetLastError();
    } else if (device < kRemembered) {
        allowed[device] = bytes;
    }
    return status;
}

}  // namespace peregrine
