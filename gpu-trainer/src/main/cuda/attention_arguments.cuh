// What the attention kernels of every family are given, and the launchers that attention.cu chooses among.
#pragma once

#include "attention.cuh"

namespace peregrine {

template <typename T>
struct Rows {
    T* data;
    int64_t stride;

    // Head `head` of the token at `position` of `sequence`.
    __device__ __forceinline__ T* at(const AttentionShape& shape, int sequence, int position, int head) const {
        return data + (static_cast<int64_t>(sequence) * shape.seqLen + position) * stride +
               static_cast<int64_t>(head) * shape.headDim;
    }
};

template <typename T>
struct ForwardArguments {
    AttentionShape shape;
    Rows<const T> q, k, v;
    const int* documentStart;
    Rows<T> out;
    float* logSumExp;
};

template <typename T>
struct BackwardArguments {
    AttentionShape shape;
    Rows<const T> q, k, v;
    const int* documentStart;
    const int* documentEnd;
    Rows<const T> out, dOut;
    const float* logSumExp;
    Rows<T> dq, dk, dv;
    // Per (sequence, head, position), padded_rows(shape) positions: what the kernels need of a query besides its
    // vectors. logSumExp in base 2, +infinity in the padding, so that its probabilities are 0 without a test; and
    // delta = out . dOut, which is the sum over the keys of p dp.
    float* logSumExp2;
    float* delta;
};

// Room for a tile of 128 queries from any multiple of 64 on.
__host__ __device__ inline int padded_rows(const AttentionShape& shape) { return ceil_div(shape.seqLen, 64) * 64 + 64; }

// Scores in base 2: exp(score / sqrt(headDim)) = exp2(score * score_scale).
__host__ __device__ inline float score_scale(const AttentionShape& shape) {
    return kLog2e / sqrtf(static_cast<float>(shape.headDim));
}

// Any shape, any alignment; float accumulation on plain cores.
template <typename T>
cudaError_t generic_forward(cudaStream_t stream, const ForwardArguments<T>& a);
template <typename T>
cudaError_t generic_backward(cudaStream_t stream, const BackwardArguments<T>& a);

// headDim 64 and 128, 16-byte aligned rows; mma.sync, every card since sm_80.
cudaError_t mma_forward(cudaStream_t stream, const ForwardArguments<bf16>& a);
cudaError_t mma_backward(cudaStream_t stream, const BackwardArguments<bf16>& a);

// The same shapes on Hopper: wgmma fed by the tensor memory accelerator.
cudaError_t hopper_forward(cudaStream_t stream, const ForwardArguments<bf16>& a);
cudaError_t hopper_backward(cudaStream_t stream, const BackwardArguments<bf16>& a);

// Shared memory that a block of theirs takes, at most.
size_t hopper_forward_block_memory(int headDim);
size_t hopper_backward_block_memory(int headDim);

}  // namespace peregrine
