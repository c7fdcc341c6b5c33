// Handles of CUDA's that are given back when their owner goes, also when it was only half made; and the error that says
// why it could not be made.
#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

namespace peregrine {

// Something could not be had of a device. status: a cudaError.
struct DeviceError : std::runtime_error {
    DeviceError(cudaError_t status, const std::string& what)
        : std::runtime_error(what + ": " + cudaGetErrorString(status)), status(status) {}
    const cudaError_t status;
};

inline void require(cudaError_t status, const char* what) {
    if (status) throw DeviceError(status, what);
}

template <typename T, cudaError_t (*kGiveBack)(T)>
class Owned {
public:
    Owned() = default;
    ~Owned() { reset(); }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;

    operator T() const { return handle; }

    // Where the function that makes the handle puts it.
    T* fresh() {
        reset();
        return &handle;
    }

    cudaError_t reset() {
        T old = handle;
        handle = nullptr;
        return old ? kGiveBack(old) : cudaSuccess;
    }

private:
    T handle = nullptr;
};

using Stream = Owned<cudaStream_t, cudaStreamDestroy>;
using Event = Owned<cudaEvent_t, cudaEventDestroy>;
using Graph = Owned<cudaGraph_t, cudaGraphDestroy>;
using DeviceMemory = Owned<void*, cudaFree>;
using PinnedMemory = Owned<void*, cudaFreeHost>;

}  // namespace peregrine
