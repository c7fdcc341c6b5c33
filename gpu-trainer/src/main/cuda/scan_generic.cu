// The scan as the recurrence it is, in float, for any shape and alignment: what the tensor-core kernels do not cover, and
// conformance in float.
//
// A block owns one head of one sequence and walks over its tokens, kSteps at a time; a warp owns a channel, a lane a
// number of the state. Forward leaves the state before every kSteps tokens; backward walks the other way and runs each
// stretch again to have the states in between, in registers. Sums over lanes, warps, heads and sequences have a fixed
// order. No thought was given to speed beyond that.
#include "scan_arguments.cuh"

namespace peregrine {
namespace {

constexpr int kSteps = 32, kWarps = 8, kThreads = kWarps * kWarp;
static_assert(kSteps == kWarp, "sums over lanes end with one step per lane");

// Lane t gets the sum over all lanes of v[t].
template <int kHalf = kSteps / 2>
__device__ __forceinline__ float sum_to_lane(float (&v)[kSteps]) {
    bool upper = threadIdx.x & kHalf;
#pragma unroll
    for (int i = 0; i < kHalf; i++) {
        float send = upper ? v[i] : v[i + kHalf], keep = upper ? v[i + kHalf] : v[i];
        v[i] = keep + __shfl_xor_sync(kFullWarp, send, kHalf);
    }
    if constexpr (kHalf > 1) return sum_to_lane<kHalf / 2>(v);
    return v[0];
}

// What the steps of a stretch have in common for all channels.
struct Steps {
    float dt[kSteps], decay[kSteps];
    bool starts[kSteps];
    int count;
};

// By one warp; steps past the end change nothing: they decay by 1 and add 0.
template <typename T>
__device__ __forceinline__ void read_steps(Steps& steps, const ScanShape& shape, const ScanInputs<T>& in,
                                           const int* documentStart, const int* biasedStart, int sequence, int head,
                                           int first, float a) {
    int t = threadIdx.x;
    if (t < kSteps) {
        bool valid = first + t < shape.seqLen;
        int64_t row = static_cast<int64_t>(sequence) * shape.seqLen + first + (valid ? t : 0);
        steps.dt[t] = valid ? in.dt[row * in.dtStride + head] : 0.f;
        steps.starts[t] = valid && documentStart[row] == first + t;
        bool biased = valid && biasedStart != nullptr && biasedStart[row] == first + t;
        steps.decay[t] = expf(a * steps.dt[t] + (biased ? kResetBias : 0.f));
    }
    if (t == 0) steps.count = min(kSteps, shape.seqLen - first);
}

template <typename T>
__global__ void __launch_bounds__(kThreads)
    generic_forward_kernel(const ScanForward<T> a, float* checkpoints, float* states, int stretches) {
    __shared__ Steps steps;
    const ScanShape& shape = a.shape;
    int head = blockIdx.x, sequence = blockIdx.y, warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int size = shape.dState, group = head / (shape.nHeads / shape.nGroups);
    int64_t matrix = static_cast<int64_t>(shape.dHead) * size;
    float* state = states + (static_cast<int64_t>(sequence) * shape.nHeads + head) * matrix;
    float decayRate = -expf(a.in.aLog[head]), skip = a.in.dSkip[head];
    for (int stretch = 0; stretch < stretches; stretch++) {
        int first = stretch * kSteps;
        int64_t row0 = static_cast<int64_t>(sequence) * shape.seqLen + first;
        __syncthreads();
        read_steps(steps, shape, a.in, a.documentStart, a.biasedStart, sequence, head, first, decayRate);
        __syncthreads();
        const T* b = a.in.b + row0 * a.in.bStride + static_cast<int64_t>(group) * size;
        const T* c = a.in.c + row0 * a.in.cStride + static_cast<int64_t>(group) * size;
        for (int p = warp; p < shape.dHead; p += kWarps) {
            int64_t channel = static_cast<int64_t>(head) * shape.dHead + p;
            const T* x = a.in.x + row0 * a.in.xStride + channel;
            float y = 0;
            for (int n = lane; n - lane < size; n += kWarp) {
                bool valid = n < size;
                int64_t at = static_cast<int64_t>(p) * size + n;
                float s = valid && stretch > 0 ? state[at] : 0.f;
                if (valid && checkpoints != nullptr)
                    checkpoints[((static_cast<int64_t>(sequence) * stretches + stretch) * shape.nHeads + head) * matrix +
                                at] = s;
                float products[kSteps];
#pragma unroll
                for (int t = 0; t < kSteps; t++) {
                    bool there = valid && t < steps.count;
                    float before = steps.starts[t] ? 0.f : steps.decay[t] * s;
                    float in = there ? steps.dt[t] * to_float(x[t * a.in.xStride]) * to_float(b[t * a.in.bStride + n]) : 0.f;
                    s = before + in;
                    products[t] = there ? s * to_float(c[t * a.in.cStride + n]) : 0.f;
                }
                if (valid) state[at] = s;
                y += sum_to_lane(products);
            }
            if (lane < steps.count) {
                y = fmaf(skip, to_float(x[lane * a.in.xStride]), y);
                a.y[(row0 + lane) * a.yStride + channel] = from_float<T>(y);
            }
        }
    }
}

// Parts of backward's workspace.
struct GenericParts {
    float* dState;     // (batch, nHeads, dHead, dState): gradient of the state behind the current token
    float* dScaledX;   // (batch, nHeads, dHead, kSteps): gradient of dt x
    float* dbOfHeads;  // (rows, nHeads, dState)
    float* dcOfHeads;
    float* sums;  // (2, batch, nHeads): of aLog and dSkip
};

GenericParts generic_parts(const ScanShape& shape, ScanArena& arena) {
    size_t heads = static_cast<size_t>(shape.batch) * shape.nHeads, matrix = static_cast<size_t>(shape.dHead) * shape.dState;
    size_t perHead = static_cast<size_t>(shape.batch) * shape.seqLen * shape.nHeads * shape.dState;
    GenericParts parts;
    parts.dState = arena.take<float>(heads * matrix);
    parts.dScaledX = arena.take<float>(heads * shape.dHead * kSteps);
    parts.dbOfHeads = arena.take<float>(perHead);
    parts.dcOfHeads = arena.take<float>(perHead);
    parts.sums = arena.take<float>(2 * heads);
    return parts;
}

// Sum over the warps of tile[t], to element (t, lane) of `to`.
__device__ __forceinline__ void store_over_warps(float (&tile)[kSteps], float (*scratch)[kSteps][kWarp], float* to,
                                                 int64_t stride, int count, int columns) {
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    __syncthreads();
#pragma unroll
    for (int t = 0; t < kSteps; t++) scratch[warp][t][lane] = tile[t];
    __syncthreads();
    for (int t = warp; t < count; t += kWarps) {
        float sum = 0;
        for (int w = 0; w < kWarps; w++) sum += scratch[w][t][lane];
        if (lane < columns) to[t * stride + lane] = sum;
    }
}

template <typename T>
__global__ void __launch_bounds__(kThreads)
    generic_backward_kernel(const ScanBackward<T> a, const float* checkpoints, const GenericParts parts, int stretches) {
    __shared__ Steps steps;
    __shared__ float scratch[kWarps][kSteps][kWarp];
    __shared__ float perStep[2][kWarps][kSteps];
    const ScanShape& shape = a.shape;
    int head = blockIdx.x, sequence = blockIdx.y, warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int size = shape.dState, group = head / (shape.nHeads / shape.nGroups);
    int64_t matrix = static_cast<int64_t>(shape.dHead) * size;
    int64_t ofHead = static_cast<int64_t>(sequence) * shape.nHeads + head;
    float* dState = parts.dState + ofHead * matrix;
    float* dScaledX = parts.dScaledX + ofHead * shape.dHead * kSteps;
    float decayRate = -expf(a.in.aLog[head]), skip = a.in.dSkip[head], dALog = 0, dSkip = 0;
    for (int stretch = stretches - 1; stretch >= 0; stretch--) {
        int first = stretch * kSteps;
        int64_t row0 = static_cast<int64_t>(sequence) * shape.seqLen + first;
        __syncthreads();
        read_steps(steps, shape, a.in, a.documentStart, a.biasedStart, sequence, head, first, decayRate);
        __syncthreads();
        const T* b = a.in.b + row0 * a.in.bStride + static_cast<int64_t>(group) * size;
        const T* c = a.in.c + row0 * a.in.cStride + static_cast<int64_t>(group) * size;
        const T* x0 = a.in.x + row0 * a.in.xStride + static_cast<int64_t>(head) * shape.dHead;
        const T* dy0 = a.dy + row0 * a.dyStride + static_cast<int64_t>(head) * shape.dHead;
        const float* before0 =
            checkpoints + ((static_cast<int64_t>(sequence) * stretches + stretch) * shape.nHeads + head) * matrix;
        float dDecay[kSteps] = {};
        for (int n0 = 0; n0 < size; n0 += kWarp) {
            int n = n0 + lane;
            bool valid = n < size;
            float db[kSteps] = {}, dc[kSteps] = {};
            for (int p = warp; p < shape.dHead; p += kWarps) {
                int64_t at = static_cast<int64_t>(p) * size + n;
                float before[kSteps], products[kSteps];
                float s = valid ? before0[at] : 0.f;
#pragma unroll
                for (int t = 0; t < kSteps; t++) {
                    bool there = valid && t < steps.count;
                    before[t] = steps.starts[t] ? 0.f : s;
                    float in = there ? steps.dt[t] * to_float(x0[t * a.in.xStride + p]) * to_float(b[t * a.in.bStride + n])
                                     : 0.f;
                    s = steps.decay[t] * before[t] + in;
                    if (there) dc[t] = fmaf(to_float(dy0[t * a.dyStride + p]), s, dc[t]);
                }
                float d = valid && stretch + 1 < stretches ? dState[at] : 0.f;
#pragma unroll
                for (int t = kSteps - 1; t >= 0; t--) {
                    products[t] = 0;
                    if (!valid || t >= steps.count) continue;
                    d = fmaf(to_float(dy0[t * a.dyStride + p]), to_float(c[t * a.in.cStride + n]), d);
                    products[t] = d * to_float(b[t * a.in.bStride + n]);
                    db[t] = fmaf(d * steps.dt[t], to_float(x0[t * a.in.xStride + p]), db[t]);
                    dDecay[t] = fmaf(d, before[t], dDecay[t]);
                    d = steps.starts[t] ? 0.f : steps.decay[t] * d;
                }
                if (valid) dState[at] = d;
                float sum = sum_to_lane(products);
                dScaledX[p * kSteps + lane] = n0 > 0 ? dScaledX[p * kSteps + lane] + sum : sum;
            }
            int64_t stride = static_cast<int64_t>(shape.nHeads) * size, at = row0 * stride + static_cast<int64_t>(head) * size + n0;
            store_over_warps(db, scratch, parts.dbOfHeads + at, stride, steps.count, size - n0);
            store_over_warps(dc, scratch, parts.dcOfHeads + at, stride, steps.count, size - n0);
        }
        float dDt = 0;
        if (lane < steps.count) {
            T* dx = a.dx + (row0 + lane) * a.dxStride + static_cast<int64_t>(head) * shape.dHead;
            for (int p = warp; p < shape.dHead; p += kWarps) {
                float x = to_float(x0[lane * a.in.xStride + p]), dy = to_float(dy0[lane * a.dyStride + p]);
                float scaled = dScaledX[p * kSteps + lane];
                dx[p] = from_float<T>(fmaf(steps.dt[lane], scaled, skip * dy));
                dDt = fmaf(scaled, x, dDt);
                dSkip = fmaf(dy, x, dSkip);
            }
        }
        perStep[0][warp][lane] = dDt;
        perStep[1][warp][lane] = sum_to_lane(dDecay);
        __syncthreads();
        if (warp == 0 && lane < steps.count) {
            float direct = 0, throughDecay = 0;
            for (int w = 0; w < kWarps; w++) direct += perStep[0][w][lane], throughDecay += perStep[1][w][lane];
            float ofExponent = throughDecay * steps.decay[lane] * decayRate;
            a.dDt[(row0 + lane) * a.dDtStride + head] = direct + ofExponent;
            dALog = fmaf(ofExponent, steps.dt[lane], dALog);
        }
    }
    __shared__ float sums[kWarp];
    dALog = block_sum(dALog, sums);
    dSkip = block_sum(dSkip, sums);
    if (threadIdx.x == 0) {
        parts.sums[ofHead] = dALog;
        parts.sums[static_cast<int64_t>(shape.batch) * shape.nHeads + ofHead] = dSkip;
    }
}

// (rows, nHeads, dState) to (rows, nGroups, dState).
template <typename T>
__global__ void sum_heads_kernel(const ScanShape shape, const float* ofHeads, T* to, int64_t stride) {
    int64_t row = blockIdx.x;
    int perGroup = shape.nHeads / shape.nGroups, width = shape.nGroups * shape.dState;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        const float* from = ofHeads + (row * shape.nHeads + i / shape.dState * perGroup) * shape.dState + i % shape.dState;
        float sum = 0;
        for (int h = 0; h < perGroup; h++) sum += from[static_cast<int64_t>(h) * shape.dState];
        to[row * stride + i] = from_float<T>(sum);
    }
}

__global__ void sum_sequences_kernel(int batch, int heads, const float* sums, float* dALog, float* dSkip) {
    int head = blockIdx.x * blockDim.x + threadIdx.x;
    if (head >= heads) return;
    float a = 0, d = 0;
    for (int s = 0; s < batch; s++) {
        a += sums[static_cast<int64_t>(s) * heads + head];
        d += sums[static_cast<int64_t>(batch + s) * heads + head];
    }
    dALog[head] += a;
    dSkip[head] += d;
}

}  // namespace

size_t generic_scan_memory_bytes(const ScanShape& shape) {
    return static_cast<size_t>(shape.batch) * ceil_div(shape.seqLen, kSteps) * shape.nHeads * shape.dHead * shape.dState *
           sizeof(float);
}

size_t generic_scan_workspace_bytes(const ScanShape& shape, bool backward) {
    ScanArena arena(nullptr);
    if (backward)
        generic_parts(shape, arena);
    else
        arena.take<float>(static_cast<size_t>(shape.batch) * shape.nHeads * shape.dHead * shape.dState);
    return arena.used();
}

template <typename T>
cudaError_t generic_scan_forward(cudaStream_t stream, const ScanForward<T>& a) {
    float* states = a.finalState != nullptr ? a.finalState : static_cast<float*>(a.workspace);
    generic_forward_kernel<T><<<dim3(a.shape.nHeads, a.shape.batch), kThreads, 0, stream>>>(
        a, static_cast<float*>(a.memory), states, ceil_div(a.shape.seqLen, kSteps));
    return cudaGetLastError();
}

template <typename T>
cudaError_t generic_scan_backward(cudaStream_t stream, const ScanBackward<T>& a) {
    const ScanShape& shape = a.shape;
    ScanArena arena(a.workspace);
    GenericParts parts = generic_parts(shape, arena);
    generic_backward_kernel<T><<<dim3(shape.nHeads, shape.batch), kThreads, 0, stream>>>(
        a, static_cast<const float*>(a.memory), parts, ceil_div(shape.seqLen, kSteps));
    unsigned rows = static_cast<unsigned>(shape.batch) * shape.seqLen;
    sum_heads_kernel<T><<<rows, 128, 0, stream>>>(shape, parts.dbOfHeads, a.db, a.dbStride);
    sum_heads_kernel<T><<<rows, 128, 0, stream>>>(shape, parts.dcOfHeads, a.dc, a.dcStride);
    sum_sequences_kernel<<<ceil_div(shape.nHeads, kWarp), kWarp, 0, stream>>>(shape.batch, shape.nHeads, parts.sums,
                                                                              a.dALog, a.dDSkip);
    return cudaGetLastError();
}

template cudaError_t generic_scan_forward<float>(cudaStream_t, const ScanForward<float>&);
template cudaError_t generic_scan_forward<bf16>(cudaStream_t, const ScanForward<bf16>&);
template cudaError_t generic_scan_backward<float>(cudaStream_t, const ScanBackward<float>&);
template cudaError_t generic_scan_backward<bf16>(cudaStream_t, const ScanBackward<bf16>&);

}  // namespace peregrine
