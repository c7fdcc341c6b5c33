// Forward attention on mma.sync, headDim 64 and 128: FlashAttention-2 (arXiv 2307.08691).
//
// A block owns 64 queries of one head, a warp 16 of them; it walks over tiles of keys from the first document's start
// to the diagonal, the next tile being copied while this one is used. The last queries see most keys and come first.
// Floor: 4 (visible pairs) headDim FLOPs per head.
#include "attention_tiles.cuh"
#include "shared_memory.cuh"

namespace peregrine {
namespace {

constexpr int kWarps = 4, kThreads = kWarps * kWarp, kQueries = kWarps * 16, kKeys = 64;

template <int kDim>
constexpr size_t shared_bytes() {
    return (kQueries + 4 * kKeys) * kDim * sizeof(bf16);
}

template <int kDim>
__global__ void __launch_bounds__(kThreads) mma_forward_kernel(const ForwardArguments<bf16> a, float scale) {
    extern __shared__ __align__(128) bf16 shared[];
    bf16* query = shared;
    bf16* key = query + kQueries * kDim;  // two of each
    bf16* value = key + 2 * kKeys * kDim;

    int sequence = blockIdx.x / a.shape.numHeads, head = blockIdx.x % a.shape.numHeads;
    int keyHead = head / (a.shape.numHeads / a.shape.numKeyValueHeads), length = a.shape.seqLen;
    int firstQuery = (gridDim.y - 1 - blockIdx.y) * kQueries;
    const bf16* keys = a.k.at(a.shape, sequence, 0, keyHead);
    const bf16* values = a.v.at(a.shape, sequence, 0, keyHead);
    const int* start = a.documentStart + static_cast<int64_t>(sequence) * length;
    int firstKey = start[firstQuery] / kKeys * kKeys, endKey = min(firstQuery + kQueries, length);
    int tiles = ceil_div(endKey - firstKey, kKeys);

    auto load = [&](int tile, int slot) {
        int first = firstKey + tile * kKeys;
        load_tile<kKeys, kDim, kThreads>(key + slot * kKeys * kDim, keys, a.k.stride, first, length);
        load_tile<kKeys, kDim, kThreads>(value + slot * kKeys * kDim, values, a.v.stride, first, length);
        copy_async_commit();
    };
    load_tile<kQueries, kDim, kThreads>(query, a.q.at(a.shape, sequence, 0, head), a.q.stride, firstQuery, length);
    load(0, 0);

    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int row[2], from[2];
    float max[2] = {-INFINITY, -INFINITY}, sum[2] = {0, 0};
    for (int r = 0; r < 2; r++) {
        row[r] = firstQuery + warp * 16 + lane / 4 + 8 * r;
        from[r] = row[r] < length ? start[row[r]] : 0;
    }
    int lastFrom = start[min(firstQuery + kQueries, length) - 1];
    float out[kDim / 8][4] = {};

    for (int t = 0; t < tiles; t++) {
        copy_async_wait<0>();
        __syncthreads();
        int tileKey = firstKey + t * kKeys, slot = t % 2;
        if (t + 1 < tiles) load(t + 1, 1 - slot);
        float score[kKeys / 8][4] = {};
        multiply_rows<kKeys, kDim>(score, query, warp * 16, key + slot * kKeys * kDim);
        if (tileKey + kKeys > firstQuery || tileKey < lastFrom) {
#pragma unroll
            for (int n = 0; n < kKeys / 8; n++)
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    int j = tileKey + n * 8 + lane % 4 * 2 + i % 2;
                    if (j > row[i / 2] || j < from[i / 2]) score[n][i] = -INFINITY;
                }
        }
#pragma unroll
        for (int r = 0; r < 2; r++) {
            float top = max[r];
#pragma unroll
            for (int n = 0; n < kKeys / 8; n++) top = fmaxf(top, fmaxf(score[n][2 * r], score[n][2 * r + 1]));
            top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, 1));
            top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, 2));
            // A row whose document starts past this tile has seen no key yet.
            float shift = top == -INFINITY ? 0 : top * scale, shrink = exp2_approx(max[r] * scale - shift);
            max[r] = top;
            sum[r] *= shrink;
#pragma unroll
            for (int n = 0; n < kDim / 8; n++) out[n][2 * r] *= shrink, out[n][2 * r + 1] *= shrink;
#pragma unroll
            for (int n = 0; n < kKeys / 8; n++)
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    float p = exp2_approx(fmaf(score[n][2 * r + i], scale, -shift));
                    score[n][2 * r + i] = p;
                    sum[r] += p;
                }
        }
        multiply<kKeys, kDim>(out, score, value + slot * kKeys * kDim);
    }

    float inverse[2];
#pragma unroll
    for (int r = 0; r < 2; r++) {
        sum[r] += __shfl_xor_sync(kFullWarp, sum[r], 1);
        sum[r] += __shfl_xor_sync(kFullWarp, sum[r], 2);
        inverse[r] = 1 / sum[r];
        if (lane % 4 == 0 && row[r] < length)
            a.logSumExp[(static_cast<int64_t>(sequence) * length + row[r]) * a.shape.numHeads + head] =
                (max[r] * scale + log2f(sum[r])) / kLog2e;
    }
    store_rows<kDim>(out, inverse[0], inverse[1], a.out.at(a.shape, sequence, 0, head), a.out.stride,
                     firstQuery + warp * 16, length);
}

template <int kDim>
cudaError_t launch(cudaStream_t stream, const ForwardArguments<bf16>& a) {
    cudaError_t status = allow_shared_memory<mma_forward_kernel<kDim>>(shared_bytes<kDim>());
    if (status != cudaSuccess) return status;
    dim3 grid(a.shape.batch * a.shape.numHeads, ceil_div(a.shape.seqLen, kQueries));
    mma_forward_kernel<kDim><<<grid, kThreads, shared_bytes<kDim>(), stream>>>(a, score_scale(a.shape));
    return cudaGetLastError();
}

}  // namespace

cudaError_t mma_forward(cudaStream_t stream, const ForwardArguments<bf16>& a) {
    return a.shape.headDim == 64 ? launch<64>(stream, a) : launch<128>(stream, a);
}

}  // namespace peregrine
