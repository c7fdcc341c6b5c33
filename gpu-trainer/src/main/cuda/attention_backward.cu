// Backward attention on mma.sync, headDim 64 and 128, in two kernels of one form.
//
//   p = exp2(score - logSumExp2), dp = dOut . v, ds = p (dp - delta)
//   dv = sum p dOut, dk = sum ds q / sqrt(headDim)      block of keys, walks over queries and the heads of its group
//   dq = sum ds k / sqrt(headDim)                       block of queries, walks over keys
//
// Keys are the rows of the first kernel's products and queries those of the second's, so p and ds stay in the registers
// in which they were computed. The first kernel loops over the query heads that share its key head: their sum needs no
// workspace. Floor: 14 (visible pairs) headDim FLOPs per head.
#include "attention_tiles.cuh"
#include "shared_memory.cuh"

namespace peregrine {
namespace {

constexpr int kWarps = 4, kThreads = kWarps * kWarp, kOwned = kWarps * 16;

// Channels of 16 bytes per lane, headDim / 8 lanes per query and head; one thread group also serves the padding.
template <int kDim>
__global__ void __launch_bounds__(256) prepare_kernel(const BackwardArguments<bf16> a) {
    constexpr int kLanes = kDim / 8;
    int padded = padded_rows(a.shape);
    int64_t task = (static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x) / kLanes;
    if (task >= static_cast<int64_t>(a.shape.batch) * padded * a.shape.numHeads) return;  // whole groups of lanes
    int lane = threadIdx.x % kLanes, head = task % a.shape.numHeads;
    int position = task / a.shape.numHeads % padded, sequence = task / a.shape.numHeads / padded;
    float delta = 0;
    bool real = position < a.shape.seqLen;
    if (real) {
        Vec8<bf16> x, y;
        x.load(a.out.at(a.shape, sequence, position, head) + lane * 8);
        y.load(a.dOut.at(a.shape, sequence, position, head) + lane * 8);
        float xs[8], ys[8];
        x.get(xs);
        y.get(ys);
#pragma unroll
        for (int i = 0; i < 8; i++) delta = fmaf(xs[i], ys[i], delta);
    }
    unsigned group = __activemask();
#pragma unroll
    for (int offset = kLanes / 2; offset > 0; offset /= 2) delta += __shfl_xor_sync(group, delta, offset);
    if (lane == 0) {
        int64_t to = (static_cast<int64_t>(sequence) * a.shape.numHeads + head) * padded + position;
        int64_t row = static_cast<int64_t>(sequence) * a.shape.seqLen + position;
        a.delta[to] = delta;
        a.logSumExp2[to] = real ? kLog2e * a.logSumExp[row * a.shape.numHeads + head] : INFINITY;
    }
}

template <int kDim>
constexpr int kQueries = kDim == 64 ? 64 : 32;  // of a step; registers hold two accumulators of headDim besides

template <int kDim>
constexpr size_t dkdv_shared_bytes() {
    return (2 * kOwned + 4 * kQueries<kDim>)*kDim * sizeof(bf16) + 4 * kQueries<kDim> * sizeof(float);
}

template <int kDim>
__global__ void __launch_bounds__(kThreads) mma_dkdv_kernel(const BackwardArguments<bf16> a, float scale) {
    constexpr int kN = kQueries<kDim>;
    extern __shared__ __align__(128) bf16 shared[];
    bf16 *key = shared, *value = key + kOwned * kDim;
    bf16* query = value + kOwned * kDim;  // two of each
    bf16* dOut = query + 2 * kN * kDim;
    float* logSumExp2 = reinterpret_cast<float*>(dOut + 2 * kN * kDim);
    float* delta = logSumExp2 + 2 * kN;

    int sequence = blockIdx.x / a.shape.numKeyValueHeads, keyHead = blockIdx.x % a.shape.numKeyValueHeads;
    int perKey = a.shape.numHeads / a.shape.numKeyValueHeads, length = a.shape.seqLen, padded = padded_rows(a.shape);
    int firstKey = blockIdx.y * kOwned;  // the first keys are seen by most queries
    const int* ends = a.documentEnd + static_cast<int64_t>(sequence) * length;
    int endQuery = ends[min(firstKey + kOwned, length) - 1], tiles = ceil_div(endQuery - firstKey, kN);
    int steps = tiles * perKey;

    auto load = [&](int step, int slot) {
        int head = keyHead * perKey + step / tiles, first = firstKey + step % tiles * kN;
        load_tile<kN, kDim, kThreads>(query + slot * kN * kDim, a.q.at(a.shape, sequence, 0, head), a.q.stride, first,
                                      length);
        load_tile<kN, kDim, kThreads>(dOut + slot * kN * kDim, a.dOut.at(a.shape, sequence, 0, head), a.dOut.stride,
                                      first, length);
        int64_t at = (static_cast<int64_t>(sequence) * a.shape.numHeads + head) * padded + first;
        if (threadIdx.x < kN / 4)
            copy_async16(logSumExp2 + slot * kN + threadIdx.x * 4, a.logSumExp2 + at + threadIdx.x * 4);
        else if (threadIdx.x < kN / 2)
            copy_async16(delta + slot * kN + threadIdx.x * 4 - kN, a.delta + at + threadIdx.x * 4 - kN);
        copy_async_commit();
    };
    load_tile<kOwned, kDim, kThreads>(key, a.k.at(a.shape, sequence, 0, keyHead), a.k.stride, firstKey, length);
    load_tile<kOwned, kDim, kThreads>(value, a.v.at(a.shape, sequence, 0, keyHead), a.v.stride, firstKey, length);
    load(0, 0);

    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, row[2], end[2];
    for (int r = 0; r < 2; r++) {
        row[r] = firstKey + warp * 16 + lane / 4 + 8 * r;
        end[r] = row[r] < length ? ends[row[r]] : 0;
    }
    int firstEnd = ends[firstKey];
    float dk[kDim / 8][4] = {}, dv[kDim / 8][4] = {};

    for (int step = 0; step < steps; step++) {
        copy_async_wait<0>();
        __syncthreads();
        int slot = step % 2, tileQuery = firstKey + step % tiles * kN;
        if (step + 1 < steps) load(step + 1, 1 - slot);
        float p[kN / 8][4] = {}, ds[kN / 8][4] = {};
        multiply_rows<kN, kDim>(p, key, warp * 16, query + slot * kN * kDim);
        multiply_rows<kN, kDim>(ds, value, warp * 16, dOut + slot * kN * kDim);
        bool masked = tileQuery < firstKey + kOwned || tileQuery + kN > firstEnd;
#pragma unroll
        for (int n = 0; n < kN / 8; n++) {
            int column = n * 8 + lane % 4 * 2;
            float2 lse = *reinterpret_cast<const float2*>(logSumExp2 + slot * kN + column);
            float2 inner = *reinterpret_cast<const float2*>(delta + slot * kN + column);
#pragma unroll
            for (int i = 0; i < 4; i++) {
                float x = exp2_approx(fmaf(p[n][i], scale, i % 2 ? -lse.y : -lse.x));
                int query = tileQuery + column + i % 2;
                if (masked && (query < row[i / 2] || query >= end[i / 2])) x = 0;
                p[n][i] = x;
                ds[n][i] = x * (ds[n][i] - (i % 2 ? inner.y : inner.x));
            }
        }
        multiply<kN, kDim>(dv, p, dOut + slot * kN * kDim);
        multiply<kN, kDim>(dk, ds, query + slot * kN * kDim);
    }
    float root = scale / kLog2e;
    store_rows<kDim>(dk, root, root, a.dk.at(a.shape, sequence, 0, keyHead), a.dk.stride, firstKey + warp * 16, length);
    store_rows<kDim>(dv, 1, 1, a.dv.at(a.shape, sequence, 0, keyHead), a.dv.stride, firstKey + warp * 16, length);
}

template <int kDim>
constexpr int kStepKeys = kDim == 64 ? 64 : 32;

template <int kDim>
constexpr size_t dq_shared_bytes() {
    return (2 * kOwned + 4 * kStepKeys<kDim>)*kDim * sizeof(bf16);
}

template <int kDim>
__global__ void __launch_bounds__(kThreads) mma_dq_kernel(const BackwardArguments<bf16> a, float scale) {
    constexpr int kKeys = kStepKeys<kDim>;
    extern __shared__ __align__(128) bf16 shared[];
    bf16 *query = shared, *dOut = query + kOwned * kDim;
    bf16* key = dOut + kOwned * kDim;  // two of each
    bf16* value = key + 2 * kKeys * kDim;

    int sequence = blockIdx.x / a.shape.numHeads, head = blockIdx.x % a.shape.numHeads;
    int keyHead = head / (a.shape.numHeads / a.shape.numKeyValueHeads), length = a.shape.seqLen;
    int firstQuery = (gridDim.y - 1 - blockIdx.y) * kOwned;
    const int* start = a.documentStart + static_cast<int64_t>(sequence) * length;
    int firstKey = start[firstQuery] / kKeys * kKeys, endKey = min(firstQuery + kOwned, length);
    int tiles = ceil_div(endKey - firstKey, kKeys);

    auto load = [&](int tile, int slot) {
        load_tile<kKeys, kDim, kThreads>(key + slot * kKeys * kDim, a.k.at(a.shape, sequence, 0, keyHead), a.k.stride,
                                         firstKey + tile * kKeys, length);
        load_tile<kKeys, kDim, kThreads>(value + slot * kKeys * kDim, a.v.at(a.shape, sequence, 0, keyHead), a.v.stride,
                                         firstKey + tile * kKeys, length);
        copy_async_commit();
    };
    load_tile<kOwned, kDim, kThreads>(query, a.q.at(a.shape, sequence, 0, head), a.q.stride, firstQuery, length);
    load_tile<kOwned, kDim, kThreads>(dOut, a.dOut.at(a.shape, sequence, 0, head), a.dOut.stride, firstQuery, length);
    load(0, 0);

    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, row[2], from[2];
    float lse[2], inner[2];
    int64_t at = (static_cast<int64_t>(sequence) * a.shape.numHeads + head) * padded_rows(a.shape);
    for (int r = 0; r < 2; r++) {
        row[r] = firstQuery + warp * 16 + lane / 4 + 8 * r;
        from[r] = row[r] < length ? start[row[r]] : 0;
        lse[r] = a.logSumExp2[at + row[r]];
        inner[r] = a.delta[at + row[r]];
    }
    int lastFrom = start[endKey - 1];
    float dq[kDim / 8][4] = {};

    for (int t = 0; t < tiles; t++) {
        copy_async_wait<0>();
        __syncthreads();
        int slot = t % 2, tileKey = firstKey + t * kKeys;
        if (t + 1 < tiles) load(t + 1, 1 - slot);
        float p[kKeys / 8][4] = {}, ds[kKeys / 8][4] = {};
        multiply_rows<kKeys, kDim>(p, query, warp * 16, key + slot * kKeys * kDim);
        multiply_rows<kKeys, kDim>(ds, dOut, warp * 16, value + slot * kKeys * kDim);
        bool masked = tileKey + kKeys > firstQuery || tileKey < lastFrom;
#pragma unroll
        for (int n = 0; n < kKeys / 8; n++)
#pragma unroll
            for (int i = 0; i < 4; i++) {
                float x = exp2_approx(fmaf(p[n][i], scale, -lse[i / 2]));
                int j = tileKey + n * 8 + lane % 4 * 2 + i % 2;
                if (masked && (j > row[i / 2] || j < from[i / 2])) x = 0;
                ds[n][i] = x * (ds[n][i] - inner[i / 2]);
            }
        multiply<kKeys, kDim>(dq, ds, key + slot * kKeys * kDim);
    }
    float root = scale / kLog2e;
    store_rows<kDim>(dq, root, root, a.dq.at(a.shape, sequence, 0, head), a.dq.stride, firstQuery + warp * 16, length);
}

template <int kDim>
cudaError_t launch_prepare(cudaStream_t stream, const BackwardArguments<bf16>& a) {
    int64_t threads = static_cast<int64_t>(a.shape.batch) * padded_rows(a.shape) * a.shape.numHeads * (kDim / 8);
    prepare_kernel<kDim><<<static_cast<unsigned>(ceil_div<int64_t>(threads, 256)), 256, 0, stream>>>(a);
    return cudaGetLastError();
}

template <int kDim>
cudaError_t launch(cudaStream_t stream, const BackwardArguments<bf16>& a) {
    for (cudaError_t status : {allow_shared_memory<mma_dkdv_kernel<kDim>>(dkdv_shared_bytes<kDim>()),
                               allow_shared_memory<mma_dq_kernel<kDim>>(dq_shared_bytes<kDim>())})
        if (status != cudaSuccess) return status;
    cudaError_t status = launch_prepare<kDim>(stream, a);
    if (status != cudaSuccess) return status;
    float scale = score_scale(a.shape);
    unsigned blocks = ceil_div(a.shape.seqLen, kOwned);
    mma_dkdv_kernel<kDim><<<dim3(a.shape.batch * a.shape.numKeyValueHeads, blocks), kThreads, dkdv_shared_bytes<kDim>(),
                            stream>>>(a, scale);
    mma_dq_kernel<kDim>
        <<<dim3(a.shape.batch * a.shape.numHeads, blocks), kThreads, dq_shared_bytes<kDim>(), stream>>>(a, scale);
    return cudaGetLastError();
}

}  // namespace

cudaError_t mma_backward(cudaStream_t stream, const BackwardArguments<bf16>& a) {
    return a.shape.headDim == 64 ? launch<64>(stream, a) : launch<128>(stream, a);
}

}  // namespace peregrine
