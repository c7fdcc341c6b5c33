// Which kernels compute an attention: the one place where that is decided.
#include "attention_arguments.cuh"

namespace peregrine {
namespace {

enum class Family { kGeneric, kMma, kHopper };

// Hopper's own instructions are compiled for compute capability 9.0 alone.
bool is_hopper() {
    int device = 0, major = 0, minor = 0;
    return cudaGetDevice(&device) == cudaSuccess &&
           cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device) == cudaSuccess &&
           cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device) == cudaSuccess && major == 9 &&
           minor == 0;
}

template <typename... Tensors>
Family choose(const AttentionShape& shape, const Tensors&... tensors) {
    bool aligned = (aligned8(tensors.data, tensors.stride) && ...);
    if (!aligned || (shape.headDim != 64 && shape.headDim != 128)) return Family::kGeneric;
    return is_hopper() ? Family::kHopper : Family::kMma;
}

cudaError_t forward(cudaStream_t stream, const ForwardArguments<float>& a) { return generic_forward(stream, a); }

cudaError_t forward(cudaStream_t stream, const ForwardArguments<bf16>& a) {
    switch (choose(a.shape, a.q, a.k, a.v, a.out)) {
        case Family::kHopper: return hopper_forward(stream, a);
        case Family::kMma: return mma_forward(stream, a);
        default: return generic_forward(stream, a);
    }
}

cudaError_t backward(cudaStream_t stream, const BackwardArguments<float>& a) { return generic_backward(stream, a); }

cudaError_t backward(cudaStream_t stream, const BackwardArguments<bf16>& a) {
    switch (choose(a.shape, a.q, a.k, a.v, a.out, a.dOut, a.dq, a.dk, a.dv)) {
        case Family::kHopper: return hopper_backward(stream, a);
        case Family::kMma: return mma_backward(stream, a);
        default: return generic_backward(stream, a);
    }
}

size_t per_query_floats(const AttentionShape& shape) {
    return static_cast<size_t>(shape.batch) * shape.numHeads * padded_rows(shape);
}

}  // namespace

template <typename T>
cudaError_t attention_forward(cudaStream_t stream, AttentionShape shape, const T* q, int64_t qStride, const T* k,
                              int64_t kStride, const T* v, int64_t vStride, const int* documentStart, T* out,
                              int64_t outStride, float* logSumExp) {
    ForwardArguments<T> a{shape, {q, qStride}, {k, kStride}, {v, vStride}, documentStart, {out, outStride}, logSumExp};
    return forward(stream, a);
}

template <typename T>
cudaError_t attention_backward(cudaStream_t stream, AttentionShape shape, const T* q, int64_t qStride, const T* k,
                               int64_t kStride, const T* v, int64_t vStride, const int* documentStart,
                               const int* documentEnd, const T* out, int64_t outStride, const float* logSumExp,
                               const T* dOut, int64_t dOutStride, T* dq, int64_t dqStride, T* dk, int64_t dkStride,
                               T* dv, int64_t dvStride, void* workspace) {
    float* perQuery = static_cast<float*>(workspace);
    BackwardArguments<T> a{shape,           {q, qStride},     {k, kStride},       {v, vStride},
                           documentStart,   documentEnd,      {out, outStride},   {dOut, dOutStride},
                           logSumExp,       {dq, dqStride},   {dk, dkStride},     {dv, dvStride},
                           perQuery,        perQuery + per_query_floats(shape)};
    return backward(stream, a);
}

size_t attention_backward_workspace_bytes(AttentionShape shape, size_t) {
    return 2 * per_query_floats(shape) * sizeof(float);
}

template cudaError_t attention_forward(cudaStream_t, AttentionShape, const float*, int64_t, const float*, int64_t,
                                       const float*, int64_t, const int*, float*, int64_t, float*);
template cudaError_t attention_forward(cudaStream_t, AttentionShape, const bf16*, int64_t, const bf16*, int64_t,
                                       const bf16*, int64_t, const int*, bf16*, int64_t, float*);
template cudaError_t attention_backward(cudaStream_t, AttentionShape, const float*, int64_t, const float*, int64_t,
                                        const float*, int64_t, const int*, const int*, const float*, int64_t,
                                        const float*, const float*, int64_t, float*, int64_t, float*, int64_t, float*,
                                        int64_t, void*);
template cudaError_t attention_backward(cudaStream_t, AttentionShape, const bf16*, int64_t, const bf16*, int64_t,
                                        const bf16*, int64_t, const int*, const int*, const bf16*, int64_t,
                                        const float*, const bf16*, int64_t, bf16*, int64_t, bf16*, int64_t, bf16*,
                                        int64_t, void*);

}  // namespace peregrine
