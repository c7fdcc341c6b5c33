// The warp that streams a block's weights into shared memory, a layer ahead of those that use them.
//
// It is easily the one that others wait for, so that between two copies it does next to nothing: a lane has one of each layer's
// copies, and knows once and for all what it is and behind which other it comes.
#pragma once

#include "decode_flow.cuh"
#include "streaming.cuh"

#include <cstddef>

namespace peregrine {

#ifdef PEREGRINE_HOPPER

// The pieces of this block's weights, a piece a lane, to bytes into the weights in shared memory; by the whole warp.
__device__ __forceinline__ FlowPiece weights_piece(const FlowPlan& a) {
    int lane = threadIdx.x % kWarp, tile = blockIdx.x, hidden = a.shape.hidden, width = a.shape.width;
    int weights = kIn;
    while (weights < kDown && lane >= first_piece(weights + 1)) weights++;
    size_t matrix = 0;
    int from = 0, to = 0, bytes = 0;  // all less than 2^31: weights of these widths
    if (weights == kIn || weights == kGateUp) {
        int u = lane - (weights == kIn ? first_piece(kIn) : first_piece(kGateUp));
        to = place_of(u);
        if (u == kTileUnits) {
            matrix = weights == kIn ? offsetof(DecodeLayer, inputGain) : offsetof(DecodeLayer, feedForwardGain);
            bytes = hidden * sizeof(float);
        } else if (weights == kIn) {
            int row = tile * 32 + u * kUnit;
            bool second = row >= a.projection;
            matrix = second ? offsetof(DecodeLayer, qkvProj) : offsetof(DecodeLayer, inProj);
            from = (second ? row - a.projection : row) * 2 * hidden;
            if (row < a.rows) bytes = kUnitBytes;
        } else {
            matrix = offsetof(DecodeLayer, gateUp);
            from = (tile * 16 + u / 2 * kUnit + u % 2 * width) * 2 * hidden;
            bytes = kUnitBytes;
        }
    } else {
        int n = lane - (weights == kOut ? first_piece(kOut) : first_piece(kDown)), half = weights == kOut ? n / 2 : n;
        bool second = weights == kOut && n % 2 == 1;
        int columns = weights == kDown ? width : second ? a.attended : a.inner;
        matrix = weights == kDown ? offsetof(DecodeLayer, down)
                 : second         ? offsetof(DecodeLayer, oProj)
                                  : offsetof(DecodeLayer, outProj);
        from = (tile * 8 + half * 4) * 2 * columns;
        to = half * (kFlowWide * 8 + kSkew) + (second ? a.inner * 8 : 0);
        bytes = columns * 8;
    }
    if (lane >= kPieces || tile >= a.tiles[weights]) bytes = 0;
    return {static_cast<int>(matrix), from, a.place[weights] + to, bytes};
}

// How many pieces before this lane's is the one that has to have come before this one is asked for, so that there are never
// more than kInFlight bytes under way; 0 if there are not so many anyway.
__device__ __forceinline__ int distance_of(int bytes) {
    int lane = threadIdx.x % kWarp, sum = bytes, distance = 0;
    for (int k = 1; k < kPieces; k++) {
        sum += __shfl_sync(kFullWarp, bytes, (lane - k) & (kPieces - 1));
        if (sum > kInFlight && distance == 0) distance = k;
    }
    return distance;
}

// What the mixer of this block's channels reads besides the projection: a piece a lane, to bytes into FlowShared::mixer.
__device__ __forceinline__ FlowPiece mixer_piece(const FlowPlan& a) {
    using Mixer = decltype(FlowShared::mixer);
    const DecodeFlowShape& shape = a.shape;
    int lane = threadIdx.x % kWarp, size = shape.dState, channel = blockIdx.x * kFlowChannels, head = channel / shape.dHead;
    int group = head / (shape.nHeads / shape.nGroups);
    // lanes of the own channels, of B and of C; and the rest
    int part = lane / 8, what = lane % 8, count = part == 0 ? kFlowChannels : size;
    int from = part == 0 ? channel : a.inner + (part == 1 ? group : shape.nGroups + group) * size;
    int to = part == 0 ? 0 : kFlowChannels + (part - 1) * size;
    auto piece = [&](size_t matrix, int from, size_t to, int bytes) {
        return FlowPiece{static_cast<int>(matrix), from, static_cast<int>(to), bytes};
    };
    auto channels = [&](size_t matrix, size_t place, int each, int before = 0) {
        return piece(matrix, (before + from) * each, place + to * each, count * each);
    };
    constexpr int kFloat = sizeof(float), kFilter = kMixTaps * kFloat;
    size_t with = offsetof(DecodeLayer, mixer);
    if (part == 3) {
        int states = channel * size * kFloat, heads = head / kFlowHeads * kFlowHeads * kFloat;
        if (what == 0) {
            return piece(offsetof(DecodeLayer, states), states, offsetof(Mixer, states), kFlowChannels * size * kFloat);
        }
        size_t matrix = with + (what == 1   ? offsetof(DecodeMixerParameters, aLog)
                                : what == 2 ? offsetof(DecodeMixerParameters, dtBias)
                                            : offsetof(DecodeMixerParameters, dSkip));
        size_t place = what == 1 ? offsetof(Mixer, aLog) : what == 2 ? offsetof(Mixer, dtBias) : offsetof(Mixer, dSkip);
        return piece(matrix, heads, place, what <= 3 ? kFlowHeads * kFloat : 0);
    }
    if (what == 0) return channels(with + offsetof(DecodeMixerParameters, convWeight), offsetof(Mixer, filter), kFilter);
    if (what == 1) return channels(with + offsetof(DecodeMixerParameters, convScale), offsetof(Mixer, scale), kFloat);
    bool biased = a.layers[0].mixer.convBias != nullptr;
    if (what == 2 && biased) return channels(with + offsetof(DecodeMixerParameters, convBias), offsetof(Mixer, bias), kFloat);
    int tap = what - 3;
    if (tap < 0 || tap >= kMixTaps) return {};
    constexpr int kRow = sizeof(Mixer::window[0]);
    return channels(offsetof(DecodeLayer, windows), offsetof(Mixer, window) + tap * kRow, sizeof(bf16), tap * a.channels);
}

__device__ __forceinline__ const char* address_of(const DecodeLayer& y, const FlowPiece& piece) {
    return *reinterpret_cast<const char* const*>(reinterpret_cast<const char*>(&y) + piece.matrix) + piece.from;
}

// Each block of attention asks for its part of the cache, so that it is in the L2 cache when it is needed.
__device__ __noinline__ void fetch_ahead(const FlowPlan& a, const bf16* cache, int64_t bytes) {
    int64_t step = static_cast<int64_t>(a.attenders) * kWarp * 128;
#pragma unroll 1
    for (int64_t at = (blockIdx.x - a.mixers + a.attenders * (threadIdx.x % kWarp)) * int64_t{128}; at < bytes; at += step) {
        asm volatile("prefetch.global.L2 [%0];\n" ::"l"(reinterpret_cast<const char*>(cache) + at));
    }
}

// The rows of the scores, 32 at a time, in the places of kIn and kGateUp in turn: a unit a lane, and the gain.
__device__ __forceinline__ void stream_head(const FlowPlan& a, FlowShared& s, char* weights, int token) {
    int lane = threadIdx.x % kWarp, end = first_unit(a, blockIdx.x + 1), turns = head_turns(a);
    int unit = first_unit(a, blockIdx.x) + lane, lastLayer = (token + 1) * a.shape.layers - 1;
    const char* head = reinterpret_cast<const char*>(a.ends.head);
#pragma unroll 1
    for (int turn = 0; turn < turns; turn++, unit += kTileUnits) {
        int place = turn % 2, phase = head_phase(token, turn, turns), of = head_place(place);
        bool first = turn < 2;  // then the last layer is still at work
        if (!first || s.hasTile[of]) {
            await_warps(first ? s.taken + of : s.headTaken + place, (first ? lastLayer : phase - 1) & 1);
        }
        char* to = weights + s.place[of] + place_of(lane);
        uint64_t* arrived = s.headArrived[place] + lane;
        if (lane < kTileUnits) {
            ask(arrived, to, head + int64_t{unit} * kUnitBytes, unit < end ? kUnitBytes : 0);
        } else if (lane == kTileUnits && turn == 0) {
            ask(arrived, to, reinterpret_cast<const char*>(a.ends.gain), kFlowHidden * sizeof(float));
        }
        __syncwarp();
    }
}

// All tokens of the kernel. position: of the first.
__device__ __noinline__ void stream_weights(const FlowPlan& a, FlowShared& s, char* weights, int position) {
    int lane = threadIdx.x % kWarp, begun = 0, turns = head_turns(a);
    constexpr int kWords = sizeof(DecodeLayer) / sizeof(uint4);
    static_assert(kWords <= kWarp);
    auto words_of = [&](int l) { return lane < kWords ? reinterpret_cast<const uint4*>(a.layers + l)[lane] : uint4{}; };
    auto await_beginning = [&](int n) {  // of layer n
        if (begun == n) await_warps(&s.begun, begun++ & 1);
    };
    bool mixes = blockIdx.x < a.mixers;
    FlowPiece own = weights_piece(a), mixed = mixes ? mixer_piece(a) : FlowPiece{};
    int ownDistance = distance_of(own.bytes), mixedBytes = __reduce_add_sync(kFullWarp, mixed.bytes);
    uint4 next = words_of(0);
#pragma unroll 1
    for (int token = 0; token < a.tokens; token++) {
        int64_t cached = int64_t{position + token} * a.shape.numKeyValueHeads * kFlowDim * sizeof(bf16);
#pragma unroll 1
        for (int l = 0; l < a.shape.layers; l++) {
            int n = token * a.shape.layers + l, w = -1;
            if (n > 0) await_beginning(n - 1);  // nobody is in the layer before that any more
            DecodeLayer& y = s.layer[n & 1];
            if (lane < kWords) reinterpret_cast<uint4*>(&y)[lane] = next;
            __syncwarp();
            if (lane == 0) barrier_arrive(&s.known);
            const char* from = address_of(y, own);
            next = words_of(l + 1 < a.shape.layers ? l + 1 : 0);
            bool there = false;
#pragma unroll 1
            for (int i = 0; i < kPieces; i++) {
                if (kFirstPieces >> i & 1) {
                    w++;
                    if (w == kOut) {  // what the sequence remembers comes behind the first weights
                        if (l == 0 && token > 0) {
                            await_beginning(n);  // the token is known: what the one before left is complete
                            acquire_for_copies();
                        }
                        if (mixes) {
                            if (n > 0) await_warps(&s.mixerTaken, (n - 1) & 1);
                            if (lane == 0) barrier_expect(&s.mixerArrived, mixedBytes);
                            __syncwarp();
                            char* to = reinterpret_cast<char*>(&s.mixer) + mixed.to;
                            if (mixed.bytes > 0) {
                                copy_bulk(to, address_of(y, mixed), mixed.bytes, &s.mixerArrived, read_once());
                            }
                        } else {
                            fetch_ahead(a, y.keys, cached);
                            fetch_ahead(a, y.values, cached);
                        }
                    }
                    there = s.hasTile[w];
                    bool ofHead = l == 0 && token > 0 && w % 2 == 0 && w / 2 < turns;  // the place was the scores'
                    if (ofHead || (there && n > 0)) {
                        await_warps(ofHead ? s.headTaken + w / 2 : s.taken + w,
                                    (ofHead ? head_phase(token, w / 2, turns) - 1 : n - 1) & 1);
                    }
                }
                if (!there) continue;
                int distance = __shfl_sync(kFullWarp, ownDistance, i), before = i - distance;
                bool waits = distance > 0 && (before >= 0 || l > 0) && (n > 0 || w > kIn);
                if (waits) barrier_wait(s.arrived + (before & (kPieces - 1)), (before >= 0 ? n : n - 1) & 1);
                if (lane == i) ask(s.arrived + i, weights + own.to, from, own.bytes);
            }
            __syncwarp();
        }
        await_beginning((token + 1) * a.shape.layers - 1);
        stream_head(a, s, weights, token);
    }
    await_beginning(a.tokens * a.shape.layers);  // the end
}

#endif

}  // namespace peregrine
