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

Context::Context(int device, const std::string& cublasPath) : device(device) {
    require(cudaSetDevice(device), "cannot use the device");
    require(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cannot make a stream");
    require(cudaHostAlloc(reinterpret_cast<void**>(&staging), kStagingBytes, cudaHostAllocDefault),
            "no pinned memory for uploads");
    matmul = std::make_unique<Matmul>(cublasPath);
}

Context::~Context() {
    cudaSetDevice(device);
    cudaStreamSynchronize(stream);
    matmul.reset();
    cudaFree(scratchMemory);
    cudaFreeHost(staging);
    cudaStreamDestroy(stream);
}

cudaError_t Context::scratch(size_t bytes, void** memory) {
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

cudaError_t Context::download(void* host, const void* source, size_t bytes) {
    if (cudaError_t status = cudaMemcpyAsync(host, source, bytes, cudaMemcpyDeviceToHost, stream)) return status;
    return cudaStreamSynchronize(stream);
}

}  // namespace peregrine
