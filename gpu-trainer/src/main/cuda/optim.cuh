// AdamW and the global norm over many tensors with one launch each.
#pragma once

#include "common.cuh"

namespace peregrine {

// One tensor's part of an optimizer step. Laid out as the Java side writes it: 4 pointers, a pointer or 0, a count, then
// the numbers of its step.
struct AdamTensor {
    float* value;
    float* gradient;
    float* firstMoment;
    float* secondMoment;
    bf16* rounded;  // the copy that matrix products read; 0: none
    int64_t count;
    float keep;  // 1 - learningRate * weightDecay
    float rate;  // learningRate / (1 - beta1^step)
    float beta1, beta2, rest1, rest2;
    float rootCorrection;  // (1 - beta2^step)^(-1/2)
    float epsilon;
    float gradientScale;
    float padding;
};

// Blocks of a launch take pieces of kAdamPiece numbers; pieceTensor and pieceStart say which.
constexpr int kAdamPiece = 1 << 16;

// m = beta1 m + rest1 g, v = beta2 v + rest2 g^2, value = keep value - rate m / (sqrt(v) rootCorrection + epsilon),
// g = gradientScale gradient; rounded = bf16(value).
cudaError_t adamw(cudaStream_t stream, const AdamTensor* tensors, const int* pieceTensor, const int64_t* pieceStart,
                  int pieces);

// Overwrites the gradients with 0.
cudaError_t zero_gradients(cudaStream_t stream, const AdamTensor* tensors, const int* pieceTensor,
                           const int64_t* pieceStart, int pieces);

// sums[piece] = sum of squares of the gradients of that piece, in double.
cudaError_t squares(cudaStream_t stream, const AdamTensor* tensors, const int* pieceTensor, const int64_t* pieceStart,
                    int pieces, double* sums);

// *total = sums[0] + sums[1] + ..., in a fixed order.
cudaError_t total(cudaStream_t stream, const double* sums, int count, double* total);

}  // namespace peregrine
