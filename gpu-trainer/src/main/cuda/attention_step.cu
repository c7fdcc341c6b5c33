// One token of each sequence against its cache of keys and values: flash-decoding in one kernel.
//
// The keys are split over blocks, because one block per sequence and key head would leave most of the card idle at
// small batches; each block leaves its maximum, sum and weighted values (float), and the last one to finish adds them
// all, in the order of the splits, whichever block it is: a second kernel would cost as much as the first at short
// lengths. A block serves up to four query heads of its key head, so keys and values are read once for them. Floor: the
// bytes of the valid keys and values.
#include "attention_arguments.cuh"

namespace peregrine {
namespace {

constexpr int kThreads = 256, kWarps = kThreads / kWarp, kMaxGroup = 4, kRounds = 8;
constexpr int kMaxSplits = 128, kBlocksAtOnce = 264;  // two per multiprocessor of the largest cards

// Keys of one turn of a block: kRounds rows for each headDim / 8 of its threads.
__host__ __device__ constexpr int chunk_keys(int headDim) { return kRounds * kThreads / (headDim / 8); }

template <typename T>
struct StepArguments {
    int numHeads, numKeyValueHeads, headDim, capacity, splits;
    Rows<const T> q;
    const T *keys, *values;
    int64_t sequenceStride, rowStride;
    const int* lengths;
    Rows<T> out;
    // Blocks that have finished, per sequence and block of heads, 0 at first; then per (sequence, head, split) headDim
    // weighted values, and (maximum in base 2, sum).
    unsigned* finished;
    float* partial;
    float2* statistics;
};

// Adds the splits of `group` heads. Each float4 of the result is summed by kParts threads, each over every kParts-th
// split, and those sums are added in order.
template <typename T, int kDim>
__device__ void combine(const StepArguments<T>& a, int sequence, int firstHead, int group, int used, float* parts) {
    constexpr int kQuads = kDim / 4, kParts = kThreads / (kMaxGroup * kQuads);
    __shared__ float weight[kMaxGroup][kMaxSplits], inverse[kMaxGroup];
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int64_t first = (static_cast<int64_t>(sequence) * a.numHeads + firstHead) * a.splits;
    if (warp < group) {
        const float2* from = a.statistics + first + warp * a.splits;
        float2 mine[kMaxSplits / kWarp];
        float top = -INFINITY, total = 0;
#pragma unroll
        for (int i = 0; i < kMaxSplits / kWarp; i++) {
            int s = i * kWarp + lane;
            mine[i] = s < used ? __ldcg(from + s) : make_float2(-INFINITY, 0);
            top = fmaxf(top, mine[i].x);
        }
        top = warp_max(top);
#pragma unroll
        for (int i = 0; i < kMaxSplits / kWarp; i++) {
            float w = exp2_approx(mine[i].x - top);
            weight[warp][i * kWarp + lane] = w;
            total = fmaf(w, mine[i].y, total);
        }
        total = warp_sum(total);
        if (lane == 0) inverse[warp] = 1 / total;
    }
    __syncthreads();
    int quad = threadIdx.x % kQuads, h = threadIdx.x / kQuads % kMaxGroup, part = threadIdx.x / (kQuads * kMaxGroup);
    float sum[4] = {};
    if (h < group) {
        const float4* from = reinterpret_cast<const float4*>(a.partial + (first + h * a.splits) * kDim) + quad;
#pragma unroll 8
        for (int s = part; s < used; s += kParts) {
            float4 x = __ldcg(from + s * kQuads);
            float w = weight[h][s];
            sum[0] = fmaf(w, x.x, sum[0]), sum[1] = fmaf(w, x.y, sum[1]);
            sum[2] = fmaf(w, x.z, sum[2]), sum[3] = fmaf(w, x.w, sum[3]);
        }
    }
    float* mine = parts + (part * kMaxGroup + h) * kDim + quad * 4;
#pragma unroll
    for (int i = 0; i < 4; i++) mine[i] = sum[i];
    __syncthreads();
    for (int at = threadIdx.x; at < group * kDim; at += kThreads) {
        float x = 0;
#pragma unroll
        for (int p = 0; p < kParts; p++) x += parts[p * kMaxGroup * kDim + at];
        a.out.data[sequence * a.out.stride + firstHead * kDim + at] = from_float<T>(x * inverse[at / kDim]);
    }
}

// kDim / 8 lanes hold a key; kGroup query heads of one block share it, the last block of a key head perhaps fewer.
template <typename T, int kDim, int kGroup>
__global__ void __launch_bounds__(kThreads, sizeof(T) == 2 ? 2 : 1) step_kernel(const StepArguments<T> a, float scale) {
    constexpr int kLanes = kDim / 8, kRowsAtOnce = kThreads / kLanes, kChunk = chunk_keys(kDim);
    __shared__ float score[kGroup][kChunk];
    __shared__ float reduced[kWarps * kMaxGroup * kDim];
    __shared__ bool last;

    int perKey = a.numHeads / a.numKeyValueHeads, blocksPerKey = ceil_div(perKey, kGroup);
    int split = blockIdx.x, keyHead = blockIdx.y / blocksPerKey, sequence = blockIdx.z;
    int within = blockIdx.y % blocksPerKey * kGroup, firstHead = keyHead * perKey + within;
    int group = min(kGroup, perKey - within);
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int piece = threadIdx.x % kLanes, first = threadIdx.x / kLanes;
    // Whole chunks of the actual length are dealt to the splits: a short sequence in a large cache is spread too.
    int length = min(a.lengths[sequence], a.capacity);
    int perSplit = ceil_div(ceil_div(length, kChunk), a.splits) * kChunk, used = ceil_div(length, perSplit);
    int begin = split * perSplit, end = min(begin + perSplit, length);
    if (begin >= end) return;

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
            for (int i = 0; i < kChunk / kWarp; i++) part += exp2_approx(s[i] - top);
            float shrink = exp2_approx(max[h] - top);
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
                float p = exp2_approx(score[h][r * kRowsAtOnce + first] - max[h]);
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
            if (lane < kLanes) reduced[(warp * kGroup + h) * kDim + piece * 8 + i] = x;
        }
    __syncthreads();
#pragma unroll
    for (int h = 0; h < kGroup; h++) {
        if (h >= group) break;
        int64_t at = (static_cast<int64_t>(sequence) * a.numHeads + firstHead + h) * a.splits + split;
        if (threadIdx.x < kDim) {
            float x = 0;
#pragma unroll
            for (int w = 0; w < kWarps; w++) x += reduced[(w * kGroup + h) * kDim + threadIdx.x];
            if (used == 1)
                a.out.data[sequence * a.out.stride + (firstHead + h) * kDim + threadIdx.x] =
                    from_float<T>(x / total[h]);
            else
                a.partial[at * kDim + threadIdx.x] = x;
        }
        if (threadIdx.x == 0 && used > 1) a.statistics[at] = make_float2(max[h], total[h]);
    }
    if (used == 1) return;
    unsigned* finished = a.finished + sequence * gridDim.y + blockIdx.y;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) last = atomicAdd(finished, 1u) == static_cast<unsigned>(used - 1);
    __syncthreads();
    if (!last) return;
    __threadfence();
    combine<T, kDim>(a, sequence, firstHead, group, used, reduced);
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
        float top = fmaxf(max, warp_max(s)), shrink = exp2_approx(max - top), p = exp2_approx(s - top);
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

bool has_fast_step(int headDim) { return headDim == 64 || headDim == 128; }

// As many as the card runs at once: a second turn that is not full costs as much as a full one.
int step_splits(int batch, int numHeads, int numKeyValueHeads, int headDim, int capacity) {
    if (!has_fast_step(headDim)) return 1;
    int blocks = batch * numKeyValueHeads * ceil_div(numHeads / numKeyValueHeads, kMaxGroup);
    return max(1, min(min(kBlocksAtOnce / blocks, kMaxSplits), ceil_div(capacity, chunk_keys(headDim))));
}

size_t finished_bytes(int batch, int numHeads) {
    return ceil_div<size_t>(static_cast<size_t>(batch) * numHeads * sizeof(unsigned), 16) * 16;
}

template <typename T, int kDim, int kGroup>
cudaError_t launch(cudaStream_t stream, int batch, const StepArguments<T>& a, float scale) {
    if (a.splits > 1) {
        cudaError_t status = cudaMemsetAsync(a.finished, 0, finished_bytes(batch, a.numHeads), stream);
        if (status != cudaSuccess) return status;
    }
    dim3 grid(a.splits, a.numKeyValueHeads * ceil_div(a.numHeads / a.numKeyValueHeads, kGroup), batch);
    step_kernel<T, kDim, kGroup><<<grid, kThreads, 0, stream>>>(a, scale);
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
    size_t splits = step_splits(batch, numHeads, numKeyValueHeads, headDim, capacity);
    return finished_bytes(batch, numHeads) + splits * batch * numHeads * (headDim + 2) * sizeof(float);
}

template <typename T>
cudaError_t attention_step(cudaStream_t stream, int batch, int numHeads, int numKeyValueHeads, int headDim, const T* q,
                           int64_t qStride, const T* keys, const T* values, int64_t cacheSequenceStride,
                           int64_t cacheRowStride, const int* lengths, int capacity, T* out, int64_t outStride,
                           void* workspace) {
    int splits = step_splits(batch, numHeads, numKeyValueHeads, headDim, capacity);
    char* partial = static_cast<char*>(workspace) + finished_bytes(batch, numHeads);
    size_t partialFloats = static_cast<size_t>(batch) * numHeads * splits * headDim;
    StepArguments<T> a{numHeads,
                       numKeyValueHeads,
                       headDim,
                       capacity,
                       splits,
                       {q, qStride},
                       keys,
                       values,
                       cacheSequenceStride,
                       cacheRowStride,
                       lengths,
                       {out, outStride},
                       static_cast<unsigned*>(workspace),
                       reinterpret_cast<float*>(partial),
                       reinterpret_cast<float2*>(partial + partialFloats * sizeof(float))};
    float scale = kLog2e / sqrtf(static_cast<float>(headDim));
    int group = numHeads / numKeyValueHeads;
    bool fast = has_fast_step(headDim) && aligned8(q, qStride) && aligned8(keys, cacheRowStride) &&
                aligned8(values, cacheRowStride) && cacheSequenceStride % 8 == 0;
    if (fast && headDim == 64) return launch_group<T, 64>(stream, batch, group, a, scale);
    if (fast && headDim == 128) return launch_group<T, 128>(stream, batch, group, a, scale);
    plain_step_kernel<T><<<dim3(numHeads, batch), kWarp, headDim * sizeof(float), stream>>>(a, scale);
    return cudaGetLastError();
}

template cudaError_t attention_step<float>(cudaStream_t, int, int, int, int, const float*, int64_t, const float*,
                                           const float*, int64_t, int64_t, const int*, int, float*, int64_t, void*);
template cudaError_t attention_step<bf16>(cudaStream_t, int, int, int, int, const bf16*, int64_t, const bf16*,
                                          const bf16*, int64_t, int64_t, const int*, int, bf16*, int64_t, void*);

}  // namespace peregrine
