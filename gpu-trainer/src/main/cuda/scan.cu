// Which kernels compute a scan: the one place where that is decided.
#include "scan_arguments.cuh"

#include <algorithm>

namespace peregrine {

size_t scan_block_memory(const ScanShape& shape, size_t elementSize) {
    bool state = shape.dState == 64 || shape.dState == 128 || shape.dState == 256;
    bool covered = elementSize == sizeof(bf16) && shape.dHead % 64 == 0 && state;
    return covered ? std::max(mma_scan_forward_block_memory(shape), mma_scan_backward_block_memory(shape)) : 0;
}

// Of both passes together, because what forward leaves for backward depends on it; and not of addresses, because it is
// asked before there are any.
bool scan_on_tensor_cores(const ScanShape& shape, size_t elementSize, size_t blockMemory) {
    size_t wanted = scan_block_memory(shape, elementSize);
    return wanted > 0 && wanted <= blockMemory;
}

namespace {

template <typename T>
bool aligned_inputs(const ScanInputs<T>& in) {
    return aligned8(in.x, in.xStride) && aligned8(in.b, in.bStride) && aligned8(in.c, in.cStride);
}

cudaError_t forward(cudaStream_t stream, size_t, const ScanForward<float>& a) { return generic_scan_forward(stream, a); }

cudaError_t forward(cudaStream_t stream, size_t blockMemory, const ScanForward<bf16>& a) {
    if (!scan_on_tensor_cores(a.shape, sizeof(bf16), blockMemory)) return generic_scan_forward(stream, a);
    if (!aligned_inputs(a.in) || !aligned8(a.y, a.yStride)) return cudaErrorInvalidValue;
    return mma_scan_forward(stream, blockMemory, a);
}

cudaError_t backward(cudaStream_t stream, size_t, const ScanBackward<float>& a) {
    return generic_scan_backward(stream, a);
}

cudaError_t backward(cudaStream_t stream, size_t blockMemory, const ScanBackward<bf16>& a) {
    if (!scan_on_tensor_cores(a.shape, sizeof(bf16), blockMemory)) return generic_scan_backward(stream, a);
    if (!aligned_inputs(a.in) || !aligned8(a.dy, a.dyStride) || !aligned8(a.dx, a.dxStride) ||
        !aligned8(a.db, a.dbStride) || !aligned8(a.dc, a.dcStride))
        return cudaErrorInvalidValue;
    return mma_scan_backward(stream, a);
}

}  // namespace

size_t scan_memory_bytes(const ScanShape& shape, size_t elementSize, size_t blockMemory) {
    bool fast = scan_on_tensor_cores(shape, elementSize, blockMemory);
    return fast ? mma_scan_memory_bytes(shape) : generic_scan_memory_bytes(shape);
}

size_t scan_workspace_bytes(const ScanShape& shape, size_t elementSize, size_t blockMemory, bool backward) {
    bool fast = scan_on_tensor_cores(shape, elementSize, blockMemory);
    if (!fast) return generic_scan_workspace_bytes(shape, backward);
    return backward ? mma_scan_backward_workspace_bytes(shape) : mma_scan_forward_workspace_bytes(shape);
}

template <typename T>
cudaError_t scan_forward(cudaStream_t stream, size_t blockMemory, ScanShape shape, ScanInputs<T> in,
                         const int* documentStart, const int* biasedStart, T* y, int64_t yStride, void* memory,
                         float* finalState, void* workspace) {
    ScanForward<T> a{shape, in, documentStart, biasedStart, y, yStride, memory, finalState, workspace};
    return forward(stream, blockMemory, a);
}

template <typename T>
cudaError_t scan_backward(cudaStream_t stream, size_t blockMemory, ScanShape shape, ScanInputs<T> in,
                          const int* documentStart, const int* biasedStart, const void* memory, const T* dy,
                          int64_t dyStride, T* dx, int64_t dxStride, T* db, int64_t dbStride, T* dc, int64_t dcStride,
                          float* dDt, int64_t dDtStride, float* dALog, float* dDSkip, void* workspace) {
    ScanBackward<T> a{shape, in,       documentStart, biasedStart, memory, dy,        dyStride, dx,     dxStride,
                      db,    dbStride, dc,            dcStride,    dDt,    dDtStride, dALog,    dDSkip, workspace};
    return backward(stream, blockMemory, a);
}

#define PEREGRINE_SCAN(T)                                                                                              \
    template cudaError_t scan_forward<T>(cudaStream_t, size_t, ScanShape, ScanInputs<T>, const int*, const int*, T*,   \
                                         int64_t, void*, float*, void*);                                               \
    template cudaError_t scan_backward<T>(cudaStream_t, size_t, ScanShape, ScanInputs<T>, const int*, const int*,      \
                                          const void*, const T*, int64_t, T*, int64_t, T*, int64_t, T*, int64_t,       \
                                          float*, int64_t, float*, float*, void*);
PEREGRINE_SCAN(float)
PEREGRINE_SCAN(bf16)
#undef PEREGRINE_SCAN

}  // namespace peregrine
