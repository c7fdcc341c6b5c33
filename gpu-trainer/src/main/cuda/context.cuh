// One device as the trainer uses it: a stream, matrix products, memory for reductions, and pinned memory for uploads.
#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include "matmul.cuh"
#include "owned.cuh"

namespace peregrine {

class Context {
public:
    // Throws DeviceError, or std::runtime_error where a library is missing. mostBlockMemory: bound of blockMemory, to be as
    // a smaller card.
    Context(int device, const std::string& cublasPath, size_t mostBlockMemory);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    const int device;
    size_t blockMemory = 0;  // shared memory that a block may have
    Stream stream;
    std::unique_ptr<Matmul> matmul;

    // Makes this thread use the device. CUDA keeps the choice per thread.
    cudaError_t enter() const { return cudaSetDevice(device); }

    // Device memory for the reductions of one operation, valid until the next call. Grows, which waits for the stream;
    // after the first step of a run it no longer does. Not to be asked for while a graph is recorded, which would keep an
    // address that the next growth frees.
    cudaError_t scratch(size_t bytes, void** memory);
    size_t scratch_bytes() const { return scratchBytes; }
    // What was asked for if the last call found too little memory, else 0: the operation that asked has done nothing yet.
    size_t refused_scratch() const { return refusedBytes; }

    // Copies from the host through pinned memory, without waiting for the device (but once per kStagingBytes).
    cudaError_t upload(void* device, const void* host, size_t bytes);

    // Copies to the host through pinned memory and waits: take(piece, bytes, at) is given one piece after another, while the
    // next is on its way.
    template <typename F>
    cudaError_t download(const void* device, size_t bytes, F take);

    // Operations between the two are recorded, not done. What was recorded is done as often as launch() asks for it.
    cudaError_t begin_graph();
    cudaError_t end_graph(cudaGraphExec_t* graph);
    cudaError_t launch(cudaGraphExec_t graph) { return cudaGraphLaunch(graph, stream); }

private:
    DeviceMemory scratchMemory;
    size_t scratchBytes = 0, refusedBytes = 0;
    PinnedMemory staging;
    size_t staged = 0;
    static constexpr size_t kArrivingBytes = 4 << 20;  // of each half
    PinnedMemory arriving[2];
    Event arrived[2];
    bool recording = false;
};

template <typename F>
cudaError_t Context::download(const void* source, size_t bytes, F take) {
    auto ask = [&](size_t at) {
        int half = at / kArrivingBytes % 2;
        size_t piece = std::min(bytes - at, kArrivingBytes);
        if (cudaError_t status = cudaMemcpyAsync(arriving[half], static_cast<const char*>(source) + at, piece,
                                                 cudaMemcpyDeviceToHost, stream)) {
            return status;
        }
        return cudaEventRecord(arrived[half], stream);
    };
    if (bytes == 0) return cudaSuccess;
    if (cudaError_t status = ask(0)) return status;
    for (size_t at = 0; at < bytes; at += kArrivingBytes) {
        if (at + kArrivingBytes < bytes) {
            if (cudaError_t status = ask(at + kArrivingBytes)) return status;
        }
        int half = at / kArrivingBytes % 2;
        if (cudaError_t status = cudaEventSynchronize(arrived[half])) return status;
        take(static_cast<const char*>(static_cast<void*>(arriving[half])), std::min(bytes - at, kArrivingBytes), at);
    }
    return cudaSuccess;
}

}  // namespace peregrine
