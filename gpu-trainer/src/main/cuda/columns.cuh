// Sums over rows, column by column: the second half of every gradient of a vector that all rows share (gains, biases,
// convolution taps). The first half leaves one partial row per thread block; this half adds them in order.
#pragma once

#include "common.cuh"

namespace peregrine {

// target[c] += scale * (partials[0][c] + partials[1][c] + ...); partials is (count, columns).
cudaError_t add_column_sums(cudaStream_t stream, const float* partials, int64_t count, int64_t columns, float scale,
                            float* target);

}  // namespace peregrine
