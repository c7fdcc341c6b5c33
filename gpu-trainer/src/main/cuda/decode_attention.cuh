// Attention of one token of each sequence: rotates its query and key, adds key and value to the caches, and attends.
//
// The keys are split over blocks (flash-decoding), because one block per sequence and key head would leave most of the card
// idle; each has a maximum, a sum and weighted values in float. Eight splits are a cluster, whose first block is given the
// others' sums in its shared memory and adds them up; of several clusters, each leaves its sums in memory and the last to
// arrive adds those. Sums are added in the splits' order, and how keys are dealt to splits depends on the sequence's length
// alone. All query heads of a key head are served at once, so that keys and values are read once for them.
//
// bf16, heads of 64 or 128, up to eight query heads to a key head. A warp has 16 keys at a time, from scores to weighted
// values, and no other warp waits for it before the end:
//   scores (heads x keys)  = q k^T  : the operands' columns may come in any order, so a lane takes 8 that lie side by side
//   values^T (dims x heads) += v^T p^T : a lane's two scores of a head are what the instruction wants of p^T
// Its keys are on their way to registers and its values to shared memory before the kernel before has ended. The token's own
// key and value come from the projection, not from the cache. Floor: the bytes of the keys and values.
#pragma once

#include "chain.cuh"
#include "cluster.cuh"
#include "decode.cuh"

namespace peregrine {

constexpr int kAttendWarps = 8, kAttendThreads = kAttendWarps * kWarp;
constexpr int kAttendKeys = 16;  // of a warp at a time
constexpr int kAttendChunk = kAttendWarps * kAttendKeys;
constexpr int kAttendGroup = 8;  // query heads of a key head at most
constexpr int kMaxSplits = 128;

template <typename T>
struct AttentionStep : DecodeAttention<T> {
    float scoreScale;  // in base 2
    int splits;        // of each key head, most of which may have no keys yet

    __device__ __forceinline__ int64_t cache_row(int sequence, int row) const {
        return (static_cast<int64_t>(sequence) * this->shape.capacity + row) * this->shape.numKeyValueHeads *
               this->shape.headDim;
    }
};

// Whole clusters.
__host__ __device__ inline int max_splits(int capacity) {
    return ceil_div(min(kMaxSplits, ceil_div(capacity, kAttendChunk)), kCluster) * kCluster;
}

template <typename T>
AttentionStep<T> attention_step(const DecodeAttention<T>& a) {
    return {a, kLog2e / sqrtf(static_cast<float>(a.shape.headDim)), max_splits(a.shape.capacity)};
}

// Whether attend() can do it.
inline bool attention_fits(const DecodeAttention<bf16>& a) {
    const DecodeAttentionShape& shape = a.shape;
    return (shape.headDim == 64 || shape.headDim == 128) && shape.numHeads / shape.numKeyValueHeads <= kAttendGroup &&
           aligned8(a.qkv, a.qkvStride) && reinterpret_cast<uintptr_t>(a.keys) % 16 == 0 &&
           reinterpret_cast<uintptr_t>(a.values) % 16 == 0;
}

// Whole chunks, as many splits as there are chunks, up to kMaxSplits.
__device__ __forceinline__ int keys_per_split(int length) {
    return ceil_div(ceil_div(length, kAttendChunk), kMaxSplits) * kAttendChunk;
}

// Values of a warp, padded so that the rows of a fragment lie in different banks.
template <int kDim>
struct AttendValues {
    bf16 row[kAttendWarps][kAttendKeys][kDim + 8];
};

// Of one head: the weighted values, then the scores' maximum in base 2, then the sum of the weights.
template <int kDim>
struct HeadSums {
    float number[kDim + 2];
};

template <int kDim>
size_t attention_shared_bytes(const DecodeAttentionShape& shape) {
    int group = shape.numHeads / shape.numKeyValueHeads;
    return sizeof(AttendValues<kDim>) + (kAttendWarps + kCluster) * group * sizeof(HeadSums<kDim>);
}

// Adds up number `d` of `count` parts, at most kMost, in their order: part(k, i) is number i of part k.
template <int kDim, int kMost, typename Read>
__device__ __forceinline__ float add_parts(int count, float& top, float& all, int d, Read part) {
    float tops[kMost], value = 0;
    top = -INFINITY;
#pragma unroll
    for (int k = 0; k < kMost; k++) top = fmaxf(top, tops[k] = k < count ? part(k, kDim) : -INFINITY);
    all = 0;
#pragma unroll
    for (int k = 0; k < kMost; k++) {
        if (k >= count) continue;
        float weight = exp2_approx(tops[k] - top);
        value = fmaf(weight, part(k, d), value);
        all = fmaf(weight, part(k, kDim + 1), all);
    }
    return value;
}

// Turns pairs of columns a half head apart: angle(j, i) is cosine and sine of columns j * 32 + 8 t + i, that of i + 1 next.
// Rounded step by step as written, so that all who turn get the same bits.
template <int kSteps, typename Angle>
__device__ __forceinline__ void rotate(uint4 (&x)[kSteps], Angle angle, float scale) {
    auto turned = [&](float own, float cosine, float other, float sine) {
        return scale * fmaf(own, cosine, __fmul_rn(other, sine));
    };
#pragma unroll
    for (int j = 0; j < kSteps / 2; j++) {
        uint32_t *low = &x[j].x, *high = &x[j + kSteps / 2].x;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float4 turn = angle(j, 2 * i);
            float2 a = __bfloat1622float2(reinterpret_cast<__nv_bfloat162&>(low[i]));
            float2 b = __bfloat1622float2(reinterpret_cast<__nv_bfloat162&>(high[i]));
            low[i] = pack_bf16(turned(a.x, turn.x, -b.x, turn.y), turned(a.y, turn.z, -b.y, turn.w));
            high[i] = pack_bf16(turned(b.x, turn.x, a.x, turn.y), turned(b.y, turn.z, a.y, turn.w));
        }
    }
}

// What a warp has of the query heads of a key head so far: of head g the scores' maximum in base 2 and the weights' sum over
// its lane's keys, of heads 2 t and 2 t + 1 the weighted values.
template <int kDim>
struct AttendSums {
    float top = -INFINITY, all = 0, sum[kDim / 16][4] = {};
};

// Sixteen keys from `first` on, of which those before `end` count: q as loaded, k of keys n * 8 + g, values in shared memory.
template <int kDim>
__device__ __forceinline__ void attend_keys(AttendSums<kDim>& s, const uint4 (&q)[kDim / 32], const uint4 (&k)[2][kDim / 32],
                                            const bf16 (&values)[kAttendKeys][kDim + 8], int first, int end, bool begins,
                                            float scoreScale) {
    constexpr int kSteps = kDim / 32, kTiles = kDim / 16;
    int lane = threadIdx.x % kWarp, t = lane % 4;
    float score[2][4] = {};  // of head g, keys n * 8 + 2 t and + 1
#pragma unroll
    for (int j = 0; j < kSteps; j++) {
#pragma unroll
        for (int n = 0; n < 2; n++) {
            mma16816(score[n], {q[j].x, 0, q[j].y, 0}, k[n][j].x, k[n][j].y);
            mma16816(score[n], {q[j].z, 0, q[j].w, 0}, k[n][j].z, k[n][j].w);
        }
    }
    float top = s.top;
#pragma unroll
    for (int n = 0; n < 2; n++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            score[n][i] = first + n * 8 + 2 * t + i < end ? score[n][i] * scoreScale : -INFINITY;
            top = fmaxf(top, score[n][i]);
        }
    }
    top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, 1));
    top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, 2));
    float shrink = exp2_approx(s.top - top);  // the first key is there, so the new one is finite
    s.top = top;
#pragma unroll
    for (int n = 0; n < 2; n++)
#pragma unroll
        for (int i = 0; i < 2; i++) score[n][i] = exp2_approx(score[n][i] - top);
    s.all = fmaf(s.all, shrink, score[0][0] + score[0][1] + score[1][0] + score[1][1]);
    if (!begins) {
        float even = __shfl_sync(kFullWarp, shrink, t * 8), odd = __shfl_sync(kFullWarp, shrink, t * 8 + 4);
#pragma unroll
        for (int tile = 0; tile < kTiles; tile++) {
            s.sum[tile][0] *= even, s.sum[tile][1] *= odd, s.sum[tile][2] *= even, s.sum[tile][3] *= odd;
        }
    }
    uint32_t weight[2] = {pack_bf16(score[0][0], score[0][1]), pack_bf16(score[1][0], score[1][1])};
    __syncwarp();
#pragma unroll
    for (int tile = 0; tile < kTiles; tile++) {
        uint32_t v[4];
        load_matrix4_transposed(v, &values[lane % 8 + lane / 16 * 8][tile * 16 + lane / 8 % 2 * 8]);
        mma16816(s.sum[tile], v, weight[0], weight[1]);
    }
    __syncwarp();
}

// Leaves a warp's sums in shared memory: those of head h at to + h.
template <int kDim>
__device__ __forceinline__ void leave_sums(const AttendSums<kDim>& s, HeadSums<kDim>* to, int group) {
    int lane = threadIdx.x % kWarp, g = lane / 4, t = lane % 4;
    float all = quad_sum(s.all);
#pragma unroll
    for (int h = 0; h < 2; h++) {
        if (2 * t + h >= group) continue;
        float* number = to[2 * t + h].number + g;
#pragma unroll
        for (int tile = 0; tile < kDim / 16; tile++) {
            number[tile * 16] = s.sum[tile][h], number[tile * 16 + 8] = s.sum[tile][2 + h];
        }
    }
    if (t == 0 && g < group) to[g].number[kDim] = s.top, to[g].number[kDim + 1] = all;
}

// Sixteen numbers of a head over kCluster splits, added up in their order by one warp. Lane k * 4 + q has four numbers of split
// k and of its scores the maximum and the weights' sum, which are -infinity and 0 where there is no such split; and gets, in
// bf16, four numbers of all.
__device__ __forceinline__ uint2 add_splits(float4 x, float2 scores) {
    static_assert(kCluster * 4 == kWarp);
    int q = threadIdx.x % 4;
    float top = scores.x, all = 0, value[4] = {};
#pragma unroll
    for (int offset = 4; offset < kWarp; offset *= 2) top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, offset));
    float own = exp2_approx(scores.x - top);
#pragma unroll
    for (int n = 0; n < kCluster; n++) {
        int of = n * 4 + q;
        float weight = __shfl_sync(kFullWarp, own, of);
        value[0] = fmaf(weight, __shfl_sync(kFullWarp, x.x, of), value[0]);
        value[1] = fmaf(weight, __shfl_sync(kFullWarp, x.y, of), value[1]);
        value[2] = fmaf(weight, __shfl_sync(kFullWarp, x.z, of), value[2]);
        value[3] = fmaf(weight, __shfl_sync(kFullWarp, x.w, of), value[3]);
        all = fmaf(weight, __shfl_sync(kFullWarp, scores.y, of), all);
    }
    return make_uint2(pack_bf16(value[0] / all, value[1] / all), pack_bf16(value[2] / all, value[3] / all));
}

// One split of one key head of one sequence. shared: attention_shared_bytes(). Blocks that have nothing to do leave at once,
// but for the first of the grid, which must see the kernel before end.
template <int kDim>
__device__ __forceinline__ void attend(const AttentionStep<bf16>& a, int split, int keyHead, int sequence, void* shared) {
    constexpr int kSteps = kDim / 32, kCopies = kAttendKeys * kDim / 8 / kWarp;
    const DecodeAttentionShape& shape = a.shape;
    int group = shape.numHeads / shape.numKeyValueHeads;
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, g = lane / 4, t = lane % 4;
    int position = a.positions[sequence], length = position + 1;
    int perSplit = keys_per_split(length), begin = split * perSplit, end = min(begin + perSplit, length);
    int used = ceil_div(length, perSplit), cluster = split / cluster_blocks(), rank = split % cluster_blocks();
    int clusters = ceil_div(used, cluster_blocks()), inCluster = min(cluster_blocks(), used - cluster * cluster_blocks());
    if (position >= shape.capacity || split >= used) {
        if (blockIdx.x == 0) chain_wait();
        return;
    }
    auto& values = static_cast<AttendValues<kDim>*>(shared)->row[warp];
    auto* ofWarps = reinterpret_cast<HeadSums<kDim>*>(static_cast<AttendValues<kDim>*>(shared) + 1);
    auto* ofBlocks = ofWarps + kAttendWarps * group;
    int64_t rowStride = static_cast<int64_t>(shape.numKeyValueHeads) * kDim, at = a.cache_row(sequence, 0) + keyHead * kDim;

    uint4 k[2][kSteps];
    auto load = [&](int first) {  // this warp's 16 keys and values; those that are not in the cache are zeros
#pragma unroll
        for (int n = 0; n < 2; n++) {
            int row = first + n * 8 + g;
#pragma unroll
            for (int j = 0; j < kSteps; j++) {
                k[n][j] = make_uint4(0, 0, 0, 0);
                if (row < min(end, position)) {
                    k[n][j] = *reinterpret_cast<const uint4*>(a.keys + at + row * rowStride + j * 32 + t * 8);
                }
            }
        }
#pragma unroll
        for (int i = 0; i < kCopies; i++) {
            int within = (i * kWarp + lane) / (kDim / 8), column = (i * kWarp + lane) % (kDim / 8) * 8, row = first + within;
            bool cached = row < min(end, position);
            copy_async16(&values[within][column], a.values + at + (cached ? row : 0) * rowStride + column, cached);
        }
        copy_async_commit();
    };
    load(begin + warp * kAttendKeys);
    float2 turn[kSteps / 2][8];
#pragma unroll
    for (int j = 0; j < kSteps / 2; j++) {
        const float4* from =
            reinterpret_cast<const float4*>(a.angles + static_cast<int64_t>(position) * (kDim / 2) + j * 32 + t * 8);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float4 pair = from[i];
            turn[j][2 * i] = make_float2(pair.x, pair.y), turn[j][2 * i + 1] = make_float2(pair.z, pair.w);
        }
    }
    if (inCluster > 1) cluster_arrive();  // so that nobody writes to a block that has not begun
    chain_wait();

    const bf16* own = a.qkv + sequence * a.qkvStride;
    const bf16* ownKey = own + (shape.numHeads + keyHead) * kDim;
    const bf16* ownValue = ownKey + rowStride;
    uint4 q[kSteps], newKey[kSteps], newValue;
    bool holdsNew = end == length && (position - begin) / kAttendKeys % kAttendWarps == warp;
#pragma unroll
    for (int j = 0; j < kSteps; j++) {
        q[j] = make_uint4(0, 0, 0, 0);
        if (g < group) {
            q[j] = *reinterpret_cast<const uint4*>(own + (keyHead * group + g) * kDim + j * 32 + t * 8);
        }
        if (holdsNew) newKey[j] = *reinterpret_cast<const uint4*>(ownKey + j * 32 + t * 8);
    }
    if (holdsNew && lane < kDim / 8) newValue = *reinterpret_cast<const uint4*>(ownValue + lane * 8);
    auto angle = [&](int j, int i) { return make_float4(turn[j][i].x, turn[j][i].y, turn[j][i + 1].x, turn[j][i + 1].y); };
    rotate(q, angle, 1.f);

    AttendSums<kDim> sums;
    for (int first = begin + warp * kAttendKeys; first < end; first += kAttendChunk) {
        if (first >= begin + kAttendChunk) load(first);
        copy_async_wait<0>();
        if (holdsNew && position < first + kAttendKeys) {  // the token's own key and value
            rotate(newKey, angle, a.keyScale);
            __syncwarp();  // the zeros are there
#pragma unroll
            for (int n = 0; n < 2; n++) {
                if (first + n * 8 + g != position) continue;
#pragma unroll
                for (int j = 0; j < kSteps; j++) {
                    k[n][j] = newKey[j];
                    *reinterpret_cast<uint4*>(a.keys + at + position * rowStride + j * 32 + t * 8) = newKey[j];
                }
            }
            if (lane < kDim / 8) {
                *reinterpret_cast<uint4*>(&values[position - first][lane * 8]) = newValue;
                *reinterpret_cast<uint4*>(a.values + at + position * rowStride + lane * 8) = newValue;
            }
        }
        attend_keys<kDim>(sums, q, k, values, first, end, first < begin + kAttendChunk, a.scoreScale);
    }
    leave_sums<kDim>(sums, ofWarps + warp * group, group);
    __syncthreads();

    bf16* out = a.out + sequence * a.outStride + keyHead * group * kDim;
    int64_t perHead = static_cast<int64_t>(a.splits / cluster_blocks()) * (kDim + 2);
    float* partial = a.partial + (static_cast<int64_t>(sequence) * shape.numHeads + keyHead * group) * perHead;
    auto leave = [&](int h, int d, float value, float top, float all) {  // of the whole cluster
        if (clusters == 1) {
            out[h * kDim + d] = from_float<bf16>(value / all);
            return;
        }
        float* to = partial + h * perHead + cluster * (kDim + 2);
        to[d] = value;
        if (d == 0) to[kDim] = top, to[kDim + 1] = all;
    };
    float top, all;
    if (inCluster > 1) cluster_wait();
    for (int i = threadIdx.x; i < group * kDim; i += kAttendThreads) {
        int h = i / kDim, d = i % kDim;
        float value = add_parts<kDim, kAttendWarps>(kAttendWarps, top, all, d,
                                      [&](int k, int d) { return ofWarps[k * group + h].number[d]; });
        if (inCluster == 1) {
            leave(h, d, value, top, all);
            continue;
        }
        float* to = of_block(ofBlocks[rank * group + h].number, 0);
        to[d] = value;
        if (d == 0) to[kDim] = top, to[kDim + 1] = all;
    }
    if (inCluster > 1) {
        cluster_arrive();
        if (rank != 0) return;
        cluster_wait();
        for (int i = threadIdx.x; i < group * kDim; i += kAttendThreads) {
            int h = i / kDim, d = i % kDim;
            float value = add_parts<kDim, kCluster>(inCluster, top, all, d,
                                          [&](int k, int d) { return ofBlocks[k * group + h].number[d]; });
            leave(h, d, value, top, all);
        }
    }
    if (clusters == 1) return;
    __shared__ bool isLast;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        int* counter = a.counters + sequence * shape.numKeyValueHeads + keyHead;
        isLast = atomicAdd(counter, 1) == clusters - 1;
        if (isLast) *counter = 0;
    }
    __syncthreads();
    if (!isLast) return;
    __threadfence();
    for (int i = threadIdx.x; i < group * kDim; i += kAttendThreads) {
        int h = i / kDim, d = i % kDim;
        const float* from = partial + h * perHead;  // of other blocks: read past the first cache
        float value = add_parts<kDim, kMaxSplits / cluster_blocks()>(clusters, top, all, d,
                                      [&](int k, int d) { return __ldcg(from + k * (kDim + 2) + d); });
        out[i] = from_float<bf16>(value / all);
    }
}

}  // namespace peregrine
