// The selective scan of Mamba-2 (SSD, arXiv 2405.21060) over packed documents: forward and backward.
//
//   S_t = exp(dt_t A_h) S_{t-1} + dt_t x_t (outer) B_t        A_h = -exp(aLog_h); S = 0 before a document's first token,
//                                                             or, as in arXiv 2507.22448, dt_t A_h lowered there by 80
//   y_t = S_t C_t + dSkip_h x_t
//
// Row sequence * seqLen + position is a token. Head h has columns h * dHead .. of x and y and reads group
// g = h / (nHeads / nGroups), columns g * dState .. of B and C. Rows are strided, because x, B and C lie side by side in
// the buffer of their joined projection. On tensor cores rows of activations must be 16-byte aligned, and are refused with
// cudaErrorInvalidValue otherwise; what scan_on_tensor_cores does not promise, the generic kernels compute, of any
// shape and alignment.
#pragma once

#include "common.cuh"

#include <cstddef>

namespace peregrine {

struct ScanShape {
    int batch, seqLen, nHeads, dHead, nGroups, dState;
};

constexpr float kResetBias = -80;  // as Resets.BIAS

// dt: (rows, nHeads), already through softplus and limits.
template <typename T>
struct ScanInputs {
    const T* x;
    int64_t xStride;
    const T* b;
    int64_t bStride;
    const T* c;
    int64_t cStride;
    const float* dt;
    int64_t dtStride;
    const float* aLog;
    const float* dSkip;
};

// Shared memory that a block of the tensor-core kernels takes; 0 for what they do not cover at all: all but bf16 with
// dHead a multiple of 64 and dState 64, 128 or 256.
size_t scan_block_memory(const ScanShape& shape, size_t elementSize);

// Which kernels compute a scan. blockMemory: shared memory that a block may have on the device
// (cudaDevAttrMaxSharedMemoryPerBlockOptin). The two families leave different things for backward, so memory, workspace and
// both passes of a scan must be given the same number.
bool scan_on_tensor_cores(const ScanShape& shape, size_t elementSize, size_t blockMemory);

// What forward leaves for backward: the states before each chunk.
size_t scan_memory_bytes(const ScanShape& shape, size_t elementSize, size_t blockMemory);

size_t scan_workspace_bytes(const ScanShape& shape, size_t elementSize, size_t blockMemory, bool backward);

// documentStart[row]: position in its sequence of the first token of the row's document, before which S is 0.
// biasedStart: null, or the same of documents at whose first token kResetBias is added to dt A, and nothing masked.
// memory: null where no backward pass follows. finalState: null, or (batch, nHeads, dHead, dState), the state after the
// last token, which decoding goes on from.
template <typename T>
cudaError_t scan_forward(cudaStream_t stream, size_t blockMemory, ScanShape shape, ScanInputs<T> in,
                         const int* documentStart, const int* biasedStart, T* y, int64_t yStride, void* memory,
                         float* finalState, void* workspace);

// dx, db, dc and dDt are overwritten, dALog and dDSkip added to.
template <typename T>
cudaError_t scan_backward(cudaStream_t stream, size_t blockMemory, ScanShape shape, ScanInputs<T> in,
                          const int* documentStart, const int* biasedStart, const void* memory, const T* dy,
                          int64_t dyStride, T* dx, int64_t dxStride, T* db, int64_t dbStride, T* dc, int64_t dcStride,
                          float* dDt, int64_t dDtStride, float* dALog, float* dDSkip, void* workspace);

}  // namespace peregrine
