// What the scan's kernels of every family are given, and the launchers that scan.cu chooses among.
#pragma once

#include "scan.cuh"

namespace peregrine {

template <typename T>
struct ScanForward {
    ScanShape shape;
    ScanInputs<T> in;
    const int* documentStart;
    const int* biasedStart;  // or null
    T* y;
    int64_t yStride;
    void* memory;
    float* finalState;
    void* workspace;
};

template <typename T>
struct ScanBackward {
    ScanShape shape;
    ScanInputs<T> in;
    const int* documentStart;
    const int* biasedStart;  // or null
    const void* memory;
    const T* dy;
    int64_t dyStride;
    T* dx;
    int64_t dxStride;
    T* db;
    int64_t dbStride;
    T* dc;
    int64_t dcStride;
    float* dDt;
    int64_t dDtStride;
    float* dALog;
    float* dDSkip;
    void* workspace;
};

// Hands out 256-byte aligned parts of a workspace; with a null base it only counts.
class ScanArena {
  public:
    explicit ScanArena(void* base) : base_(static_cast<char*>(base)) {}
    template <typename T>
    T* take(size_t count) {
        char* at = base_ + used_;
        used_ += ceil_div<size_t>(count * sizeof(T), 256) * 256;
        return reinterpret_cast<T*>(at);
    }
    size_t used() const { return used_; }

  private:
    char* base_;
    size_t used_ = 0;
};

// Any shape, any alignment: the recurrence in float, a warp per channel.
size_t generic_scan_memory_bytes(const ScanShape& shape);
size_t generic_scan_workspace_bytes(const ScanShape& shape, bool backward);
template <typename T>
cudaError_t generic_scan_forward(cudaStream_t stream, const ScanForward<T>& a);
template <typename T>
cudaError_t generic_scan_backward(cudaStream_t stream, const ScanBackward<T>& a);

// dHead a multiple of 64, dState 64, 128 or 256: chunks on mma.sync, every card since sm_80 whose blocks may have as much
// shared memory as the largest of the kernels takes. Forward works on two heads at once where there is more.
size_t mma_scan_forward_block_memory(const ScanShape& shape);
size_t mma_scan_backward_block_memory(const ScanShape& shape);
size_t mma_scan_memory_bytes(const ScanShape& shape);
size_t mma_scan_forward_workspace_bytes(const ScanShape& shape);
size_t mma_scan_backward_workspace_bytes(const ScanShape& shape);
cudaError_t mma_scan_forward(cudaStream_t stream, size_t blockMemory, const ScanForward<bf16>& a);
cudaError_t mma_scan_backward(cudaStream_t stream, const ScanBackward<bf16>& a);

}  // namespace peregrine
