// The two warps of decode_many.cuh that stream: weights, and states.
#pragma once

#include "decode_many.cuh"
#include "streaming.cuh"

namespace peregrine {

#ifdef PEREGRINE_HOPPER

// Cycles between what is brought into the L2 cache, 16 kB at most each time.
constexpr int kFetchPause = 1500;

// The pages of P1 or P4 and the gain, a lane each, one after the other.
__device__ __forceinline__ void stream_normed(const ManyPlan& a, ManyShared& s, const DecodeLayer& y, char* weights, bool gated,
                                              int use) {
    int lane = threadIdx.x % kWarp, tile = blockIdx.x, bytes = kPageBytes;
    const void* from;
    char* to = weights + lane * kPageStep;
    if (lane == kNormedPages) {
        from = gated ? y.feedForwardGain : y.inputGain, to = weights + kGainFrom, bytes = kManyHidden * sizeof(float);
    } else if (gated) {
        from = y.gateUp + (tile * 16 + lane / 2 * 8 + lane % 2 * kManyWide) * kManyHidden;
    } else {
        int row = tile * 32 + lane * 8, beyond = row - a.projection;
        from = beyond < 0 ? y.inProj + row * kManyHidden : y.qkvProj + beyond * kManyHidden;
        if (row >= a.rows) bytes = 0;
    }
    if (tile >= a.tiles[gated ? kManyGateUp : kManyIn]) bytes = 0;
#pragma unroll 1
    for (int i = 0; i <= kNormedPages; i++) {
        if (i > 0) barrier_wait(s.normedArrived + i - 1, use & 1);
        if (lane == i) ask(s.normedArrived + i, to, static_cast<const char*>(from), bytes);
        __syncwarp();
    }
}

// The pages of P3 or P5, a row a lane: this block's half of the columns, of which the last may be those of the second matrix.
__device__ __forceinline__ void stream_added(const ManyPlan& a, ManyShared& s, const DecodeLayer& y, char* weights,
                                             bool gated) {
    int lane = threadIdx.x % kWarp, tile = blockIdx.x;
    bool there = tile < a.tiles[kManyOut];
    if (lane < kAddPages) barrier_expect(s.addArrived + lane, there ? kPageBytes : 0);
    __syncwarp();
    if (!there || lane >= 16) return;
    int row = tile / 2 * 16 + lane, begin = tile % 2 * kManyHidden, columns = gated ? kManyWide : a.inner;
    int first = min(kManyHidden, columns - begin) * static_cast<int>(sizeof(bf16));
    uint64_t* barrier = s.addArrived + lane / 8;
    char* to = weights + kAddFrom + lane / 8 * kPageStep + lane % 8 * kPitch;
    copy_bulk(to, (gated ? y.down : y.outProj) + row * columns + begin, first, barrier, read_once());
    if (first < kPitch) copy_bulk(to + first, y.oProj + row * a.attended, kPitch - first, barrier, read_once());
}

__device__ __forceinline__ void many_stream_weights(const ManyPlan& a, ManyShared& s, char* weights) {
#pragma unroll 1
    for (int n = 0; n < a.shape.layers * kManyWeights; n++) {
        int which = n % kManyWeights, use = n / 2;  // two take turns in a place
        const DecodeLayer& y = a.layers[n / kManyWeights];
        if (use > 0) await_warps(s.taken + n % 2, (use - 1) & 1);
        if (n % 2 == 0) {
            stream_normed(a, s, y, weights, which == kManyGateUp, use);
        } else {
            stream_added(a, s, y, weights, which == kManyDown);
        }
        __syncwarp();
    }
}

// A layer's memory of this block's sequence, and the mixer's parameters, but for the states before piece `first`, into the L2
// cache: until the slot for that piece is free.
__device__ __forceinline__ void fetch_ahead(const ManyPlan& a, ManyShared& s, const DecodeLayer& y, const ManyToken* tokens,
                                            const float* states, int first, int turn) {
    const ManyPlace& place = s.place;
    int lane = threadIdx.x % kWarp, size = a.shape.dState, rowBytes = a.shape.numKeyValueHeads * kManyDim * 2;
    uint64_t policy = read_once();
    auto fetch = [&](auto* from, int count) { fetch_bulk(from, count * static_cast<int>(sizeof(*from)), policy); };
    auto pause = [] {
        for (long long begin = clock64(); clock64() - begin < kFetchPause;) {
        }
    };
    if (lane < 2) {  // the own channels; B and C of all groups
        const DecodeMixerParameters& with = y.mixer;
        int from = lane == 0 ? place.first : a.inner, count = lane == 0 ? place.own : a.channels - a.inner;
        fetch(with.convWeight + from * kMixTaps, count * kMixTaps), fetch(with.convScale + from, count);
        if (with.convBias) fetch(with.convBias + from, count);
        const bf16* window = y.windows + static_cast<int64_t>(place.sequence) * kMixTaps * a.channels + from;
        for (int tap = 0; tap < kMixTaps; tap++) fetch(window + tap * a.channels, count);
    }
    if (lane < a.behind) {
        const ManyToken& token = tokens[lane * gridDim.x];
        fetch(token.b, kManyState), fetch(token.heads, a.heads);
    }
    __syncwarp();
    const char* caches[] = {reinterpret_cast<const char*>(y.keys), reinterpret_cast<const char*>(y.values)};
#pragma unroll 1
    for (int split = place.split; split * kAttendChunk < place.position; split += place.splitStep) {
        int64_t row = static_cast<int64_t>(place.sequence) * a.shape.capacity + split * kAttendChunk;
        int rows = min(kAttendChunk, place.position - split * kAttendChunk);
        for (const char* cache : caches) {
            const char* from = cache + row * rowBytes + place.keyHead * kManyDim * sizeof(bf16);
#pragma unroll 1
            for (int i = lane; i < rows; i += kWarp) asm volatile("prefetch.global.L2 [%0];\n" ::"l"(from + i * rowBytes));
            pause();
        }
    }
    int pieces = kStatePieces * a.heads;
#pragma unroll 1
    for (int piece = first; piece < pieces; piece++) {
        if (barrier_passed(s.stateTaken + turn % kStateSlots, (turn / kStateSlots - 1) & 1)) return;
        if (lane == 0) fetch(states + piece * kPieceChannels * size, kPieceChannels * size);
        if (piece % 2 == 1) pause();
    }
}

__device__ __forceinline__ void many_stream_states(const ManyPlan& a, ManyShared& s, char* ring) {
    const ManyPlace& place = s.place;
    if (!place.works || place.rests) return;
    int size = a.shape.dState, pieces = kStatePieces * a.heads, bytes = kPieceChannels * size * sizeof(float), turn = 0;
    int64_t begin = (static_cast<int64_t>(place.sequence) * a.inner + place.first) * size;
#pragma unroll 1
    for (int l = 0; l < a.shape.layers; l++) {
        const float* states = a.layers[l].states + begin;
#pragma unroll 1
        for (int piece = 0; piece < pieces; piece++, turn++) {
            int of = turn % kStateSlots, before = turn - kStatesUnderWay;
            if (turn >= kStateSlots) {  // the first that there is no room for, while the layer before is still at work
                if (piece == min(kStateSlots, pieces - 1)) fetch_ahead(a, s, a.layers[l], tokens_of(a, l), states, piece, turn);
                await_warps(s.stateTaken + of, (turn / kStateSlots - 1) & 1);
            }
            if (before >= 0) barrier_wait(s.stateArrived + before % kStateSlots, before / kStateSlots & 1);
            if (threadIdx.x % kWarp == 0) {
                const char* from = reinterpret_cast<const char*>(states + piece * kPieceChannels * size);
                ask(s.stateArrived + of, ring + of * kPieceBytes, from, bytes);
            }
            __syncwarp();
        }
    }
}

#endif

}  // namespace peregrine
