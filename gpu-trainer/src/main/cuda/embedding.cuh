// Rows of a table by token id, and their gradient without atomics.
#pragma once

#include "elementwise.cuh"

namespace peregrine {

// out[i] = multiplier * table[ids[i]]; table (vocab, columns) in float, out (rows, columns). Ids are not held against the
// vocabulary here: FalconH1Model refuses others before they are sent. One below 0, which decoding gives itself where there is
// no most likely token, is read as 0.
template <typename T>
cudaError_t embedding_forward(cudaStream_t stream, const float* table, const int* ids, float multiplier, Matrix<T> out,
                              int64_t rows, int columns);

// dTable[uniqueIds[u]] += multiplier * sum of dOut[order[k]], k in [first[u], first[u + 1]): the rows of each id, in
// order, gathered by the caller, so that the sum does not depend on the launch.
template <typename T>
cudaError_t embedding_backward(cudaStream_t stream, Matrix<const T> dOut, const int* uniqueIds, const int* first,
                               const int* order, int unique, float multiplier, float* dTable, int columns);

}  // namespace peregrine
