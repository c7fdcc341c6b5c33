// The scores of decode_flow and their best.
#pragma once

#include "decode_best.cuh"
#include "decode_flow_rows.cuh"

namespace peregrine {

#ifdef PEREGRINE_HOPPER

constexpr int kNoNumber = -2;  // the id of a best where a score is not a number

// Neither is inlined: together with the layers they would need more registers than there are.

// A block's scores, 32 at a time, and its best. out: the last layer's h.
__device__ __noinline__ void flow_scores(const FlowPlan& a, FlowShared& s, const char* weights, const char* out, int warp) {
    warp = warp_uniform(warp);
    const DecodeEnds& ends = a.ends;
    int lane = threadIdx.x % kWarp, piece = warp * FlowInputs::kTakers + lane, token = s.token, turns = head_turns(a);
    int unit = first_unit(a, blockIdx.x), end = first_unit(a, blockIdx.x + 1);
    bool takes = lane < FlowInputs::kTakers, broken = false;
    const char* from = out + piece * kHiddenStep;
    char* inputs = s.x + warp * FlowInputs::kBlocks * 64;
    float factor = 0;
    Best best{-INFINITY, ends.vocab};
    Vec8<bf16> h;
    h.raw = make_uint4(0, 0, 0, 0);
    if (takes) h.raw = look(from);
#pragma unroll 1
    for (int turn = 0; turn < turns; turn++, unit += kTileUnits) {
        int place = turn % 2, phase = head_phase(token, turn, turns);
        if (lane < kTileUnits) barrier_wait(s.headArrived[place] + lane, phase & 1);
        if (lane == kTileUnits && turn == 0) barrier_wait(s.headArrived[0] + kTileUnits, token & 1);
        __syncwarp();
        const char* tile = weights + s.place[head_place(place)];
        FlowRows rows(tile, warp);
        if (turn == 0) {
            const float4* gains = reinterpret_cast<const float4*>(tile + place_of(kTileUnits)) + piece * 2;
            float4 low{}, high{};
            if (takes) low = gains[0], high = gains[1];
            while (!__all_sync(kFullWarp, come(h.raw))) {
                if (takes) h.raw = look(from);
            }
            float squared = takes ? FlowInputs::scaled(h, low, high) : 0.f;
            if (takes) *reinterpret_cast<uint4*>(inputs + lane * 16) = h.raw;
            squared = FlowInputs::all(squared);
            if (lane == 0) s.squares[warp] = squared;
        }
        __syncwarp();
        if (lane == 0) barrier_arrive(s.headTaken + place);
        rows.multiply(inputs, s.head.sums[place][warp]);
        flow_sync();
        if (warp != 0) continue;
        if (turn == 0 && lane == 0) release_memory();  // what the layers remember, for the next token
        float sum = 0, mean = 0;
#pragma unroll
        for (int k = 0; k < kFlowWarps; k++) sum += s.head.sums[place][k][lane], mean += s.squares[k];
        if (turn == 0) factor = rsqrtf(fmaf(mean, a.perColumn, a.shape.epsilon));
        sum *= factor * ends.headScale;
        int row = unit * kUnit + lane;
        if (unit + lane / kUnit >= end) continue;
        ends.scores[row] = sum;
        if (row < ends.vocab) {
            broken |= isnan(sum);
            best.meet({sum, row});
        }
    }
    if (turns == 0) flow_sync();  // a block without scores
    if (warp != 0) return;
    if (turns == 0 && lane == 0) release_memory();
    best = warp_best(best);
    broken = __any_sync(kFullWarp, broken);
    if (lane == 0) {
        int slotBytes = kFlowMostBlocks * kBestStep, bestSlot = s.bestSlot;
        put(a.bests + bestSlot * slotBytes + blockIdx.x * kBestStep, bestSlot == 0 ? slotBytes : -slotBytes,
            make_uint2(__float_as_uint(best.score), broken ? kNoNumber : best.id));
    }
}

// The best of all blocks, by one warp: its id, -1 if there is none.
__device__ __noinline__ int flow_choice(const FlowPlan& a, int bestSlot) {
    constexpr int kPlaces = kFlowMostBlocks / kWarp;
    int lane = threadIdx.x % kWarp, blocks = gridDim.x;
    const char* from = a.bests + bestSlot * kFlowMostBlocks * kBestStep;
    float2 bests[kPlaces];
    bool all;
    do {
        all = true;
#pragma unroll
        for (int i = 0; i < kPlaces; i++) {
            int block = i * kWarp + lane;
            bests[i] = make_float2(-INFINITY, __int_as_float(a.ends.vocab));
            if (block < blocks) bests[i] = look_pair(reinterpret_cast<const float*>(from + block * kBestStep));
            all &= come(bests[i]);
        }
    } while (!__all_sync(kFullWarp, all));
    Best best{-INFINITY, a.ends.vocab};
    bool broken = false;
#pragma unroll
    for (int i = 0; i < kPlaces; i++) {
        int id = __float_as_int(bests[i].y);
        broken |= id == kNoNumber;
        best.meet({bests[i].x, id});
    }
    best = warp_best(best);
    broken = __any_sync(kFullWarp, broken);
    return broken || best.id == a.ends.vocab ? -1 : best.id;
}

#endif

}  // namespace peregrine
