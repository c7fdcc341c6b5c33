// A step of attention alone: of bf16 heads of 64 or 128 as decode_attention.cuh has it, of any others plainly.
#include "decode_attention.cuh"

#include "shared_memory.cuh"

namespace peregrine {
namespace {

template <int kDim>
__global__ void __launch_bounds__(kAttendThreads) attention_kernel(const __grid_constant__ AttentionStep<bf16> a) {
    extern __shared__ float4 shared[];
    chain_begin();
    int keyHeads = a.shape.numKeyValueHeads, of = blockIdx.x / a.splits;
    attend<kDim>(a, blockIdx.x % a.splits, of % keyHeads, of / keyHeads, shared);
}

// Number `i` of a head of 2 `half` numbers, scaled and turned by its position's angles.
template <typename T>
__device__ __forceinline__ float rotated(const T* head, int i, int half, const float2* angles, float scale) {
    bool low = i < half;
    float2 angle = angles[low ? i : i - half];
    float own = to_float(head[i]), other = to_float(head[low ? i + half : i - half]);
    return scale * (low ? own * angle.x - other * angle.y : own * angle.x + other * angle.y);
}

// The token's own key, turned, and value, into shared memory and, if `stores`, into the cache. Not synchronised.
template <typename T>
__device__ __forceinline__ void take_own(const AttentionStep<T>& a, int sequence, int keyHead, int position, bool stores,
                                         T* key, T* value) {
    int dim = a.shape.headDim, half = dim / 2;
    const T* k = a.qkv + sequence * a.qkvStride + (a.shape.numHeads + keyHead) * dim;
    const T* v = k + a.shape.numKeyValueHeads * dim;
    const float2* angles = a.angles + static_cast<int64_t>(position) * half;
    int64_t at = a.cache_row(sequence, position) + keyHead * dim;
    for (int i = threadIdx.x; i < dim; i += blockDim.x) {
        key[i] = from_float<T>(rotated(k, i, half, angles, a.keyScale));
        value[i] = v[i];
        if (stores) a.keys[at + i] = key[i], a.values[at + i] = value[i];
    }
}

// Any shape: a warp per sequence and head, lanes over 32 keys for the scores and over the channels for the values.
template <typename T>
__global__ void __launch_bounds__(kWarp) plain_attention_kernel(const __grid_constant__ AttentionStep<T> a) {
    extern __shared__ float4 shared[];  // query, own key and value, sums: headDim each
    chain_begin();
    int head = blockIdx.x, sequence = blockIdx.y, lane = threadIdx.x, d = a.shape.headDim;
    int perKey = a.shape.numHeads / a.shape.numKeyValueHeads, keyHead = head / perKey;
    int position = a.positions[sequence];
    chain_wait();
    if (position >= a.shape.capacity) return;
    float *q = reinterpret_cast<float*>(shared), *sum = q + d;
    T *ownKey = reinterpret_cast<T*>(sum + d), *ownValue = ownKey + d;
    const T* row = a.qkv + sequence * a.qkvStride + static_cast<int64_t>(head) * d;
    const float2* angles = a.angles + static_cast<int64_t>(position) * (d / 2);
    take_own(a, sequence, keyHead, position, head % perKey == 0, ownKey, ownValue);
    for (int i = lane; i < d; i += kWarp) {
        q[i] = to_float(from_float<T>(rotated(row, i, d / 2, angles, 1.f)));
        sum[i] = 0;
    }
    __syncwarp();
    const T* keys = a.keys + a.cache_row(sequence, 0) + keyHead * d;
    const T* values = a.values + a.cache_row(sequence, 0) + keyHead * d;
    int64_t rowStride = static_cast<int64_t>(a.shape.numKeyValueHeads) * d;
    float max = -INFINITY, total = 0;
    for (int base = 0; base <= position; base += kWarp) {
        float s = -INFINITY;
        if (base + lane <= position) {
            const T* key = base + lane < position ? keys + (base + lane) * rowStride : ownKey;
            s = 0;
            for (int i = 0; i < d; i++) s = fmaf(q[i], to_float(key[i]), s);
            s *= a.scoreScale;
        }
        float top = fmaxf(max, warp_max(s)), shrink = exp2f(max - top), p = exp2f(s - top);
        total = total * shrink + warp_sum(p);
        max = top;
        for (int c = 0; c < d; c += kWarp) {
            int i = c + lane;
            float x = i < d ? sum[i] * shrink : 0;
            for (int r = 0; r < min(kWarp, position + 1 - base); r++) {
                float w = __shfl_sync(kFullWarp, p, r);
                const T* value = base + r < position ? values + (base + r) * rowStride : ownValue;
                if (i < d) x = fmaf(w, to_float(value[i]), x);
            }
            if (i < d) sum[i] = x;
        }
    }
    T* out = a.out + sequence * a.outStride + static_cast<int64_t>(head) * d;
    for (int i = lane; i < d; i += kWarp) out[i] = from_float<T>(sum[i] / total);
}

template <int kDim>
cudaError_t launch(cudaStream_t stream, const AttentionStep<bf16>& a) {
    size_t shared = attention_shared_bytes<kDim>(a.shape);
    if (cudaError_t status = allow_shared_memory<attention_kernel<kDim>>(shared)) return status;
    dim3 grid(a.splits * a.shape.numKeyValueHeads * a.shape.batch);
    return launch_chained(stream, attention_kernel<kDim>, grid, dim3(kAttendThreads), shared, kCluster, a);
}

}  // namespace

size_t decode_attention_partial_bytes(DecodeAttentionShape shape) {
    return static_cast<size_t>(shape.batch) * shape.numHeads * max_splits(shape.capacity) * (shape.headDim + 2) *
           sizeof(float);
}

size_t decode_attention_counters(DecodeAttentionShape shape) {
    return static_cast<size_t>(shape.batch) * shape.numKeyValueHeads;
}

template <typename T>
cudaError_t decode_attention(cudaStream_t stream, const DecodeAttention<T>& attention) {
    AttentionStep<T> a = attention_step(attention);
    if constexpr (std::is_same_v<T, bf16>) {
        if (attention_fits(attention)) return a.shape.headDim == 64 ? launch<64>(stream, a) : launch<128>(stream, a);
    }
    size_t shared = a.shape.headDim * (2 * sizeof(float) + 2 * sizeof(T));
    return launch_chained(stream, plain_attention_kernel<T>, dim3(a.shape.numHeads, a.shape.batch), dim3(kWarp), shared, 1,
                          a);
}

template cudaError_t decode_attention<float>(cudaStream_t, const DecodeAttention<float>&);
template cudaError_t decode_attention<bf16>(cudaStream_t, const DecodeAttention<bf16>&);

}  // namespace peregrine
