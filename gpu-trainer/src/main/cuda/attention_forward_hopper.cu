// Forward attention on Hopper, headDim 64 and 128: FlashAttention-3's pipeline (arXiv 2407.08608) in bf16.
//
// A consumer warpgroup queues the scores of a tile before the values of the last one, and exponentiates while the
// tensor cores work on the latter. At headDim 64 the exponentials take as many cycles as the products (one per 256
// FLOPs, 16 per cycle and multiprocessor), so both units must be busy at once. Heaviest blocks first.
#include "attention_hopper.cuh"
#include "shared_memory.cuh"

#include <type_traits>

namespace peregrine {
namespace {

template <int kDim>
using Tiles = std::conditional_t<kDim == 64, HopperTiles<3, 128, 2>, HopperTiles<2, 128, 2>>;

template <int kDim>
struct Layout {
    using S = Tiles<kDim>;
    static constexpr int kQueryTile = S::kOwned * kDim, kKeyTile = S::kWalked * kDim;
    static constexpr size_t kBytes = 1024 + (kQueryTile + 2 * S::kStages * kKeyTile) * sizeof(bf16);
};

template <int kDim>
__global__ void __launch_bounds__(Tiles<kDim>::kThreads, 1)
    hopper_forward_kernel(const ForwardArguments<bf16> a, const __grid_constant__ CUtensorMap queryMap,
                          const __grid_constant__ CUtensorMap keyMap, const __grid_constant__ CUtensorMap valueMap,
                          float scale) {
#ifdef PEREGRINE_HOPPER
    using Shape = Layout<kDim>;
    using S = Tiles<kDim>;
    constexpr int kKeys = S::kWalked, kStages = S::kStages, kQueries = S::kOwned;
    extern __shared__ char raw[];
    __shared__ uint64_t queryFull, keyFull[kStages], keyEmpty[kStages], valueFull[kStages], valueEmpty[kStages];
    bf16* query = aligned_tiles(raw);
    bf16* key = query + Shape::kQueryTile;
    bf16* value = key + kStages * Shape::kKeyTile;

    int sequence = blockIdx.x / a.shape.numHeads, head = blockIdx.x % a.shape.numHeads;
    int keyHead = head / (a.shape.numHeads / a.shape.numKeyValueHeads), length = a.shape.seqLen;
    int firstQuery = (gridDim.y - 1 - blockIdx.y) * kQueries;
    // The producer asks for what it knows at once; the loads of `start` take as long as that copy.
    if (threadIdx.x == S::kGroups * kWarpgroup) {
        barrier_init(&queryFull, 1);
        for (int s = 0; s < kStages; s++) {
            barrier_init(&keyFull[s], 1);
            barrier_init(&valueFull[s], 1);
            barrier_init(&keyEmpty[s], S::kGroups * kWarpsOfGroup);
            barrier_init(&valueEmpty[s], S::kGroups * kWarpsOfGroup);
        }
        barrier_init_done();
        barrier_expect(&queryFull, Shape::kQueryTile * sizeof(bf16));
        copy_tile<kQueries, kDim>(query, &queryMap, &queryFull, head, firstQuery, sequence);
    }
    const int* start = a.documentStart + static_cast<int64_t>(sequence) * length;
    int firstKey = start[firstQuery] / kKeys * kKeys, endKey = min(firstQuery + kQueries, length);
    int tiles = warp_uniform(ceil_div(endKey - firstKey, kKeys));
    __syncthreads();

    int group = warp_uniform(threadIdx.x / kWarpgroup);
    if (group == S::kGroups) {
        registers_give<S::kProducerRegisters>();
        if (threadIdx.x % kWarpgroup != 0) return;
        for (int t = 0; t < tiles; t++) {
            int stage = t % kStages, turn = t / kStages;
            if (turn > 0) barrier_wait(&keyEmpty[stage], (turn - 1) % 2);
            barrier_expect(&keyFull[stage], Shape::kKeyTile * sizeof(bf16));
            copy_tile<kKeys, kDim>(key + stage * Shape::kKeyTile, &keyMap, &keyFull[stage], keyHead,
                                   firstKey + t * kKeys, sequence);
            if (turn > 0) barrier_wait(&valueEmpty[stage], (turn - 1) % 2);
            barrier_expect(&valueFull[stage], Shape::kKeyTile * sizeof(bf16));
            copy_tile<kKeys, kDim>(value + stage * Shape::kKeyTile, &valueMap, &valueFull[stage], keyHead,
                                   firstKey + t * kKeys, sequence);
        }
        return;
    }

    registers_take<S::kConsumerRegisters>();
    int lane = threadIdx.x % kWarp, groupQuery = firstQuery + group * kGroupRows, row[2], from[2];
#pragma unroll
    for (int r = 0; r < 2; r++) {
        row[r] = groupQuery + threadIdx.x % kWarpgroup / kWarp * 16 + lane / 4 + 8 * r;
        from[r] = row[r] < length ? start[row[r]] : length;
    }
    // The tiles of which this group sees a key; a group past the sequence's end sees none.
    bool real = groupQuery < length;
    int lastFrom = real ? start[min(groupQuery + kGroupRows, length) - 1] : 0;
    int firstTile = warp_uniform(real ? (start[groupQuery] - firstKey) / kKeys : tiles);
    int endTile = real ? ceil_div(min(groupQuery + kGroupRows, length) - firstKey, kKeys) : tiles;

    float max[2] = {-INFINITY, -INFINITY}, sum[2] = {0, 0}, shrink[2];
    constexpr bool kHold = kDim == 128;  // the three warpgroups of headDim 64 have no registers for it
    uint32_t queryLeft[kDim / 4];
    float out[kDim / 2], score[kKeys / 2];
    uint32_t p[kKeys / 4];

    auto softmax = [&](int tile) {
        int tileKey = firstKey + tile * kKeys;
        if (tileKey + kKeys > groupQuery || tileKey < lastFrom) {
#pragma unroll
            for (int i = 0; i < kKeys / 2; i++) {
                int j = tileKey + i / 4 * 8 + lane % 4 * 2 + i % 2;
                if (j > row[i / 2 % 2] || j < from[i / 2 % 2]) score[i] = -INFINITY;
            }
        }
#pragma unroll
        for (int r = 0; r < 2; r++) {
            float top = max[r];
#pragma unroll
            for (int n = 0; n < kKeys / 8; n++) top = fmaxf(top, fmaxf(score[4 * n + 2 * r], score[4 * n + 2 * r + 1]));
            top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, 1));
            top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, 2));
            // A row whose document starts past this tile has seen no key yet.
            float shift = top == -INFINITY ? 0 : top * scale;
            shrink[r] = exp2_approx(max[r] * scale - shift);
            max[r] = top;
            float part = 0;
#pragma unroll
            for (int n = 0; n < kKeys / 8; n++)
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    float x = exp2_approx(fmaf(score[4 * n + 2 * r + i], scale, -shift));
                    score[4 * n + 2 * r + i] = x;
                    part += x;
                }
            sum[r] = fmaf(sum[r], shrink[r], part);
        }
    };
    Turns<S::kGroups> turns(group);
    auto skip = [&](int tile) {
        turns.wait();
        turns.pass();
        int stage = tile % kStages, parity = tile / kStages % 2;
        barrier_wait(&keyFull[stage], parity);
        warp_arrive(&keyEmpty[stage]);
        barrier_wait(&valueFull[stage], parity);
        warp_arrive(&valueEmpty[stage]);
    };

    for (int t = 0; t < firstTile; t++) skip(t);
    if (real) {
    barrier_wait(&queryFull, 0);
    if constexpr (kHold) load_left<kDim, kQueries>(queryLeft, query, group * kGroupRows);
    {
        int stage = firstTile % kStages;
        barrier_wait(&keyFull[stage], firstTile / kStages % 2);
        registers_fence(score);
        turns.wait();
        wgmma_begin();
        if constexpr (kHold)
            score_product<kKeys, kDim>(score, queryLeft, key + stage * Shape::kKeyTile);
        else
            score_product<kKeys, kDim, kQueries>(score, query, group * kGroupRows, key + stage * Shape::kKeyTile);
        wgmma_commit();
        turns.pass();
        wgmma_wait<0>();
        registers_fence(score);
        warp_arrive(&keyEmpty[stage]);
        softmax(firstTile);
        pack_operand(p, score);
    }
    for (int t = firstTile + 1; t < endTile; t++) {
        int stage = t % kStages, last = (t - 1) % kStages;
        barrier_wait(&keyFull[stage], t / kStages % 2);
        registers_fence(score);
        registers_fence(out);
        registers_fence(p);
        turns.wait();
        wgmma_begin();
        if constexpr (kHold)
            score_product<kKeys, kDim>(score, queryLeft, key + stage * Shape::kKeyTile);
        else
            score_product<kKeys, kDim, kQueries>(score, query, group * kGroupRows, key + stage * Shape::kKeyTile);
        wgmma_commit();
        barrier_wait(&valueFull[last], (t - 1) / kStages % 2);
        wgmma_begin();
        value_product<kKeys, kDim>(out, p, value + last * Shape::kKeyTile, t - 1 > firstTile);
        wgmma_commit();
        turns.pass();
        wgmma_wait<1>();
        registers_fence(score);
        warp_arrive(&keyEmpty[stage]);
        softmax(t);
        wgmma_wait<0>();
        registers_fence(out);
        warp_arrive(&valueEmpty[last]);
#pragma unroll
        for (int i = 0; i < kDim / 2; i++) out[i] *= shrink[i / 2 % 2];
        pack_operand(p, score);
    }
    {
        int last = (endTile - 1) % kStages;
        barrier_wait(&valueFull[last], (endTile - 1) / kStages % 2);
        registers_fence(out);
        registers_fence(p);
        wgmma_begin();
        value_product<kKeys, kDim>(out, p, value + last * Shape::kKeyTile, endTile - 1 > firstTile);
        wgmma_commit();
        wgmma_wait<0>();
        registers_fence(out);
        warp_arrive(&valueEmpty[last]);
    }
    }
    for (int t = endTile; t < tiles; t++) skip(t);
    turns.end();
    if (!real) return;
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
    store_accumulator<kDim>(out, inverse[0], inverse[1], a.out.at(a.shape, sequence, 0, head), a.out.stride, groupQuery,
                            length);
#endif
}

template <int kDim>
cudaError_t launch(cudaStream_t stream, const ForwardArguments<bf16>& a) {
    using Shape = Layout<kDim>;
    const AttentionShape& s = a.shape;
    auto make = [&](CUtensorMap* map, const Rows<const bf16>& rows, int heads, int tile) {
        return make_tensor_map(map, rows.data, rows.stride, kDim, heads, s.seqLen, s.batch, tile);
    };
    CUtensorMap query, key, value;
    for (cudaError_t status : {allow_shared_memory<hopper_forward_kernel<kDim>>(Shape::kBytes),
                               make(&query, a.q, s.numHeads, Tiles<kDim>::kOwned),
                               make(&key, a.k, s.numKeyValueHeads, Tiles<kDim>::kWalked),
                               make(&value, a.v, s.numKeyValueHeads, Tiles<kDim>::kWalked)})
        if (status != cudaSuccess) return status;
    dim3 grid(s.batch * s.numHeads, ceil_div(s.seqLen, Tiles<kDim>::kOwned));
    hopper_forward_kernel<kDim>
        <<<grid, Tiles<kDim>::kThreads, Shape::kBytes, stream>>>(a, query, key, value, score_scale(s));
    return cudaGetLastError();
}

}  // namespace

size_t hopper_forward_block_memory(int headDim) { return headDim == 64 ? Layout<64>::kBytes : Layout<128>::kBytes; }

cudaError_t hopper_forward(cudaStream_t stream, const ForwardArguments<bf16>& a) {
    return a.shape.headDim == 64 ? launch<64>(stream, a) : launch<128>(stream, a);
}

}  // namespace peregrine
