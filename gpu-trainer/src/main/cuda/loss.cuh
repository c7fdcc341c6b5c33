// Cross-entropy of the next token, in nats, with its gradient written over the logits.
#pragma once

#include "elementwise.cuh"

namespace peregrine {

// losses[i] = logsumexp(logits[i]) - logits[i][targets[i]], 0 where the target is negative. With a gradient the logits
// become gradScale * (softmax (1 + 2 zLoss logsumexp) - one hot), 0 in rows without a target: the gradient of the loss plus
// zLoss logsumexp^2, which is not part of losses. logits (rows, vocab).
template <typename T>
cudaError_t cross_entropy(cudaStream_t stream, Matrix<T> logits, const int* targets, int64_t rows, int vocab,
                          bool withGradient, float gradScale, float zLoss, float* losses);

// *sum = losses[0] + losses[1] + ..., in double and in a fixed order.
cudaError_t sum_to_double(cudaStream_t stream, const float* losses, int64_t count, double* sum);

}  // namespace peregrine
