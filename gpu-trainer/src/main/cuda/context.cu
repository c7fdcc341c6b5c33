#include "context.cuh"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace peregrine {
namespace {

constexpr size_t kStagingBytes = 64 << 20;
constexpr size_t kAlignment = 256;

void require(cudaError_t status, const char* what) {
    if (status) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(status));
}

}  // namespace

Context::Context(int device, const std::string& cublasPath, size_t mostBlockMemory) : device(device) {
    require(cudaSetDevice(device), "cannot use the device");
    int shared = 0;
    require(cudaDeviceGetAttribute(&shared, cudaDevAttrMaxSharedMemoryPerBlockOptin, device),
            "the device does not say how much shared memory its blocks may have");
    blockMemory = std::min<size_t>(shared, mostBlockMemory);
    require(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cannot make a stream");
    require(cudaHostAlloc(reinterpret_cast<void**>(&staging), kStagingBytes, cudaHostAllocDefault),
            "no pinned memory for uploads");
    for (int half = 0; half < 2; half++) {
        require(cudaHostAlloc(reinterpret_cast<void**>(&arriving[half]), kArrivingBytes, cudaHostAllocDefault),
                "no pinned memory for downloads");
        require(cudaEventCreateWithFlags(&arrived[half], cudaEventDisableTiming), "cannot make an event");
    }
    matmul = std::make_unique<Matmul>(cublasPath);
}

Context::~Context() {
    cudaSetDevice(device);
    cudaStreamSynchronize(stream);
    matmul.reset();
    cudaFree(scratchMemory);
    cudaFreeHost(staging);
    for (int half = 0; half < 2; half++) {
        cudaFreeHost(arriving[half]);
        cudaEventDestroy(arrived[half]);
    }
    cudaStreamDestroy(stream);
}

cudaError_t Context::scratch(size_t bytes, void** memory) {
    if (recording) return cudaErrorStreamCaptureUnsupported;
    if (bytes > scratchBytes) {
        if (cudaError_t status = cudaStreamSynchronize(stream)) return status;
        if (cudaError_t status = cudaFree(scratchMemory)) return status;
        scratchMemory = nullptr;
        scratchBytes = 0;
        if (cudaError_t status = cudaMalloc(&scratchMemory, bytes)) return status;
        scratchBytes = bytes;
    }
    *memory = scratchMemory;
    return cudaSuccess;
}

cudaError_t Context::upload(void* target, const void* host, size_t bytes) {
    const char* source = static_cast<const char*>(host);
    for (size_t done = 0; done < bytes;) {
        if (staged == kStagingBytes) {
            // every copy out of the staging memory has to have happened before it is written again
            if (cudaError_t status = cudaStreamSynchronize(stream)) return status;
            staged = 0;
        }
        size_t piece = std::min(bytes - done, kStagingBytes - staged);
        std::memcpy(staging + staged, source + done, piece);
        if (cudaError_t status = cudaMemcpyAsync(static_cast<char*>(target) + done, staging + staged, piece,
                                                 cudaMemcpyHostToDevice, stream)) {
            return status;
        }
        staged = std::min(kStagingBytes, (staged + piece + kAlignment - 1) / kAlignment * kAlignment);
        done += piece;
    }
    return cudaSuccess;
}

cudaError_t Context::begin_graph() {
    cudaError_t status = cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal);
    recording = status == cudaSuccess;
    return status;
}

cudaError_t Context::end_graph(cudaGraphExec_t* graph) {
    recording = false;
    cudaGraph_t recorded = nullptr;
    if (cudaError_t status = cudaStreamEndCapture(stream, &recorded)) {
        cudaGetLastError();  // the operation that broke the recording has been reported
        return status;
    }
    cudaError_t status = cudaGraphInstantiate(graph, recorded, 0);
    cudaGraphDestroy(recorded);
    return status;
}

}  // namespace peregrine
