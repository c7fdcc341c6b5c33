// The warp that streams a block's weights into shared memory, a layer ahead of those that use them.
#pragma once

#include "decode_flow.cuh"

#include <cstddef>

namespace peregrine {

#ifdef PEREGRINE_HOPPER

// Waits for the block's other warps, which wait for other blocks: not for ever, if one of them has died. The kernel then ends
// in an error.
__device__ __forceinline__ void await_warps(uint64_t* barrier, int parity) {
    constexpr long long kMostCycles = 1ll << 35;  // a quarter of a minute
    long long begin = clock64();
    while (!barrier_passed(barrier, parity)) {
        if (clock64() - begin > kMostCycles) __trap();
    }
}

// Lists the pieces of this block's weights, and where they go; by one thread.
__device__ __noinline__ void list_pieces(const FlowPlan& a, FlowShared& s) {
    int n = 0, tile = blockIdx.x, hidden = a.shape.hidden, width = a.shape.width;
    int unit = hidden * 16;  // bytes of eight rows of the hidden size
    auto add = [&](int weights, size_t matrix, int64_t from, int to, int bytes) {
        for (int at = 0; at < bytes; at += kPieceBytes) {
            s.piece[n++] = {static_cast<int>(matrix), static_cast<int>(from) + at, a.place[weights] + to + at,
                            min(kPieceBytes, bytes - at)};
        }
    };
    auto place_of = [&](int u) { return u * unit + (u % 2 + u / 2 * 2) * kSkew; };  // of units of eight rows, two by two
    for (int weights = 0; weights < kFlowWeights; weights++) {
        s.firstPiece[weights] = n, s.hasTile[weights] = tile < a.tiles[weights], s.place[weights] = a.place[weights];
        if (tile >= a.tiles[weights]) continue;
        if (weights == kIn) {
            for (int u = 0; u < 4; u++) {
                int row = tile * 32 + u * 8;
                if (row >= a.rows) continue;
                bool second = row >= a.projection;
                add(kIn, second ? offsetof(DecodeLayer, qkvProj) : offsetof(DecodeLayer, inProj),
                    (second ? row - a.projection : row) * int64_t{2} * hidden, place_of(u), unit);
            }
            add(kIn, offsetof(DecodeLayer, inputGain), 0, 4 * unit + 4 * kSkew, hidden * 4);
        } else if (weights == kGateUp) {
            for (int u = 0; u < 4; u++) {
                int row = tile * 16 + u / 2 * 8 + u % 2 * width;
                add(kGateUp, offsetof(DecodeLayer, gateUp), row * int64_t{2} * hidden, place_of(u), unit);
            }
            add(kGateUp, offsetof(DecodeLayer, feedForwardGain), 0, 4 * unit + 4 * kSkew, hidden * 4);
        } else {
            for (int half = 0; half < 2; half++) {  // of eight rows
                int64_t row = tile * 8 + half * 4;
                int to = half * (kFlowWide * 8 + kSkew);
                if (weights == kOut) {
                    add(kOut, offsetof(DecodeLayer, outProj), row * a.inner * 2, to, a.inner * 8);
                    add(kOut, offsetof(DecodeLayer, oProj), row * a.attended * 2, to + a.inner * 8, a.attended * 8);
                } else {
                    add(kDown, offsetof(DecodeLayer, down), row * width * 2, to, width * 8);
                }
            }
        }
    }
    s.firstPiece[kFlowWeights] = n;
}

// What the mixer of a block's channels reads besides the projection; by the whole warp.
__device__ __noinline__ void stage_mixer(const FlowPlan& a, FlowShared& s, const DecodeLayer& y, int l, uint64_t policy) {
    const DecodeFlowShape& shape = a.shape;
    int lane = threadIdx.x % kWarp, size = shape.dState, channel = blockIdx.x * kFlowChannels, head = channel / shape.dHead;
    int group = head / (shape.nHeads / shape.nGroups);
    if (l > 0) await_warps(&s.mixerTaken, (l - 1) & 1);
    if (lane == 0) {
        s.mixer.aLog = y.mixer.aLog[head], s.mixer.dtBias = y.mixer.dtBias[head], s.mixer.dSkip = y.mixer.dSkip[head];
        int perChannel = (kMixTaps + 1 + (y.mixer.convBias ? 1 : 0)) * sizeof(float) + kMixTaps * sizeof(bf16);
        barrier_expect(&s.mixerArrived, kFlowChannels * size * sizeof(float) + (kFlowChannels + 2 * size) * perChannel);
    }
    __syncwarp();
    // a copy a lane: of the own channels, of B from lane 8 on, of C from lane 16 on; and the states
    int part = lane / 8, what = lane % 8, count = part == 0 ? kFlowChannels : size;
    int from = part == 0 ? channel : a.inner + (part == 1 ? group : shape.nGroups + group) * size;
    int to = part == 0 ? 0 : kFlowChannels + (part - 1) * size;
    auto copy = [&](auto* shared, const auto* global, int each) {
        copy_bulk(shared + to, global, count * each * sizeof(*global), &s.mixerArrived, policy);
    };
    if (part == 3) {
        if (what == 0) {
            copy_bulk(s.mixer.states, y.states + static_cast<int64_t>(channel) * size,
                      kFlowChannels * size * sizeof(float), &s.mixerArrived, policy);
        }
    } else if (what == 0) {
        copy(s.mixer.filter, y.mixer.convWeight + from * kMixTaps, kMixTaps);
    } else if (what == 1) {
        copy(s.mixer.scale, y.mixer.convScale + from, 1);
    } else if (what == 2) {
        if (y.mixer.convBias) copy(s.mixer.bias, y.mixer.convBias + from, 1);
    } else if (what - 3 < kMixTaps) {
        copy(s.mixer.window[what - 3], y.windows + (what - 3) * a.channels + from, 1);
    }
}

// Each block of attention asks for its part of the cache, so that it is in the L2 cache when it is needed.
__device__ __noinline__ void fetch_ahead(const FlowPlan& a, const bf16* cache, int64_t bytes) {
    int64_t step = static_cast<int64_t>(a.attenders) * kWarp * 128;
#pragma unroll 1
    for (int64_t at = (blockIdx.x - a.mixers + a.attenders * (threadIdx.x % kWarp)) * int64_t{128}; at < bytes; at += step) {
        asm volatile("prefetch.global.L2 [%0];\n" ::"l"(reinterpret_cast<const char*>(cache) + at));
    }
}

__device__ __noinline__ void stream_weights(const FlowPlan& a, FlowShared& s, char* weights) {
    int lane = threadIdx.x % kWarp, pieces = s.firstPiece[kFlowWeights];
    int64_t cached = static_cast<int64_t>(s.position) * a.shape.numKeyValueHeads * kFlowDim * sizeof(bf16);
    uint64_t policy = read_once();
    int inFlight = 0, flying = 0, oldest = 0, parity = 0;  // bytes and pieces under way, which is the first, of which turn
    constexpr int kWords = sizeof(DecodeLayer) / sizeof(uint4);
    static_assert(kWords <= kWarp);
    auto words_of = [&](int l) { return lane < kWords ? reinterpret_cast<const uint4*>(a.layers + l)[lane] : uint4{}; };
    uint4 next = words_of(0);
#pragma unroll 1
    for (int l = 0; l < a.shape.layers; l++) {
        if (l > 0) await_warps(&s.begun, (l - 1) & 1);  // nobody is in the layer before the last any more
        DecodeLayer& y = s.layer[l & 1];
        if (lane < kWords) reinterpret_cast<uint4*>(&y)[lane] = next;
        __syncwarp();
        if (lane == 0) barrier_arrive(&s.known);
        if (l + 1 < a.shape.layers) next = words_of(l + 1);
        if (blockIdx.x >= a.mixers) {
            fetch_ahead(a, y.keys, cached);
            fetch_ahead(a, y.values, cached);
        }
#pragma unroll 1
        for (int w = 0; w < kFlowWeights; w++) {
            if (w == kOut && blockIdx.x < a.mixers) stage_mixer(a, s, y, l, policy);
            if (lane == 0 && s.hasTile[w]) {
                if (l > 0) await_warps(s.taken + w, (l - 1) & 1);
#pragma unroll 1
                for (int i = s.firstPiece[w]; i < s.firstPiece[w + 1]; i++) {
                    const FlowPiece& piece = s.piece[i];
                    while (inFlight + piece.bytes > kInFlight || flying == pieces) {
                        barrier_wait(s.arrived + oldest, parity);
                        inFlight -= s.piece[oldest].bytes, flying--;
                        if (++oldest == pieces) oldest = 0, parity ^= 1;
                    }
                    inFlight += piece.bytes, flying++;
                    const char* matrix =
                        *reinterpret_cast<const char* const*>(reinterpret_cast<const char*>(&y) + piece.matrix);
                    barrier_expect(s.arrived + i, piece.bytes);
                    copy_bulk(weights + piece.to, matrix + piece.from, piece.bytes, s.arrived + i, policy);
                }
            }
            __syncwarp();
        }
    }
    await_warps(&s.begun, (a.shape.layers - 1) & 1);
    await_warps(&s.begun, a.shape.layers & 1);  // the end
}

#endif

}  // namespace peregrine
