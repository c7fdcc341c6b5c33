// Causal grouped-query attention over packed documents: forward and backward.
//
//   out[i, h] = sum_j softmax_j(q[i, h] . k[j, g] / sqrt(headDim)) v[j, g],   g = h / (numHeads / numKeyValueHeads)
//
// over the keys documentStart[i] <= j <= i of the query's own document. q and k arrive already rotated. A token is row
// sequence * seqLen + position; head h lies in its columns from h * headDim on. Rows are strided, because q, k and v
// lie side by side in the buffer of their joined projection.
//
// FlashAttention-2 (arXiv 2307.08691): scores never leave the multiprocessor. Backward is two kernels, one that owns
// queries (dq) and one that owns keys (dk, dv): 7 matrix products where one kernel with atomics would need 5, in return
// for sums of a fixed order, no float workspace the size of dq, and probabilities that never leave the registers.
#pragma once

#include "common.cuh"

#include <cstddef>

namespace peregrine {

struct AttentionShape {
    int batch, seqLen, numHeads, numKeyValueHeads, headDim;
};

// Whether bf16 rows that are 16-byte aligned are attended by the kernels on wgmma, on the calling thread's device.
bool attention_on_wgmma(int headDim, size_t blockMemory);

// documentStart[row]: position in its sequence of the first token of the row's document, non-decreasing in a sequence.
// logSumExp: (batch * seqLen, numHeads), natural logarithm of the sum of exp(score) over the visible keys.
// blockMemory: shared memory that a block may have, by which kernels are chosen.
template <typename T>
cudaError_t attention_forward(cudaStream_t stream, size_t blockMemory, AttentionShape shape, const T* q,
                              int64_t qStride, const T* k, int64_t kStride, const T* v, int64_t vStride,
                              const int* documentStart, T* out, int64_t outStride, float* logSumExp);

// documentEnd[row]: one past the position of the last token of the row's document, non-decreasing in a sequence.
// dq, dk and dv are overwritten.
template <typename T>
cudaError_t attention_backward(cudaStream_t stream, size_t blockMemory, AttentionShape shape, const T* q,
                               int64_t qStride, const T* k, int64_t kStride, const T* v, int64_t vStride,
                               const int* documentStart, const int* documentEnd, const T* out, int64_t outStride,
                               const float* logSumExp, const T* dOut, int64_t dOutStride, T* dq, int64_t dqStride, T* dk,
                               int64_t dkStride, T* dv, int64_t dvStride, void* workspace);

size_t attention_backward_workspace_bytes(AttentionShape shape, size_t elementSize);

}  // namespace peregrine
