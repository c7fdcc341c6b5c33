#include "context.cuh"

#include <algorithm>
#include <cstring>

namespace peregrine {
namespace {

constexpr size_t kStagingBytes = 64 << 20;
constexpr size_t kAlignment = 256;

}  // namespace

Context::Context(int device, const std::string& cublasPath, size_t mostBlockMemory) : device(device) {
    require(cudaSetDevice(device), "cannot use the device");
    int shared = 0;
    require(cudaDeviceGetAttribute(&shared, cudaDevAttrMaxSharedMemoryPerBlockOptin, device),
            "the device does not say how much shared memory its blocks may have");
    blockMemory = std::min<size_t>(shared, mostBlockMemory);
    require(cudaStreamCreateWithFlags(stream.fresh(), cudaStreamNonBlocking), "cannot make a stream");
    require(cudaHostAlloc(staging.fresh(), kStagingBytes, cudaHostAllocDefault), "no pinned memory for uploads");
    for (int half = 0; half < 2; half++) {
        require(cudaHostAlloc(arriving[half].fresh(), kArrivingBytes, cudaHostAllocDefault),
                "no pinned memory for downloads");
        require(cudaEventCreateWithFlags(arrived[half].fresh(), cudaEventDisableTiming), "cannot make an event");
    }
    matmul = std::make_unique<Matmul>(cublasPath);
}

Context::~Context() {
    cudaSetDevice(device);
    cudaStreamSynchronize(stream);  // operations may still use what is given back now
}

cudaError_t Context::scratch(size_t bytes, void** memory) {
    if (recording) return cudaErrorStreamCaptureUnsupported;
    refusedBytes = 0;
    if (bytes > scratchBytes) {
        if (cudaError_t status = cudaStreamSynchronize(stream)) return status;
        scratchBytes = 0;
        if (cudaError_t status = scratchMemory.reset()) return status;
        if (cudaError_t status = cudaMalloc(scratchMemory.fresh(), bytes)) {
            cudaGetLastError();  // reported by the caller, once
            if (status == cudaErrorMemoryAllocation) refusedBytes = bytes;
            return status;
        }
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
        char* place = static_cast<char*>(static_cast<void*>(staging)) + staged;
        std::memcpy(place, source + done, piece);
        if (cudaError_t status = cudaMemcpyAsync(static_cast<char*>(target) + done, place, piece, cudaMemcpyHostToDevice,
                                                 stream)) {
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
    Graph recorded;
    cudaError_t status = cudaStreamEndCapture(stream, recorded.fresh());
    if (!status) status = cudaGraphInstantiate(graph, recorded, 0);
    if (status) cudaGetLastError();  // reported by the caller, once
    return status;
}

}  // namespace peregrine
