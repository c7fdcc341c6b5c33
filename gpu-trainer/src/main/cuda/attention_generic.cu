// Attention of any shape in float or bf16: one warp per query and head (per key and key head for dk, dv), 32 keys at a
// time, one per lane; vectors of headDim lie in the warp's own piece of shared memory. Sums in float in key order. This
// is the conformance path and what unaligned or unusual shapes use; its speed is no goal.
#include "attention_arguments.cuh"

namespace peregrine {
namespace {

constexpr int kWarps = 4;

template <typename T>
__device__ __forceinline__ float dot(const float* x, const T* y, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) sum = fmaf(x[i], to_float(y[i]), sum);
    return sum;
}

template <typename T>
__device__ __forceinline__ void load_row(float* shared, const T* row, int n, int lane) {
    for (int i = lane; i < n; i += kWarp) shared[i] = to_float(row[i]);
}

// sum[i] += over the lanes' weights, in their order, weight * rows[lane][i]; the lanes share the channels.
template <typename T>
__device__ __forceinline__ void add_weighted(float* sum, float weight, const T* firstRow, int64_t stride, int rows,
                                             int n, int lane) {
    for (int base = 0; base < n; base += kWarp) {
        int i = base + lane;
        float x = i < n ? sum[i] : 0;
        for (int r = 0; r < rows; r++) {
            float w = __shfl_sync(kFullWarp, weight, r);
            if (i < n) x = fmaf(w, to_float(firstRow[r * stride + i]), x);
        }
        if (i < n) sum[i] = x;
    }
}

// One query over keys [from, to]; returns the log of the sum of exp.
template <typename T>
__device__ float attend(const T* query, const T* keys, const T* values, int64_t keyStride, int64_t valueStride,
                        int from, int to, int headDim, float scale, float* q, float* sum, T* out, int lane) {
    load_row(q, query, headDim, lane);
    for (int i = lane; i < headDim; i += kWarp) sum[i] = 0;
    __syncwarp();
    float max = -INFINITY, total = 0;
    for (int base = from; base <= to; base += kWarp) {
        int j = base + lane, rows = min(kWarp, to - base + 1);
        float s = j <= to ? scale * dot(q, keys + j * keyStride, headDim) : -INFINITY;
        float newMax = fmaxf(max, warp_max(s));
        float shrink = expf(max - newMax), p = expf(s - newMax);
        total = total * shrink + warp_sum(p);
        max = newMax;
        for (int i = lane; i < headDim; i += kWarp) sum[i] *= shrink;
        add_weighted(sum, p, values + base * valueStride, valueStride, rows, headDim, lane);
    }
    for (int i = lane; i < headDim; i += kWarp) out[i] = from_float<T>(sum[i] / total);
    return max + logf(total);
}

template <typename T>
__global__ void forward_kernel(ForwardArguments<T> a) {
    extern __shared__ float shared[];
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, d = a.shape.headDim;
    int64_t task = static_cast<int64_t>(blockIdx.x) * kWarps + warp;
    if (task >= static_cast<int64_t>(a.shape.batch) * a.shape.seqLen * a.shape.numHeads) return;
    int head = task % a.shape.numHeads;
    int64_t row = task / a.shape.numHeads;
    int sequence = row / a.shape.seqLen, position = row % a.shape.seqLen;
    int keyHead = head / (a.shape.numHeads / a.shape.numKeyValueHeads);
    float* q = shared + warp * 2 * d;
    float lse = attend(a.q.at(a.shape, sequence, position, head), a.k.at(a.shape, sequence, 0, keyHead),
                       a.v.at(a.shape, sequence, 0, keyHead), a.k.stride, a.v.stride, a.documentStart[row], position, d,
                       1 / sqrtf(d), q, q + d, a.out.at(a.shape, sequence, position, head), lane);
    if (lane == 0) a.logSumExp[row * a.shape.numHeads + head] = lse;
}

template <typename T>
__global__ void prepare_kernel(BackwardArguments<T> a) {
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, padded = padded_rows(a.shape);
    int64_t task = static_cast<int64_t>(blockIdx.x) * kWarps + warp;
    if (task >= static_cast<int64_t>(a.shape.batch) * padded * a.shape.numHeads) return;
    int head = task % a.shape.numHeads;
    int position = task / a.shape.numHeads % padded, sequence = task / a.shape.numHeads / padded;
    int64_t to = (static_cast<int64_t>(sequence) * a.shape.numHeads + head) * padded + position;
    float delta = 0, lse = INFINITY;
    if (position < a.shape.seqLen) {
        const T* out = a.out.at(a.shape, sequence, position, head);
        const T* dOut = a.dOut.at(a.shape, sequence, position, head);
        for (int i = lane; i < a.shape.headDim; i += kWarp) delta = fmaf(to_float(out[i]), to_float(dOut[i]), delta);
        delta = warp_sum(delta);
        int64_t row = static_cast<int64_t>(sequence) * a.shape.seqLen + position;
        lse = kLog2e * a.logSumExp[row * a.shape.numHeads + head];
    }
    if (lane == 0) a.delta[to] = delta, a.logSumExp2[to] = lse;
}

template <typename T>
__global__ void dq_kernel(BackwardArguments<T> a) {
    extern __shared__ float shared[];
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, d = a.shape.headDim;
    int64_t task = static_cast<int64_t>(blockIdx.x) * kWarps + warp;
    if (task >= static_cast<int64_t>(a.shape.batch) * a.shape.seqLen * a.shape.numHeads) return;
    int head = task % a.shape.numHeads;
    int64_t row = task / a.shape.numHeads;
    int sequence = row / a.shape.seqLen, position = row % a.shape.seqLen;
    int keyHead = head / (a.shape.numHeads / a.shape.numKeyValueHeads);
    float *q = shared + warp * 3 * d, *g = q + d, *sum = g + d;
    load_row(q, a.q.at(a.shape, sequence, position, head), d, lane);
    load_row(g, a.dOut.at(a.shape, sequence, position, head), d, lane);
    for (int i = lane; i < d; i += kWarp) sum[i] = 0;
    __syncwarp();
    float scale = 1 / sqrtf(d), lse = a.logSumExp[row * a.shape.numHeads + head];
    float delta = a.delta[(static_cast<int64_t>(sequence) * a.shape.numHeads + head) * padded_rows(a.shape) + position];
    const T* keys = a.k.at(a.shape, sequence, 0, keyHead);
    const T* values = a.v.at(a.shape, sequence, 0, keyHead);
    for (int base = a.documentStart[row]; base <= position; base += kWarp) {
        int j = base + lane, rows = min(kWarp, position - base + 1);
        float dScore = 0;
        if (j <= position) {
            float p = expf(scale * dot(q, keys + j * a.k.stride, d) - lse);
            dScore = p * (dot(g, values + j * a.v.stride, d) - delta) * scale;
        }
        add_weighted(sum, dScore, keys + base * a.k.stride, a.k.stride, rows, d, lane);
    }
    T* dq = a.dq.at(a.shape, sequence, position, head);
    for (int i = lane; i < d; i += kWarp) dq[i] = from_float<T>(sum[i]);
}

template <typename T>
__global__ void dkdv_kernel(BackwardArguments<T> a) {
    extern __shared__ float shared[];
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, d = a.shape.headDim;
    int64_t task = static_cast<int64_t>(blockIdx.x) * kWarps + warp;
    if (task >= static_cast<int64_t>(a.shape.batch) * a.shape.seqLen * a.shape.numKeyValueHeads) return;
    int keyHead = task % a.shape.numKeyValueHeads;
    int64_t row = task / a.shape.numKeyValueHeads;
    int sequence = row / a.shape.seqLen, position = row % a.shape.seqLen;
    int perKey = a.shape.numHeads / a.shape.numKeyValueHeads;
    float *k = shared + warp * 4 * d, *v = k + d, *dkSum = v + d, *dvSum = dkSum + d;
    load_row(k, a.k.at(a.shape, sequence, position, keyHead), d, lane);
    load_row(v, a.v.at(a.shape, sequence, position, keyHead), d, lane);
    for (int i = lane; i < d; i += kWarp) dkSum[i] = dvSum[i] = 0;
    __syncwarp();
    float scale = 1 / sqrtf(d);
    for (int head = keyHead * perKey; head < (keyHead + 1) * perKey; head++) {
        const T* queries = a.q.at(a.shape, sequence, 0, head);
        const T* dOuts = a.dOut.at(a.shape, sequence, 0, head);
        int64_t headRow = static_cast<int64_t>(sequence) * a.shape.numHeads + head;
        const float* delta = a.delta + headRow * padded_rows(a.shape);
        int end = a.documentEnd[row];
        for (int base = position; base < end; base += kWarp) {
            int i = base + lane, rows = min(kWarp, end - base);
            float p = 0, dScore = 0;
            if (i < end) {
                int64_t queryRow = static_cast<int64_t>(sequence) * a.shape.seqLen + i;
                p = expf(scale * dot(k, queries + i * a.q.stride, d) - a.logSumExp[queryRow * a.shape.numHeads + head]);
                dScore = p * (dot(v, dOuts + i * a.dOut.stride, d) - delta[i]) * scale;
            }
            add_weighted(dvSum, p, dOuts + base * a.dOut.stride, a.dOut.stride, rows, d, lane);
            add_weighted(dkSum, dScore, queries + base * a.q.stride, a.q.stride, rows, d, lane);
        }
    }
    T* dk = a.dk.at(a.shape, sequence, position, keyHead);
    T* dv = a.dv.at(a.shape, sequence, position, keyHead);
    for (int i = lane; i < d; i += kWarp) dk[i] = from_float<T>(dkSum[i]), dv[i] = from_float<T>(dvSum[i]);
}

int blocks_for(int64_t warps) { return static_cast<int>(ceil_div<int64_t>(warps, kWarps)); }

}  // namespace

template <typename T>
cudaError_t generic_forward(cudaStream_t stream, const ForwardArguments<T>& a) {
    int64_t rows = static_cast<int64_t>(a.shape.batch) * a.shape.seqLen;
    size_t bytes = kWarps * 2 * a.shape.headDim * sizeof(float);
    forward_kernel<T><<<blocks_for(rows * a.shape.numHeads), kWarps * kWarp, bytes, stream>>>(a);
    return cudaGetLastError();
}

template <typename T>
cudaError_t generic_backward(cudaStream_t stream, const BackwardArguments<T>& a) {
    int64_t rows = static_cast<int64_t>(a.shape.batch) * a.shape.seqLen;
    int64_t padded = static_cast<int64_t>(a.shape.batch) * padded_rows(a.shape);
    prepare_kernel<T><<<blocks_for(padded * a.shape.numHeads), kWarps * kWarp, 0, stream>>>(a);
    size_t vector = kWarps * a.shape.headDim * sizeof(float);
    dq_kernel<T><<<blocks_for(rows * a.shape.numHeads), kWarps * kWarp, 3 * vector, stream>>>(a);
    dkdv_kernel<T><<<blocks_for(rows * a.shape.numKeyValueHeads), kWarps * kWarp, 4 * vector, stream>>>(a);
    return cudaGetLastError();
}

template cudaError_t generic_forward<float>(cudaStream_t, const ForwardArguments<float>&);
template cudaError_t generic_forward<bf16>(cudaStream_t, const ForwardArguments<bf16>&);
template cudaError_t generic_backward<float>(cudaStream_t, const BackwardArguments<float>&);
template cudaError_t generic_backward<bf16>(cudaStream_t, const BackwardArguments<bf16>&);

}  // namespace peregrine
