// Backward attention on Hopper, headDim 64 and 128: the two kernels of attention_backward.cu on wgmma.
//
// The kernel for dq runs first: it leaves delta and logSumExp2 for the other, which needs them by columns.
//
// Left operands of the score products are the owned rows; p and ds are left operands from the registers in which they
// were computed; the walked tile serves twice, once by rows and once by columns. While p is exponentiated the product
// for dp runs, and the other warpgroups fill what is left.
#include "attention_hopper.cuh"
#include "shared_memory.cuh"

#include <algorithm>
#include <climits>
#include <type_traits>

namespace peregrine {
namespace {

using KeyTiles = HopperTiles<2, 64, 4>;
template <int kDim>
using QueryTiles = std::conditional_t<kDim == 64, HopperTiles<3, 64, 4>, HopperTiles<2, 64, 4>>;

// Two owned tiles, then a ring of two walked tiles, then (for keys) of two floats per walked query.
template <int kDim, typename S>
constexpr size_t shared_bytes() {
    return 1024 + (2 * S::kOwned + 2 * S::kStages * S::kWalked) * kDim * sizeof(bf16) +
           2 * S::kStages * S::kWalked * sizeof(float);
}

struct BackwardMaps {
    CUtensorMap query, dOut, key, value;
    CUtensorMap logSumExp2, delta;  // for keys alone, by runs of a walked tile of queries
};

template <int kDim>
__global__ void __launch_bounds__(KeyTiles::kThreads, 1)
    hopper_dkdv_kernel(const BackwardArguments<bf16> a, const __grid_constant__ BackwardMaps maps, float scale) {
#ifdef PEREGRINE_HOPPER
    using S = KeyTiles;
    constexpr int kQueries = S::kWalked, kStages = S::kStages, kTile = kQueries * kDim;
    extern __shared__ char raw[];
    __shared__ uint64_t ownedFull, full[kStages], empty[kStages];
    bf16* key = aligned_tiles(raw);
    bf16* value = key + S::kOwned * kDim;
    bf16* query = value + S::kOwned * kDim;
    bf16* dOut = query + kStages * kTile;
    float* logSumExp2 = reinterpret_cast<float*>(dOut + kStages * kTile);
    float* delta = logSumExp2 + kStages * kQueries;

    int sequence = blockIdx.x / a.shape.numKeyValueHeads, keyHead = blockIdx.x % a.shape.numKeyValueHeads;
    int perKey = a.shape.numHeads / a.shape.numKeyValueHeads, length = a.shape.seqLen;
    int firstKey = blockIdx.y * S::kOwned;  // the first keys are seen by most queries
    // The producer asks for what it knows at once; the loads of document bounds take as long as those copies.
    if (threadIdx.x == S::kGroups * kWarpgroup) {
        barrier_init(&ownedFull, 1);
        for (int s = 0; s < kStages; s++) {
            barrier_init(&full[s], 1);
            barrier_init(&empty[s], S::kGroups * kWarpsOfGroup);
        }
        barrier_init_done();
        barrier_expect(&ownedFull, 2 * S::kOwned * kDim * sizeof(bf16));
        copy_tile<S::kOwned, kDim>(key, &maps.key, &ownedFull, keyHead, firstKey, sequence);
        copy_tile<S::kOwned, kDim>(value, &maps.value, &ownedFull, keyHead, firstKey, sequence);
    }
    const int* ends = a.documentEnd + static_cast<int64_t>(sequence) * length;
    int endQuery = ends[min(firstKey + S::kOwned, length) - 1];
    int tiles = warp_uniform(ceil_div(endQuery - firstKey, kQueries));

    __syncthreads();

    int group = warp_uniform(threadIdx.x / kWarpgroup);
    if (group == S::kGroups) {
        registers_give<S::kProducerRegisters>();
        if (threadIdx.x % kWarpgroup != 0) return;
        int stage = 0, parity = 1;  // a wait for the phase before the first passes
        for (int head = keyHead * perKey; head < (keyHead + 1) * perKey; head++) {
            int first = (sequence * a.shape.numHeads + head) * padded_rows(a.shape) + firstKey;
            for (int tile = 0; tile < tiles; tile++) {
                barrier_wait(&empty[stage], parity);
                barrier_expect(&full[stage], 2 * kTile * sizeof(bf16) + 2 * kQueries * sizeof(float));
                int position = firstKey + tile * kQueries;
                copy_tile<kQueries, kDim>(query + stage * kTile, &maps.query, &full[stage], head, position, sequence);
                copy_tile<kQueries, kDim>(dOut + stage * kTile, &maps.dOut, &full[stage], head, position, sequence);
                copy_run(logSumExp2 + stage * kQueries, &maps.logSumExp2, &full[stage], first + tile * kQueries);
                copy_run(delta + stage * kQueries, &maps.delta, &full[stage], first + tile * kQueries);
                if (++stage == kStages) stage = 0, parity ^= 1;
            }
        }
        return;
    }

    registers_take<S::kConsumerRegisters>();
    int lane = threadIdx.x % kWarp, groupKey = firstKey + group * kGroupRows, row[2], end[2];
#pragma unroll
    for (int r = 0; r < 2; r++) {
        row[r] = groupKey + threadIdx.x % kWarpgroup / kWarp * 16 + lane / 4 + 8 * r;
        end[r] = row[r] < length ? ends[row[r]] : 0;
    }
    int firstEnd = groupKey < length ? ends[groupKey] : 0;
    int lastEnd = groupKey < length ? ends[min(groupKey + kGroupRows, length) - 1] : 0;
    // The tiles of queries that see a key of this group.
    int firstTile = warp_uniform((groupKey - firstKey) / kQueries);
    int endTile = warp_uniform(ceil_div(lastEnd - firstKey, kQueries));

    // A step queues its scores, then (kDelayed) dk of the step before, then its dp: the tensor cores work on those two
    // while this warpgroup exponentiates, and on dv while it forms ds. headDim 128 has no registers left for that, nor
    // to hold the keys and values (kHold) and p in float (kKeep).
    constexpr bool kDelayed = kDim == 64, kHold = kDim == 64, kKeep = kDim == 64;
    uint32_t keyLeft[kDim / 4], valueLeft[kDim / 4];
    float dk[kDim / 2], dv[kDim / 2], p[kQueries / 2], ds[kQueries / 2];
    uint32_t pPacked[kQueries / 4], dsPacked[kQueries / 4];
    int stage = 0, parity = 0, previous = 0;
    bool addDv = false, addDk = false;

    auto advance = [&] {
        if (++stage == kStages) stage = 0, parity ^= 1;
    };
    auto release = [&](int which) { warp_arrive(&empty[which]); };
    auto skip = [&] {
        barrier_wait(&full[stage], parity);
        release(stage);
        advance();
    };
    auto add_dk = [&] {
        value_product<kQueries, kDim>(dk, dsPacked, query + previous * kTile, addDk);
        addDk = true;
    };
    auto finish_dk = [&] {
        registers_fence(dsPacked);
        registers_fence(dk);
        wgmma_begin();
        add_dk();
        wgmma_commit();
        wgmma_wait<0>();
        release(previous);
    };
    auto step = [&](int tile, auto start) {
        constexpr bool kOwed = kDelayed && !start.value;  // dk of the step before
        stage = warp_uniform(stage), previous = warp_uniform(previous);
        barrier_wait(&full[stage], parity);
        registers_fence(p);
        registers_fence(ds);
        if constexpr (kOwed) {
            registers_fence(dk);
            registers_fence(dsPacked);
        }
        wgmma_begin();
        if constexpr (kHold)
            score_product<kQueries, kDim>(p, keyLeft, query + stage * kTile);
        else
            score_product<kQueries, kDim, S::kOwned>(p, key, group * kGroupRows, query + stage * kTile);
        wgmma_commit();
        if constexpr (kOwed) {
            add_dk();
            wgmma_commit();
        }
        if constexpr (kHold)
            score_product<kQueries, kDim>(ds, valueLeft, dOut + stage * kTile);
        else
            score_product<kQueries, kDim, S::kOwned>(ds, value, group * kGroupRows, dOut + stage * kTile);
        wgmma_commit();
        wgmma_wait<kOwed ? 2 : 1>();
        registers_fence(p);
        int tileQuery = firstKey + tile * kQueries;
        const float* lse = logSumExp2 + stage * kQueries + lane % 4 * 2;
#pragma unroll
        for (int n = 0; n < kQueries / 8; n++) {
            float2 x = *reinterpret_cast<const float2*>(lse + n * 8);
#pragma unroll
            for (int i = 0; i < 4; i++) p[4 * n + i] = exp2_approx(fmaf(p[4 * n + i], scale, i % 2 ? -x.y : -x.x));
        }
        if (tileQuery < groupKey + kGroupRows || tileQuery + kQueries > firstEnd) {
#pragma unroll
            for (int i = 0; i < kQueries / 2; i++) {
                int q = tileQuery + i / 4 * 8 + lane % 4 * 2 + i % 2;
                if (q < row[i / 2 % 2] || q >= end[i / 2 % 2]) p[i] = 0;
            }
        }
        pack_operand(pPacked, p);
        registers_fence(pPacked);
        registers_fence(dv);
        wgmma_begin();
        value_product<kQueries, kDim>(dv, pPacked, dOut + stage * kTile, addDv);
        wgmma_commit();
        addDv = true;
        wgmma_wait<1>();
        registers_fence(ds);
        if constexpr (kOwed) release(previous);
        const float* inner = delta + stage * kQueries + lane % 4 * 2;
#pragma unroll
        for (int n = 0; n < kQueries / 8; n++) {
            float2 x = *reinterpret_cast<const float2*>(inner + n * 8);
#pragma unroll
            for (int i = 0; i < 4; i++) {
                uint32_t pair = pPacked[2 * n + i / 2];
                float weight = kKeep ? p[4 * n + i] : __uint_as_float(i % 2 ? pair & 0xffff0000u : pair << 16);
                ds[4 * n + i] = weight * (ds[4 * n + i] - (i % 2 ? x.y : x.x));
            }
        }
        pack_operand(dsPacked, ds);
        previous = stage;
        advance();
        if constexpr (!kDelayed) finish_dk();
    };

    barrier_wait(&ownedFull, 0);
    if constexpr (kHold) {
        load_left<kDim, S::kOwned>(keyLeft, key, group * kGroupRows);
        load_left<kDim, S::kOwned>(valueLeft, value, group * kGroupRows);
    }
    for (int head = 0; head < perKey; head++) {
        for (int tile = 0; tile < min(firstTile, tiles); tile++) skip();
        if (firstTile < endTile) {
            step(firstTile, std::true_type());
            for (int tile = firstTile + 1; tile < endTile; tile++) step(tile, std::false_type());
            if constexpr (kDelayed) finish_dk();
        }
        for (int tile = max(firstTile, endTile); tile < tiles; tile++) skip();
    }
    registers_fence(dk);
    registers_fence(dv);
    float root = scale / kLog2e;
    store_accumulator<kDim>(dk, root, root, a.dk.at(a.shape, sequence, 0, keyHead), a.dk.stride, groupKey, length);
    store_accumulator<kDim>(dv, 1, 1, a.dv.at(a.shape, sequence, 0, keyHead), a.dv.stride, groupKey, length);
#endif
}

// A quarter of out . dOut.
template <int kDim>
__device__ __forceinline__ float partial_delta(const BackwardArguments<bf16>& a, int sequence, int position, int head,
                                               int quarter) {
    const bf16* out = a.out.at(a.shape, sequence, position, head) + quarter * (kDim / 4);
    const bf16* dOut = a.dOut.at(a.shape, sequence, position, head) + quarter * (kDim / 4);
    float sum = 0;
#pragma unroll
    for (int c = 0; c < kDim / 4; c += 8) {
        Vec8<bf16> x, y;
        x.load(out + c);
        y.load(dOut + c);
        float xs[8], ys[8];
        x.get(xs);
        y.get(ys);
#pragma unroll
        for (int i = 0; i < 8; i++) sum = fmaf(xs[i], ys[i], sum);
    }
    return sum;
}

template <int kDim>
__global__ void __launch_bounds__(QueryTiles<kDim>::kThreads, 1)
    hopper_dq_kernel(const BackwardArguments<bf16> a, const __grid_constant__ BackwardMaps maps, float scale) {
#ifdef PEREGRINE_HOPPER
    using S = QueryTiles<kDim>;
    constexpr int kKeys = S::kWalked, kStages = S::kStages, kTile = kKeys * kDim;
    extern __shared__ char raw[];
    __shared__ uint64_t ownedFull, full[kStages], empty[kStages];
    bf16* query = aligned_tiles(raw);
    bf16* dOut = query + S::kOwned * kDim;
    bf16* key = dOut + S::kOwned * kDim;
    bf16* value = key + kStages * kTile;

    int sequence = blockIdx.x / a.shape.numHeads, head = blockIdx.x % a.shape.numHeads;
    int keyHead = head / (a.shape.numHeads / a.shape.numKeyValueHeads), length = a.shape.seqLen;
    int firstQuery = (gridDim.y - 1 - blockIdx.y) * S::kOwned;
    // The producer asks for what it knows at once; the loads of document bounds take as long as those copies.
    if (threadIdx.x == S::kGroups * kWarpgroup) {
        barrier_init(&ownedFull, 1);
        for (int s = 0; s < kStages; s++) {
            barrier_init(&full[s], 1);
            barrier_init(&empty[s], S::kGroups * kWarpsOfGroup);
        }
        barrier_init_done();
        barrier_expect(&ownedFull, 2 * S::kOwned * kDim * sizeof(bf16));
        copy_tile<S::kOwned, kDim>(query, &maps.query, &ownedFull, head, firstQuery, sequence);
        copy_tile<S::kOwned, kDim>(dOut, &maps.dOut, &ownedFull, head, firstQuery, sequence);
    }
    const int* start = a.documentStart + static_cast<int64_t>(sequence) * length;
    int firstKey = start[firstQuery] / kKeys * kKeys, endKey = min(firstQuery + S::kOwned, length);
    int tiles = warp_uniform(ceil_div(endKey - firstKey, kKeys));

    __syncthreads();

    int group = warp_uniform(threadIdx.x / kWarpgroup);
    if (group == S::kGroups) {
        registers_give<S::kProducerRegisters>();
        if (threadIdx.x % kWarpgroup != 0) return;
        int stage = 0, parity = 1;
        for (int tile = 0; tile < tiles; tile++) {
            barrier_wait(&empty[stage], parity);
            barrier_expect(&full[stage], 2 * kTile * sizeof(bf16));
            int position = firstKey + tile * kKeys;
            copy_tile<kKeys, kDim>(key + stage * kTile, &maps.key, &full[stage], keyHead, position, sequence);
            copy_tile<kKeys, kDim>(value + stage * kTile, &maps.value, &full[stage], keyHead, position, sequence);
            if (++stage == kStages) stage = 0, parity ^= 1;
        }
        return;
    }

    registers_take<S::kConsumerRegisters>();
    int lane = threadIdx.x % kWarp, groupQuery = firstQuery + group * kGroupRows, row[2], from[2];
    bool real = groupQuery < length;
    float lse[2], inner[2];
    int64_t at = (static_cast<int64_t>(sequence) * a.shape.numHeads + head) * padded_rows(a.shape);
#pragma unroll
    for (int r = 0; r < 2; r++) {
        row[r] = groupQuery + threadIdx.x % kWarpgroup / kWarp * 16 + lane / 4 + 8 * r;
        bool valid = row[r] < length;
        from[r] = valid ? start[row[r]] : length;
        inner[r] = valid ? partial_delta<kDim>(a, sequence, row[r], head, lane % 4) : 0;
        inner[r] += __shfl_xor_sync(kFullWarp, inner[r], 1);
        inner[r] += __shfl_xor_sync(kFullWarp, inner[r], 2);
        int64_t token = static_cast<int64_t>(sequence) * length + row[r];
        lse[r] = valid ? kLog2e * a.logSumExp[token * a.shape.numHeads + head] : INFINITY;
        if (valid && lane % 4 == 0) a.delta[at + row[r]] = inner[r], a.logSumExp2[at + row[r]] = lse[r];
    }
    if (firstQuery + S::kOwned >= length)
        for (int i = length + threadIdx.x; i < padded_rows(a.shape); i += S::kGroups * kWarpgroup)
            a.delta[at + i] = 0, a.logSumExp2[at + i] = INFINITY;
    int lastFrom = real ? start[min(groupQuery + kGroupRows, length) - 1] : 0;
    int firstTile = warp_uniform(real ? (start[groupQuery] - firstKey) / kKeys : tiles);
    int endTile = warp_uniform(real ? ceil_div(min(groupQuery + kGroupRows, length) - firstKey, kKeys) : tiles);

    constexpr bool kHold = kDim == 128;  // the three warpgroups of headDim 64 have no registers for it
    uint32_t queryLeft[kDim / 4], dOutLeft[kDim / 4];
    float dq[kDim / 2], p[kKeys / 2], ds[kKeys / 2];
    uint32_t dsPacked[kKeys / 4];
    int stage = 0, parity = 0, previous = 0;
    bool add = false;

    auto advance = [&] {
        if (++stage == kStages) stage = 0, parity ^= 1;
    };
    auto release = [&](int which) { warp_arrive(&empty[which]); };
    auto skip = [&] {
        barrier_wait(&full[stage], parity);
        release(stage);
        advance();
    };
    auto step = [&](int tile, auto first) {
        int tileKey = firstKey + tile * kKeys;
        barrier_wait(&full[stage], parity);
        registers_fence(p);
        registers_fence(ds);
        registers_fence(dq);
        registers_fence(dsPacked);
        wgmma_begin();
        if constexpr (kHold)
            score_product<kKeys, kDim>(p, queryLeft, key + stage * kTile);
        else
            score_product<kKeys, kDim, S::kOwned>(p, query, group * kGroupRows, key + stage * kTile);
        wgmma_commit();
        if constexpr (!first.value) {
            value_product<kKeys, kDim>(dq, dsPacked, key + previous * kTile, add);
            wgmma_commit();
            add = true;
        }
        if constexpr (kHold)
            score_product<kKeys, kDim>(ds, dOutLeft, value + stage * kTile);
        else
            score_product<kKeys, kDim, S::kOwned>(ds, dOut, group * kGroupRows, value + stage * kTile);
        wgmma_commit();
        wgmma_wait<first.value ? 1 : 2>();
        registers_fence(p);
#pragma unroll
        for (int i = 0; i < kKeys / 2; i++) p[i] = exp2_approx(fmaf(p[i], scale, -lse[i / 2 % 2]));
        if (tileKey + kKeys > groupQuery || tileKey < lastFrom) {
#pragma unroll
            for (int i = 0; i < kKeys / 2; i++) {
                int j = tileKey + i / 4 * 8 + lane % 4 * 2 + i % 2;
                if (j > row[i / 2 % 2] || j < from[i / 2 % 2]) p[i] = 0;
            }
        }
        wgmma_wait<0>();
        registers_fence(ds);
        if constexpr (!first.value) release(previous);
#pragma unroll
        for (int i = 0; i < kKeys / 2; i++) ds[i] = p[i] * (ds[i] - inner[i / 2 % 2]);
        pack_operand(dsPacked, ds);
        previous = stage;
        advance();
    };

    barrier_wait(&ownedFull, 0);
    if constexpr (kHold) {
        load_left<kDim, S::kOwned>(queryLeft, query, group * kGroupRows);
        load_left<kDim, S::kOwned>(dOutLeft, dOut, group * kGroupRows);
    }
    for (int tile = 0; tile < firstTile; tile++) skip();
    if (firstTile < endTile) {
        step(firstTile, std::true_type());
        for (int tile = firstTile + 1; tile < endTile; tile++) step(tile, std::false_type());
        registers_fence(dsPacked);
        registers_fence(dq);
        wgmma_begin();
        value_product<kKeys, kDim>(dq, dsPacked, key + previous * kTile, add);
        wgmma_commit();
        wgmma_wait<0>();
        release(previous);
    }
    for (int tile = endTile; tile < tiles; tile++) skip();
    registers_fence(dq);
    float root = scale / kLog2e;
    store_accumulator<kDim>(dq, root, root, a.dq.at(a.shape, sequence, 0, head), a.dq.stride, groupQuery, length);
#endif
}

cudaError_t make_maps(BackwardMaps* maps, const BackwardArguments<bf16>& a, int queryRows, int keyRows) {
    const AttentionShape& s = a.shape;
    auto make = [&](CUtensorMap* map, const Rows<const bf16>& rows, int heads, int tile) {
        return make_tensor_map(map, rows.data, rows.stride, s.headDim, heads, s.seqLen, s.batch, tile);
    };
    for (cudaError_t status :
         {make(&maps->query, a.q, s.numHeads, queryRows), make(&maps->dOut, a.dOut, s.numHeads, queryRows),
          make(&maps->key, a.k, s.numKeyValueHeads, keyRows), make(&maps->value, a.v, s.numKeyValueHeads, keyRows)})
        if (status != cudaSuccess) return status;
    return cudaSuccess;
}

cudaError_t make_run_maps(BackwardMaps* maps, const BackwardArguments<bf16>& a) {
    int64_t ofQueries = static_cast<int64_t>(a.shape.batch) * a.shape.numHeads * padded_rows(a.shape);
    if (ofQueries > INT_MAX) return cudaErrorInvalidValue;  // a tensor map's coordinates are ints
    cudaError_t status = make_run_map(&maps->logSumExp2, a.logSumExp2, ofQueries, KeyTiles::kWalked);
    return status == cudaSuccess ? make_run_map(&maps->delta, a.delta, ofQueries, KeyTiles::kWalked) : status;
}

template <int kDim>
constexpr size_t most_shared_bytes() {
    return std::max(shared_bytes<kDim, KeyTiles>(), shared_bytes<kDim, QueryTiles<kDim>>());
}

template <int kDim>
cudaError_t launch(cudaStream_t stream, const BackwardArguments<bf16>& a) {
    using Keys = KeyTiles;
    using Queries = QueryTiles<kDim>;
    constexpr size_t kKeyBytes = shared_bytes<kDim, Keys>(), kQueryBytes = shared_bytes<kDim, Queries>();
    BackwardMaps keyMaps{}, queryMaps{};
    for (cudaError_t status : {allow_shared_memory<hopper_dkdv_kernel<kDim>>(kKeyBytes),
                               allow_shared_memory<hopper_dq_kernel<kDim>>(kQueryBytes),
                               make_maps(&keyMaps, a, Keys::kWalked, Keys::kOwned), make_run_maps(&keyMaps, a),
                               make_maps(&queryMaps, a, Queries::kOwned, Queries::kWalked)})
        if (status != cudaSuccess) return status;
    float scale = score_scale(a.shape);
    dim3 queryGrid(a.shape.batch * a.shape.numHeads, ceil_div(a.shape.seqLen, Queries::kOwned));
    hopper_dq_kernel<kDim><<<queryGrid, Queries::kThreads, kQueryBytes, stream>>>(a, queryMaps, scale);
    dim3 keyGrid(a.shape.batch * a.shape.numKeyValueHeads, ceil_div(a.shape.seqLen, Keys::kOwned));
    hopper_dkdv_kernel<kDim><<<keyGrid, Keys::kThreads, kKeyBytes, stream>>>(a, keyMaps, scale);
    return cudaGetLastError();
}

}  // namespace

size_t hopper_backward_block_memory(int headDim) {
    return headDim == 64 ? most_shared_bytes<64>() : most_shared_bytes<128>();
}

cudaError_t hopper_backward(cudaStream_t stream, const BackwardArguments<bf16>& a) {
    return a.shape.headDim == 64 ? launch<64>(stream, a) : launch<128>(stream, a);
}

}  // namespace peregrine
