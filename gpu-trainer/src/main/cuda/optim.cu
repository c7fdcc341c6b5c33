#include "optim.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 256;
constexpr int kTotalThreads = 1024;

__device__ __forceinline__ void step(const AdamTensor& t, float& value, float gradient, float& first, float& second) {
    float g = t.gradientScale * gradient;
    first = t.beta1 * first + t.rest1 * g;
    second = t.beta2 * second + t.rest2 * (g * g);
    value = t.keep * value - t.rate * first / (sqrtf(second) * t.rootCorrection + t.epsilon);
}

__global__ void adamw_kernel(const AdamTensor* __restrict__ tensors, const int* __restrict__ pieceTensor,
                             const int64_t* __restrict__ pieceStart) {
    const AdamTensor t = tensors[pieceTensor[blockIdx.x]];
    int64_t from = pieceStart[blockIdx.x];
    int64_t to = min(t.count, from + kAdamPiece);
    bool vector = (reinterpret_cast<uintptr_t>(t.value) | reinterpret_cast<uintptr_t>(t.gradient) |
                   reinterpret_cast<uintptr_t>(t.firstMoment) | reinterpret_cast<uintptr_t>(t.secondMoment)) %
                          16 == 0 &&
                  reinterpret_cast<uintptr_t>(t.rounded) % 8 == 0;
    int64_t wide = vector ? from + (to - from) / 4 * 4 : from;
    for (int64_t i = from + threadIdx.x * 4; i < wide; i += kThreads * 4) {
        float4 p = *reinterpret_cast<float4*>(t.value + i);
        float4 g = *reinterpret_cast<const float4*>(t.gradient + i);
        float4 m = *reinterpret_cast<float4*>(t.firstMoment + i);
        float4 v = *reinterpret_cast<float4*>(t.secondMoment + i);
        step(t, p.x, g.x, m.x, v.x);
        step(t, p.y, g.y, m.y, v.y);
        step(t, p.z, g.z, m.z, v.z);
        step(t, p.w, g.w, m.w, v.w);
        *reinterpret_cast<float4*>(t.value + i) = p;
        *reinterpret_cast<float4*>(t.firstMoment + i) = m;
        *reinterpret_cast<float4*>(t.secondMoment + i) = v;
        if (t.rounded) {
            *reinterpret_cast<uint2*>(t.rounded + i) = make_uint2(pack_bf16(p.x, p.y), pack_bf16(p.z, p.w));
        }
    }
    for (int64_t i = wide + threadIdx.x; i < to; i += kThreads) {
        float p = t.value[i], m = t.firstMoment[i], v = t.secondMoment[i];
        step(t, p, t.gradient[i], m, v);
        t.value[i] = p;
        t.firstMoment[i] = m;
        t.secondMoment[i] = v;
        if (t.rounded) t.rounded[i] = from_float<bf16>(p);
    }
}

__global__ void zero_gradients_kernel(const AdamTensor* __restrict__ tensors, const int* __restrict__ pieceTensor,
                                      const int64_t* __restrict__ pieceStart) {
    const AdamTensor& t = tensors[pieceTensor[blockIdx.x]];
    float* gradient = t.gradient;
    int64_t from = pieceStart[blockIdx.x];
    int64_t to = min(t.count, from + kAdamPiece);
    bool vector = reinterpret_cast<uintptr_t>(gradient) % 16 == 0;
    int64_t wide = vector ? from + (to - from) / 4 * 4 : from;
    for (int64_t i = from + threadIdx.x * 4; i < wide; i += kThreads * 4) {
        *reinterpret_cast<float4*>(gradient + i) = make_float4(0, 0, 0, 0);
    }
    for (int64_t i = wide + threadIdx.x; i < to; i += kThreads) gradient[i] = 0;
}

template <int kCount>
__device__ __forceinline__ double block_total(double mine) {
    __shared__ double sums[kCount];
    sums[threadIdx.x] = mine;
    __syncthreads();
    for (int width = kCount / 2; width > 0; width /= 2) {
        if (threadIdx.x < width) sums[threadIdx.x] += sums[threadIdx.x + width];
        __syncthreads();
    }
    return sums[0];
}

__global__ void squares_kernel(const AdamTensor* __restrict__ tensors, const int* __restrict__ pieceTensor,
                               const int64_t* __restrict__ pieceStart, double* __restrict__ sums) {
    const AdamTensor& t = tensors[pieceTensor[blockIdx.x]];
    const float* gradient = t.gradient;
    int64_t from = pieceStart[blockIdx.x];
    int64_t to = min(t.count, from + kAdamPiece);
    double mine = 0;
    bool vector = reinterpret_cast<uintptr_t>(gradient) % 16 == 0;
    int64_t wide = vector ? from + (to - from) / 4 * 4 : from;
    for (int64_t i = from + threadIdx.x * 4; i < wide; i += kThreads * 4) {
        float4 g = *reinterpret_cast<const float4*>(gradient + i);
        mine += static_cast<double>(g.x * g.x + g.y * g.y) + static_cast<double>(g.z * g.z + g.w * g.w);
    }
    for (int64_t i = wide + threadIdx.x; i < to; i += kThreads) {
        mine += static_cast<double>(gradient[i]) * gradient[i];
    }
    double sum = block_total<kThreads>(mine);
    if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

__global__ void total_kernel(const double* __restrict__ sums, int count, double* total) {
    double mine = 0;
    for (int i = threadIdx.x; i < count; i += kTotalThreads) mine += sums[i];
    double sum = block_total<kTotalThreads>(mine);
    if (threadIdx.x == 0) *total = sum;
}

}  // namespace

cudaError_t adamw(cudaStream_t stream, const AdamTensor* tensors, const int* pieceTensor, const int64_t* pieceStart,
                  int pieces) {
    if (pieces == 0) return cudaSuccess;
    adamw_kernel<<<pieces, kThreads, 0, stream>>>(tensors, pieceTensor, pieceStart);
    return cudaGetLastError();
}

cudaError_t zero_gradients(cudaStream_t stream, const AdamTensor* tensors, const int* pieceTensor,
                           const int64_t* pieceStart, int pieces) {
    if (pieces == 0) return cudaSuccess;
    zero_gradients_kernel<<<pieces, kThreads, 0, stream>>>(tensors, pieceTensor, pieceStart);
    return cudaGetLastError();
}

cudaError_t squares(cudaStream_t stream, const AdamTensor* tensors, const int* pieceTensor, const int64_t* pieceStart,
                    int pieces, double* sums) {
    if (pieces == 0) return cudaSuccess;
    squares_kernel<<<pieces, kThreads, 0, stream>>>(tensors, pieceTensor, pieceStart, sums);
    return cudaGetLastError();
}

cudaError_t total(cudaStream_t stream, const double* sums, int count, double* total) {
    total_kernel<<<1, kTotalThreads, 0, stream>>>(sums, count, total);
    return cudaGetLastError();
}

}  // namespace peregrine
