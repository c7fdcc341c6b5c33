// Attention of one token of each sequence: rotates its query and key, adds key and value to the caches, and attends.
//
// The keys are split over blocks (flash-decoding), because one block per sequence and key head would leave most of the
// card idle; each has a maximum, a sum and weighted values in float. Eight splits are a cluster, whose first block adds
// them up out of the others' shared memory; of several clusters, each leaves its sums and the last to arrive adds those.
// Sums are added in the splits' order, and how keys are dealt to splits depends on the sequence's length alone. A block
// serves up to four query heads of its key head, so that keys and values are read once for them; its first keys and values
// are on their way before the kernel before has ended. The token's own key and value come from the projection, not from the
// cache, which one block stores them to. Floor: the bytes of the keys and values.


#include "chain.cuh"
#include "decode.cuh"

#include <cooperative_groups.h>

namespace peregrine {
namespace {

constexpr int kThreads = 256, kWarps = kThreads / kWarp, kChunk = 128;
constexpr int kMaxSplits = 128, kCluster = 8;

template <typename T>
struct Step {
    DecodeAttentionShape shape;
    const T* qkv;
    int64_t qkvStride;
    const float2* angles;
    float keyScale, scoreScale;
    const int* positions;
    T *keys, *values;
    int splits;
    float* partial;  // (batch, numHeads, clusters, headDim + 2): weighted values, maximum in base 2, sum
    int* counters;   // (batch, key heads, blocks per key head)
    T* out;
    int64_t outStride;

    __device__ __forceinline__ int64_t cache_row(int sequence, int row) const {
        return (static_cast<int64_t>(sequence) * shape.capacity + row) * shape.numKeyValueHeads * shape.headDim;
    }
};

// Whole clusters.
__host__ __device__ inline int max_splits(int capacity) {
    return ceil_div(min(kMaxSplits, ceil_div(capacity, kChunk)), kCluster) * kCluster;
}

// Whole chunks, as many splits as there are chunks, up to kMaxSplits.
__device__ __forceinline__ int keys_per_split(int length) {
    return ceil_div(ceil_div(length, kChunk), kMaxSplits) * kChunk;
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
__device__ __forceinline__ void take_own(const Step<T>& a, int sequence, int keyHead, int position, bool stores, T* key,
                                         T* value) {
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

// The angles of eight numbers of a head, those of a second half with the sign that they are turned with.
template <int kDim>
__device__ __forceinline__ void load_angles(const float2* angles, int position, int piece, float2 (&turn)[8]) {
    constexpr int kHalfPieces = kDim / 16;
    const float4* from = reinterpret_cast<const float4*>(angles + static_cast<int64_t>(position) * (kDim / 2) +
                                                         piece % kHalfPieces * 8);
    float sign = piece < kHalfPieces ? -1.f : 1.f;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float4 pair = from[i];
        turn[2 * i] = make_float2(pair.x, sign * pair.y);
        turn[2 * i + 1] = make_float2(pair.z, sign * pair.w);
    }
}

// A lane's eight numbers of each query of the group, turned, and rounded as a stored query would be.
template <typename T, int kDim, int kGroup>
__device__ __forceinline__ void load_queries(const Step<T>& a, int sequence, int firstHead, int group, int piece,
                                             const float2 (&turn)[8], float (&q)[kGroup][8]) {
    constexpr int kPieces = kDim / 8;
#pragma unroll
    for (int h = 0; h < kGroup; h++) {
        if (h >= group) continue;
        const T* head = a.qkv + sequence * a.qkvStride + (firstHead + h) * kDim;
        Vec8<T> x;
        float own[8], other[8];
        x.load(head + piece * 8);
        x.get(own);
        x.load(head + (piece + kPieces / 2) % kPieces * 8);
        x.get(other);
#pragma unroll
        for (int i = 0; i < 8; i++) {
            q[h][i] = to_float(from_float<T>(own[i] * turn[i].x + other[i] * turn[i].y));
        }
    }
}

// What the blocks of a cluster leave for the first of them, and what the clusters leave for the last.
template <int kDim, int kGroup>
struct Sums {
    float value[kGroup][kDim], max[kGroup], total[kGroup];
};

// Adds `count` parts of one head in their order: part(k, i) is number i of part k, of which kDim are weighted values,
// then come maximum and sum. A warp; out(i, value) is given the result's numbers, with maximum and sum.
template <int kDim, typename In, typename Out>
__device__ __forceinline__ void add_parts(int count, float* weight, In part, Out out) {
    int lane = threadIdx.x % kWarp;
    float top = -INFINITY, all = 0;
    for (int k = lane; k < count; k += kWarp) top = fmaxf(top, part(k, kDim));
    top = warp_max(top);
    for (int k = lane; k < count; k += kWarp) {
        float w = exp2f(part(k, kDim) - top);
        weight[k] = w;
        all = fmaf(w, part(k, kDim + 1), all);
    }
    all = warp_sum(all);
    __syncwarp();
    float v[kDim / kWarp] = {};
#pragma unroll 8
    for (int k = 0; k < count; k++)
#pragma unroll
        for (int i = 0; i < kDim / kWarp; i++) v[i] = fmaf(weight[k], part(k, i * kWarp + lane), v[i]);
#pragma unroll
    for (int i = 0; i < kDim / kWarp; i++) out(i * kWarp + lane, v[i], top, all);
    __syncwarp();
}

// Waits for the blocks of the cluster; where there are no clusters a cluster is one block.
__device__ __forceinline__ void cluster_sync() {
#if __CUDA_ARCH__ >= 900
    cooperative_groups::this_cluster().sync();
#else
    __syncthreads();
#endif
}

template <typename S>
__device__ __forceinline__ const S* of_block(S* mine, int rank) {
#if __CUDA_ARCH__ >= 900
    return cooperative_groups::this_cluster().map_shared_rank(mine, rank);
#else
    return mine;
#endif
}

__device__ __forceinline__ int cluster_blocks() {
#if __CUDA_ARCH__ >= 900
    return kCluster;
#else
    return 1;
#endif
}

// kDim / 8 lanes hold a key; kGroup query heads of one block share it, the last block of a key head perhaps fewer.
template <typename T, int kDim, int kGroup>
__global__ void __launch_bounds__(kThreads, sizeof(T) == 2 && kDim == 64 ? 2 : 1) attention_kernel(const __grid_constant__ Step<T> a) {
    constexpr int kLanes = kDim / 8, kRowsAtOnce = kThreads / kLanes, kRounds = kChunk / kRowsAtOnce;
    __shared__ __align__(16) T ownKey[kDim], ownValue[kDim];
    __shared__ float score[kGroup][kChunk];
    __shared__ float reduced[kWarps][kGroup][kDim];
    __shared__ float weight[kWarps][kMaxSplits];
    __shared__ Sums<kDim, kGroup> sums;
    __shared__ bool isLast;
    chain_begin();

    const DecodeAttentionShape& shape = a.shape;
    int perKey = shape.numHeads / shape.numKeyValueHeads, blocksPerKey = ceil_div(perKey, kGroup);
    int split = blockIdx.x, keyHead = blockIdx.y / blocksPerKey, sequence = blockIdx.z;
    int withinKey = blockIdx.y % blocksPerKey * kGroup, firstHead = keyHead * perKey + withinKey;
    int group = min(kGroup, perKey - withinKey);
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, piece = threadIdx.x % kLanes, first = threadIdx.x / kLanes;
    int position = a.positions[sequence], length = position + 1;
    int perSplit = keys_per_split(length), begin = split * perSplit, end = min(begin + perSplit, length);
    int used = ceil_div(length, perSplit), clusterSize = cluster_blocks(), clusters = ceil_div(used, clusterSize);
    int cluster = split / clusterSize, rank = split % clusterSize;
    if (position >= shape.capacity || cluster >= clusters) {
        chain_wait();
        return;
    }
    const T* keys = a.keys + a.cache_row(sequence, 0) + keyHead * kDim + piece * 8;
    const T* values = a.values + a.cache_row(sequence, 0) + keyHead * kDim + piece * 8;
    int64_t rowStride = static_cast<int64_t>(shape.numKeyValueHeads) * kDim;
    Vec8<T> k[kRounds], v[kRounds];
    auto load = [&](int chunk) {  // of the cache
#pragma unroll
        for (int r = 0; r < kRounds; r++) {
            int row = min(chunk + r * kRowsAtOnce + first, end - 1);
            if (row < position) k[r].load(keys + row * rowStride);
        }
#pragma unroll
        for (int r = 0; r < kRounds; r++) {
            int row = min(chunk + r * kRowsAtOnce + first, end - 1);
            if (row < position) v[r].load(values + row * rowStride);
        }
    };
    if (begin < end) load(begin);
    float2 turn[8];
    load_angles<kDim>(a.angles, position, piece, turn);
    chain_wait();

    if (begin < end) {
        if (end == length) take_own(a, sequence, keyHead, position, withinKey == 0, ownKey, ownValue);
        float q[kGroup][8] = {}, sum[kGroup][8] = {}, max[kGroup], total[kGroup];
        load_queries<T, kDim, kGroup>(a, sequence, firstHead, group, piece, turn, q);
#pragma unroll
        for (int h = 0; h < kGroup; h++) max[h] = -INFINITY, total[h] = 0;
        if (end == length) __syncthreads();
        for (int chunk = begin; chunk < end; chunk += kChunk) {
            if (chunk > begin) load(chunk);
#pragma unroll
            for (int r = 0; r < kRounds; r++) {
                if (min(chunk + r * kRowsAtOnce + first, end - 1) == position) {
                    k[r].load(ownKey + piece * 8);
                    v[r].load(ownValue + piece * 8);
                }
            }
#pragma unroll
            for (int r = 0; r < kRounds; r++) {
                float x[8];
                k[r].get(x);
#pragma unroll
                for (int h = 0; h < kGroup; h++) {
                    float s = 0;
#pragma unroll
                    for (int i = 0; i < 8; i++) s = fmaf(q[h][i], x[i], s);
#pragma unroll
                    for (int offset = kLanes / 2; offset > 0; offset /= 2) s += __shfl_xor_sync(kFullWarp, s, offset);
                    int row = r * kRowsAtOnce + first;
                    if (piece == 0) score[h][row] = chunk + row < end ? s * a.scoreScale : -INFINITY;
                }
            }
            __syncthreads();
#pragma unroll
            for (int h = 0; h < kGroup; h++) {  // every warp works out the same numbers
                float s[kChunk / kWarp], top = max[h], part = 0;
#pragma unroll
                for (int i = 0; i < kChunk / kWarp; i++) top = fmaxf(top, s[i] = score[h][i * kWarp + lane]);
                top = warp_max(top);
#pragma unroll
                for (int i = 0; i < kChunk / kWarp; i++) part += exp2f(s[i] - top);
                float shrink = exp2f(max[h] - top);
                total[h] = total[h] * shrink + warp_sum(part);
                max[h] = top;
#pragma unroll
                for (int i = 0; i < 8; i++) sum[h][i] *= shrink;
            }
#pragma unroll
            for (int r = 0; r < kRounds; r++) {
                float x[8];
                v[r].get(x);
#pragma unroll
                for (int h = 0; h < kGroup; h++) {
                    float p = exp2f(score[h][r * kRowsAtOnce + first] - max[h]);
#pragma unroll
                    for (int i = 0; i < 8; i++) sum[h][i] = fmaf(p, x[i], sum[h][i]);
                }
            }
            if (chunk + kChunk < end) __syncthreads();
        }
#pragma unroll
        for (int h = 0; h < kGroup; h++)
#pragma unroll
            for (int i = 0; i < 8; i++) {
                float x = sum[h][i];
#pragma unroll
                for (int offset = kLanes; offset < kWarp; offset *= 2) x += __shfl_xor_sync(kFullWarp, x, offset);
                if (lane < kLanes) reduced[warp][h][piece * 8 + i] = x;
            }
        if (threadIdx.x == 0) {
#pragma unroll
            for (int h = 0; h < kGroup; h++) sums.max[h] = max[h], sums.total[h] = total[h];
        }
        __syncthreads();
        for (int i = threadIdx.x; i < group * kDim; i += kThreads) {
            float x = 0;
#pragma unroll
            for (int w = 0; w < kWarps; w++) x += reduced[w][i / kDim][i % kDim];
            sums.value[i / kDim][i % kDim] = x;
        }
    }
    cluster_sync();
    T* out = a.out + sequence * a.outStride + firstHead * kDim;
    int64_t perHead = static_cast<int64_t>(a.splits / clusterSize) * (kDim + 2);
    float* partial = a.partial + (static_cast<int64_t>(sequence) * shape.numHeads + firstHead) * perHead;
    if (rank == 0) {
        for (int h = warp; h < group; h += kWarps) {
            add_parts<kDim>(
                min(clusterSize, used - cluster * clusterSize), weight[warp],
                [&](int part, int i) {
                    const Sums<kDim, kGroup>* from = of_block(&sums, part);
                    return i < kDim ? from->value[h][i] : i == kDim ? from->max[h] : from->total[h];
                },
                [&](int i, float x, float top, float all) {
                    if (clusters == 1) {
                        out[h * kDim + i] = from_float<T>(x / all);
                        return;
                    }
                    float* to = partial + h * perHead + cluster * (kDim + 2);
                    to[i] = x;
                    if (i == 0) to[kDim] = top, to[kDim + 1] = all;
                });
        }
    }
    cluster_sync();  // shared memory is there until it has been read
    if (clusters == 1 || rank != 0) return;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        int* counter = a.counters + sequence * gridDim.y + blockIdx.y;
        isLast = atomicAdd(counter, 1) == clusters - 1;
        if (isLast) *counter = 0;
    }
    __syncthreads();
    if (!isLast) return;
    __threadfence();
    for (int h = warp; h < group; h += kWarps) {
        const float* from = partial + h * perHead;  // of other blocks: read past the first cache
        add_parts<kDim>(
            clusters, weight[warp], [&](int part, int i) { return __ldcg(from + part * (kDim + 2) + i); },
            [&](int i, float x, float, float all) { out[h * kDim + i] = from_float<T>(x / all); });
    }
}

// Any shape: a warp per sequence and head, lanes over 32 keys for the scores and over the channels for the values.
template <typename T>
__global__ void __launch_bounds__(kWarp) plain_attention_kernel(const __grid_constant__ Step<T> a) {
    extern __shared__ float shared[];  // query, own key and value, sums: headDim each
    chain_begin();
    int head = blockIdx.x, sequence = blockIdx.y, lane = threadIdx.x, d = a.shape.headDim;
    int perKey = a.shape.numHeads / a.shape.numKeyValueHeads, keyHead = head / perKey;
    int position = a.positions[sequence];
    chain_wait();
    if (position >= a.shape.capacity) return;
    float *q = shared, *sum = q + d;
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

template <typename T, int kDim, int kGroup>
cudaError_t launch(cudaStream_t stream, const Step<T>& a) {
    const DecodeAttentionShape& shape = a.shape;
    dim3 grid(a.splits, shape.numKeyValueHeads * ceil_div(shape.numHeads / shape.numKeyValueHeads, kGroup), shape.batch);
    return launch_chained(stream, attention_kernel<T, kDim, kGroup>, grid, dim3(kThreads), 0, kCluster, a);
}

template <typename T, int kDim>
cudaError_t launch_group(cudaStream_t stream, const Step<T>& a) {
    int group = a.shape.numHeads / a.shape.numKeyValueHeads;
    if (group == 1) return launch<T, kDim, 1>(stream, a);
    if (group == 2) return launch<T, kDim, 2>(stream, a);
    return launch<T, kDim, 4>(stream, a);
}

}  // namespace

size_t decode_attention_partial_bytes(DecodeAttentionShape shape) {
    return static_cast<size_t>(shape.batch) * shape.numHeads * max_splits(shape.capacity) * (shape.headDim + 2) *
           sizeof(float);
}

size_t decode_attention_counters(DecodeAttentionShape shape) {
    return static_cast<size_t>(shape.batch) * shape.numHeads;  // no more than one block per head
}

template <typename T>
cudaError_t decode_attention(cudaStream_t stream, DecodeAttentionShape shape, const T* qkv, int64_t qkvStride,
                             const float2* angles, float keyScale, const int* positions, T* keys, T* values,
                             float* partial, int* counters, T* out, int64_t outStride) {
    float scoreScale = kLog2e / sqrtf(static_cast<float>(shape.headDim));
    Step<T> a{shape, qkv,  qkvStride, angles, keyScale, scoreScale, positions, keys, values, max_splits(shape.capacity),
              partial, counters, out, outStride};
    bool aligned = aligned8(qkv, qkvStride) && reinterpret_cast<uintptr_t>(keys) % 16 == 0 &&
                   reinterpret_cast<uintptr_t>(values) % 16 == 0;
    if (aligned && shape.headDim == 64) return launch_group<T, 64>(stream, a);
    if (aligned && shape.headDim == 128) return launch_group<T, 128>(stream, a);
    size_t shared = shape.headDim * (2 * sizeof(float) + 2 * sizeof(T));
    return launch_chained(stream, plain_attention_kernel<T>, dim3(shape.numHeads, shape.batch), dim3(kWarp), shared, 1, a);
}

template cudaError_t decode_attention<float>(cudaStream_t, DecodeAttentionShape, const float*, int64_t, const float2*,
                                             float, const int*, float*, float*, float*, int*, float*, int64_t);
template cudaError_t decode_attention<bf16>(cudaStream_t, DecodeAttentionShape, const bf16*, int64_t, const float2*,
                                            float, const int*, bf16*, bf16*, float*, int*, bf16*, int64_t);

}  // namespace peregrine
