// One token of each sequence against its cache of keys and values: flash-decoding.
//
// The keys are split over blocks, because one block per sequence and key head would leave most of the card idle at small
// batches; each block leaves its maximum, sum and weighted values (float), and a second kernel adds the splits in their
// order. A block serves up to four query heads of its key head, so keys and values are read once for them. Floor: the
// bytes of the valid keys and values.
#include "attention_arguments.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 128, kWarps = kThreads / kWarp, kChunk = 128;
constexpr int kMaxSplits = 128, kBlocksWanted = 512;  // about four per multiprocessor of the largest cards

template <typename T>
struct StepArguments {
    int numHeads, numKeyValueHeads, headDim, capacity, splits;
    Rows<const T> q;
    const T *keys, *values;
    int64_t sequenceStride, rowStride;
    const int* lengths;
    Rows<T> out;
    float* partial;  // (batch, numHeads, splits, headDim + 2): weighted values, maximum in base 2, sum
};

// Keys are dealt to splits in whole chunks of the actual length, so that a short sequence in a large cache is spread too.
__device__ __forceinline__ int split_keys(int length, int splits) {
    return ceil_div(ceil_div(length, kChunk), splits) * kChunk;
}

// kDim / 8 lanes hold a key; kGroup query heads of one block share it, the last block of a key head perhaps fewer.
template <typename T, int kDim, int kGroup>
__global__ void __launch_bounds__(kThreads) step_kernel(const StepArguments<T> a, float scale) {
    constexpr int kLanes = kDim / 8, kRowsAtOnce = kThreads / kLanes, kRounds = kChunk / kRowsAtOnce;
    __shared__ float score[kGroup][kChunk];
    __shared__ float reduced[kWarps][kGroup][kDim];

    int perKey = a.numHeads / a.numKeyValueHeads, blocksPerKey = ceil_div(perKey, kGroup);
    int split = blockIdx.x, keyHead = blockIdx.y / blocksPerKey, sequence = blockIdx.z;
    int within = blockIdx.y % blocksPerKey * kGroup, firstHead = keyHead * perKey + within;
    int group = min(kGroup, perKey - within);
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, piece = threadIdx.x % kLanes, first = threadIdx.x / kLanes;
    int length = min(a.lengths[sequence], a.capacity), perSplit = split_keys(length, a.splits);
    int begin = split * perSplit, end = min(begin + perSplit, length);
    if (begin >= end) return;  // the second kernel knows which splits are empty

    const T* keys = a.keys + sequence * a.sequenceStride + keyHead * kDim + piece * 8;
    const T* values = a.values + sequence * a.sequenceStride + keyHead * kDim + piece * 8;
    float q[kGroup][8] = {}, sum[kGroup][8] = {}, max[kGroup], total[kGroup];
#pragma unroll
    for (int h = 0; h < kGroup; h++) {
        max[h] = -INFINITY, total[h] = 0;
        if (h < group) {
            Vec8<T> x;
            x.load(a.q.data + sequence * a.q.stride + (firstHead + h) * kDim + piece * 8);
            x.get(q[h]);
        }
    }
    for (int chunk = begin; chunk < end; chunk += kChunk) {
        Vec8<T> x[kRounds];
#pragma unroll
        for (int r = 0; r < kRounds; r++) x[r].load(keys + min(chunk + r * kRowsAtOnce + first, end - 1) * a.rowStride);
#pragma unroll
        for (int r = 0; r < kRounds; r++) {
            float k[8];
            x[r].get(k);
            x[r].load(values + min(chunk + r * kRowsAtOnce + first, end - 1) * a.rowStride);
#pragma unroll
            for (int h = 0; h < kGroup; h++) {
                float s = 0;
#pragma unroll
                for (int i = 0; i < 8; i++) s = fmaf(q[h][i], k[i], s);
#pragma unroll
                for (int offset = kLanes / 2; offset > 0; offset /= 2) s += __shfl_xor_sync(kFullWarp, s, offset);
                int row = r * kRowsAtOnce + first;
                if (piece == 0) score[h][row] = chunk + row < end ? s * scale : -INFINITY;
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
            float v[8];
            x[r].get(v);
#pragma unroll
            for (int h = 0; h < kGroup; h++) {
                float p = exp2f(score[h][r * kRowsAtOnce + first] - max[h]);
#pragma unroll
                for (int i = 0; i < 8; i++) sum[h][i] = fmaf(p, v[i], sum[h][i]);
            }
        }
        __syncthreads();
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
    __syncthreads();
    bool alone = perSplit >= length;
#pragma unroll
    for (int h = 0; h < kGroup; h++) {
        if (h >= group) break;
        int head = firstHead + h;
        float* to = a.partial + ((static_cast<int64_t>(sequence) * a.numHeads + head) * a.splits + split) * (kDim + 2);
        for (int i = threadIdx.x; i < kDim; i += kThreads) {
            float x = 0;
#pragma unroll
            for (int w = 0; w < kWarps; w++) x += reduced[w][h][i];
            if (alone)
                a.out.data[sequence * a.out.stride + head * kDim + i] = from_float<T>(x / total[h]);
            else
                to[i] = x;
        }
        if (threadIdx.x == 0 && !alone) to[kDim] = max[h], to[kDim + 1] = total[h];
    }
}

template <typename T, int kDim>
__global__ void __launch_bounds__(kDim) combine_kernel(const StepArguments<T> a) {
    __shared__ float weight[kMaxSplits], scratch[32];
    int head = blockIdx.x, sequence = blockIdx.y, i = threadIdx.x;
    int length = min(a.lengths[sequence], a.capacity), perSplit = split_keys(length, a.splits);
    if (perSplit >= length) return;  // a single split has written its result itself
    int used = ceil_div(length, perSplit);
    const float* from = a.partial + (static_cast<int64_t>(sequence) * a.numHeads + head) * a.splits * (kDim + 2);
    float top = -INFINITY, total = 0;
    for (int s = i; s < used; s += kDim) top = fmaxf(top, from[s * (kDim + 2) + kDim]);
    top = block_max(top, scratch);
    for (int s = i; s < used; s += kDim) {
        float w = exp2f(from[s * (kDim + 2) + kDim] - top);
        weight[s] = w;
        total = fmaf(w, from[s * (kDim + 2) + kDim + 1], total);
    }
    total = block_sum(total, scratch);
    float sum = 0;
#pragma unroll 8
    for (int s = 0; s < used; s++) sum = fmaf(weight[s], from[s * (kDim + 2) + i], sum);
    a.out.data[sequence * a.out.stride + head * kDim + i] = from_float<T>(sum / total);
}

// Any shape: a warp per sequence and head, lanes over 32 keys for the scores and over the channels for the values.
template <typename T>
__global__ void __launch_bounds__(kWarp) plain_step_kernel(const StepArguments<T> a, float scale) {
    extern __shared__ float sum[];
    int head = blockIdx.x, sequence = blockIdx.y, lane = threadIdx.x, d = a.headDim;
    int keyHead = head / (a.numHeads / a.numKeyValueHeads), length = min(a.lengths[sequence], a.capacity);
    const T* q = a.q.data + sequence * a.q.stride + static_cast<int64_t>(head) * d;
    const T* keys = a.keys + sequence * a.sequenceStride + static_cast<int64_t>(keyHead) * d;
    const T* values = a.values + sequence * a.sequenceStride + static_cast<int64_t>(keyHead) * d;
    for (int i = lane; i < d; i += kWarp) sum[i] = 0;
    float max = -INFINITY, total = 0;
    for (int base = 0; base < length; base += kWarp) {
        float s = -INFINITY;
        if (base + lane < length) {
            s = 0;
            for (int i = 0; i < d; i++) s = fmaf(to_float(q[i]), to_float(keys[(base + lane) * a.rowStride + i]), s);
            s *= scale;
        }
        float top = fmaxf(max, warp_max(s)), shrink = exp2f(max - top), p = exp2f(s - top);
        total = total * shrink + warp_sum(p);
        max = top;
        for (int c = 0; c < d; c += kWarp) {
            int i = c + lane;
            float x = i < d ? sum[i] * shrink : 0;
            for (int r = 0; r < min(kWarp, length - base); r++) {
                float w = __shfl_sync(kFullWarp, p, r);
                if (i < d) x = fmaf(w, to_float(values[(base + r) * a.rowStride + i]), x);
            }
            if (i < d) sum[i] = x;
        }
    }
    T* out = a.out.data + sequence * a.out.stride + static_cast<int64_t>(head) * d;
    for (int i = lane; i < d; i += kWarp) out[i] = from_float<T>(sum[i] / total);
}

int step_splits(int batch, int numKeyValueHeads, int capacity) {
    int wanted = ceil_div(kBlocksWanted, batch * numKeyValueHeads);
    return max(1, min(min(wanted, kMaxSplits), ceil_div(capacity, kChunk)));
}

template <typename T, int kDim, int kGroup>
cudaError_t launch(cudaStream_t stream, int batch, const StepArguments<T>& a, float scale) {
    dim3 grid(a.splits, a.numKeyValueHeads * ceil_div(a.numHeads / a.numKeyValueHeads, kGroup), batch);
    step_kernel<T, kDim, kGroup><<<grid, kThreads, 0, stream>>>(a, scale);
    if (a.splits > 1) combine_kernel<T, kDim><<<dim3(a.numHeads, batch), kDim, 0, stream>>>(a);
    return cudaGetLastError();
}

template <typename T, int kDim>
cudaError_t launch_group(cudaStream_t stream, int batch, int group, const StepArguments<T>& a, float scale) {
    if (group == 1) return launch<T, kDim, 1>(stream, batch, a, scale);
    if (group == 2) return launch<T, kDim, 2>(stream, batch, a, scale);
    return launch<T, kDim, 4>(stream, batch, a, scale);
}

}  // namespace

size_t attention_step_workspace_bytes(int batch, int numHeads, int numKeyValueHeads, int headDim, int capacity) {
    return static_cast<size_t>(batch) * numHeads * step_splits(batch, numKeyValueHeads, capacity) * (headDim + 2) *
           sizeof(float);
}

template <typename T>
cudaError_t attention_step(cudaStream_t stream, int batch, int numHeads, int numKeyValueHeads, int headDim, const T* q,
                           int64_t qStride, const T* keys, const T* values, int64_t cacheSequenceStride,
                           int64_t cacheRowStride, const int* lengths, int capacity, T* out, int64_t outStride,
                           void* workspace) {
    StepArguments<T> a{numHeads,
                       numKeyValueHeads,
                       headDim,
                       capacity,
                       step_splits(batch, numKeyValueHeads, capacity),
                       {q, qStride},
                       keys,
                       values,
                       cacheSequenceStride,
                       cacheRowStride,
                       lengths,
                       {out, outStride},
                       static_cast<float*>(workspace)};
    float scale = kLog2e / sqrtf(static_cast<float>(headDim));
    int group = numHeads / numKeyValueHeads;
    bool aligned = aligned8(q, qStride) && aligned8(keys, cacheRowStride) && aligned8(values, cacheRowStride) &&
                   cacheSequenceStride % 8 == 0;
    if (aligned && headDim == 64) return launch_group<T, 64>(stream, batch, group, a, scale);
    if (aligned && headDim == 128) return launch_group<T, 128>(stream, batch, group, a, scale);
    plain_step_kernel<T><<<dim3(numHeads, batch), kWarp, headDim * sizeof(float), stream>>>(a, scale);
    return cudaGetLastError();
}

template cudaError_t attention_step<float>(cudaStream_t, int, int, int, int, const float*, int64_t, const float*,
                                           const float*, int64_t, int64_t, const int*, int, float*, int64_t, void*);
template cudaError_t attention_step<bf16>(cudaStream_t, int, int, int, int, const bf16*, int64_t, const bf16*,
                                          const bf16*, int64_t, int64_t, const int*, int, bf16*, int64_t, void*);

}  // namespace peregrine
