// Which kernels compute an attention: the one place where that is decided.
#include "attention_arguments.cuh"
#include "hopper.cuh"

#include <algorithm>

namespace peregrine {
namespace {

enum class Family { kGeneric, kMma, kHopper };

bool fast_head(int headDim) { return headDim == 64 || headDim == 128; }

template <typename... Tensors>
Family choose(const AttentionShape& shape, size_t blockMemory, const Tensors&... tensors) {
    bool aligned = (aligned8(tensors.data, tensors.stride) && ...);
    if (!aligned || !fast_head(shape.headDim)) return Family::kGeneric;
    return attention_on_wgmma(shape.headDim, blockMemory) ? Family::kHopper : Family::kMma;
}

cudaError_t forward(cudaStream_t stream, size_t, const ForwardArguments<float>& a) { return generic_forward(stream, a); }

cudaError_t forward(cudaStream_t stream, size_t blockMemory, const ForwardArguments<bf16>& a) {
    switch (choose(a.shape, blockMemory, a.q, a.k, a.v, a.out)) {
        case Family::kHopper: return hopper_forward(stream, a);
        case Family::kMma: return mma_forward(stream, a);
        default: return generic_forward(stream, a);
    }
}

cudaError_t backward(cudaStream_t stream, size_t, const BackwardArguments<float>& a) {
    return generic_backward(stream, a);
}

cudaError_t backward(cudaStream_t stream, size_t blockMemory, const BackwardArguments<bf16>& a) {
    switch (choose(a.shape, blockMemory, a.q, a.k, a.v, a.out, a.dOut, a.dq, a.dk, a.dv)) {
        case Family::kHopper: return hopper_backward(stream, a);
        case Family::kMma: return mma_backward(stream, a);
        default: return generic_backward(stream, a);
    }
}

size_t per_query_floats(const AttentionShape& shape) {
    return static_cast<size_t>(shape.batch) * shape.numHeads * padded_rows(shape);
}

}  // namespace

// Of both passes together, as for the scan: a card that could only do one of them does both alike.
bool attention_on_wgmma(int headDim, size_t blockMemory) {
    return fast_head(headDim) && has_hopper_code() &&
           std::max(hopper_forward_block_memory(headDim), hopper_backward_block_memory(headDim)) <= blockMemory;
}

template <typename T>
cudaError_t attention_forward(cudaStream_t stream, size_t blockMemory, AttentionShape shape, const T* q,
                              int64_t qStride, const T* k, int64_t kStride, const T* v, int64_t vStride,
                              const int* documentStart, T* out, int64_t outStride, float* logSumExp) {
    ForwardArguments<T> a{shape, {q, qStride}, {k, kStride}, {v, vStride}, documentStart, {out, outStride}, logSumExp};
    return forward(stream, blockMemory, a);
}

template <typename T>
cudaError_t attention_backward(cudaStream_t stream, size_t blockMemory, AttentionShape shape, const T* q,
                               int64_t qStride, const T* k, int64_t kStride, const T* v, int64_t vStride,
                               const int* documentStart, const int* documentEnd, const T* out, int64_t outStride,
                               const float* logSumExp, const T* dOut, int64_t dOutStride, T* dq, int64_t dqStride, T* dk,
                               int64_t dkStride, T* dv, int64_t dvStride, void* workspace) {
    float* perQuery = static_cast<float*>(workspace);
    BackwardArguments<T> a{shape,           {q, qStride},     {k, kStride},       {v, vStride},
                           documentStart,   documentEnd,      {out, outStride},   {dOut, dOutStride},
                           logSumExp,       {dq, dqStride},   {dk, dkStride},     {dv, dvStride},
                           perQuery,        perQuery + per_query_floats(shape)};
    return backward(stream, blockMemory, a);
}

size_t attention_backward_workspace_bytes(AttentionShape shape, size_t) {
    return 2 * per_query_floats(shape) * sizeof(float);
}

#define PEREGRINE_ATTENTION(T)                                                                                         \
    template cudaError_t attention_forward<T>(cudaStream_t, size_t, AttentionShape, const T*, int64_t, const T*,       \
                                              int64_t, const T*, int64_t, const int*, T*, int64_t, float*);            \
    template cudaError_t attention_backward<T>(cudaStream_t, size_t, AttentionShape, const T*, int64_t, const T*,      \
                                               int64_t, const T*, int64_t, const int*, const int*, const T*, int64_t,  \
                                               const float*, const T*, int64_t, T*, int64_t, T*, int64_t, T*, int64_t, \
                                               void*);
PEREGRINE_ATTENTION(float)
PEREGRINE_ATTENTION(bf16)
#undef PEREGRINE_ATTENTION

}  // namespace peregrine
