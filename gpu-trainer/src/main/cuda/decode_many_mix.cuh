// The mixer and attention of decode_many.cuh: P2. A block has some heads of one sequence's mixer and some splits of one of its
// key heads, which have as many blocks each.
#pragma once

#include "decode_many.cuh"

namespace peregrine {

#ifdef PEREGRINE_HOPPER

__device__ __forceinline__ ManyPlace place_of(const ManyPlan& a) {
    const DecodeFlowShape& shape = a.shape;
    ManyPlace place{};
    int j = blockIdx.x % a.perSequence, perKeyHead = a.perSequence / shape.numKeyValueHeads;
    int perGroup = shape.nHeads / shape.nGroups;
    place.sequence = blockIdx.x / a.perSequence;
    place.works = place.sequence < shape.sequences;
    place.position = place.works ? a.positions[place.sequence] : 0;
    place.rests = place.position >= shape.capacity;
    place.head = j * a.heads, place.first = place.head * kMixOwn, place.own = a.heads * kMixOwn;
    place.b = a.inner + place.head / perGroup * shape.dState;
    place.c = place.b + (shape.nGroups - 1) * shape.dState;
    place.stores = place.head % perGroup == 0;
    place.keyHead = j / perKeyHead, place.split = j % perKeyHead, place.splitStep = perKeyHead;
    return place;
}

// The channel of the convolution that a block's i-th input is.
__device__ __forceinline__ int many_channel(const ManyPlan& a, const ManyPlace& place, int i) {
    int beyond = i - place.own;
    return beyond < 0 ? place.first + i : beyond + (beyond < a.shape.dState ? place.b : place.c);
}

// What the mixer knows before its inputs are there, into shared memory.
__device__ __forceinline__ void many_earlier(const ManyPlan& a, ManyShared& s, const DecodeLayer& y) {
    const ManyPlace& place = s.place;
    const bf16* window = y.windows + static_cast<int64_t>(place.sequence) * kMixTaps * a.channels;
#pragma unroll 1
    for (int i = this_thread(); i < place.own + 2 * a.shape.dState; i += kManyThreads) {
        MixChannel of = mix_channel<bf16, 4>(y.mixer, kMixTaps, many_channel(a, place, i), place.position, window, a.channels);
        s.inputs[i] = of.sum, s.newest[i] = of.newest;
        (i < place.own ? s.gates[i] : s.scale[i - place.own]) = of.scale;
    }
    int i = this_thread() - kWarp, head = place.head + i;
    if (i >= 0 && i < a.heads) {
        s.step[i] = y.mixer.dtBias[head], s.decay[i] = -expf(y.mixer.aLog[head]), s.skip[i] = y.mixer.dSkip[head];
    }
}

// The mixer's inputs, by one half of the warps: what many_earlier() has left becomes what its heads read. token: where what is
// not stored in the states is remembered.
__device__ __forceinline__ void many_inputs(const ManyPlan& a, ManyShared& s, const DecodeLayer& y, ManyToken& token, int at) {
    constexpr int kInputs = ceil_div(kManyHeads * kMixOwn + 2 * kManyState, kSideThreads);  // of a thread
    constexpr int kGates = ceil_div(kManyHeads * kMixOwn, kSideThreads);
    const ManyPlace& place = s.place;
    int tid = this_thread() % kSideThreads, own = place.own, count = own + 2 * a.shape.dState;
    const bf16* p = reinterpret_cast<const bf16*>(a.exchange + at + a.p + place.sequence * a.pBytes);
    uint16_t newest[kInputs] = {}, gate[kGates] = {}, step = 0;
    bool all;
    do {
#pragma unroll
        for (int k = 0; k < kInputs; k++) {
            int i = k * kSideThreads + tid;
            if (i < count) newest[k] = look_one(p + a.inner + many_channel(a, place, i));
            if (k < kGates && i < own) gate[k] = look_one(p + place.first + i);
        }
        if (tid < a.heads) step = look_one(p + a.inner + a.channels + place.head + tid);
        all = come(step);
#pragma unroll
        for (int k = 0; k < kInputs; k++) all &= come(newest[k]) && (k >= kGates || come(gate[k]));
    } while (!__all_sync(kFullWarp, all));
    int row = place.sequence * kMixTaps + place.position % kMixTaps;
    bf16* window = y.windows + static_cast<int64_t>(row) * a.channels;
#pragma unroll
    for (int k = 0; k < kInputs; k++) {
        int i = k * kSideThreads + tid;
        if (i >= count) continue;
        bf16 input = from_float<bf16>((i < own ? s.gates[i] : s.scale[i - own]) * number_of(newest[k]));
        float sum = fmaf(s.newest[i], to_float(input), s.inputs[i]);
        float x = s.inputs[i] = sum * sigmoid(sum);
        if (k < kGates && i < own) s.gates[i] = number_of(gate[k]);
        if (i < own || place.stores) window[many_channel(a, place, i)] = input;
        if (a.stores) continue;
        if (i < own) token.heads[i / kMixOwn].x[i % kMixOwn] = x;
        if (i >= own && i < own + a.shape.dState) token.b[i - own] = x;
    }
    if (tid < a.heads) {
        float raw = fmaf(y.mixer.dtScale, number_of(step), s.step[tid]), rate = s.decay[tid];
        float dt = fminf(fmaxf(softplus(raw), y.mixer.dtMin), y.mixer.dtMax);
        float decay = expf(rate * dt);
        s.step[tid] = dt, s.decay[tid] = decay;
        if (!a.stores) token.heads[tid].dt = dt, token.heads[tid].decay = decay;
    }
    side_sync<1>();
}

// A warp has so many channels of each piece of a head; the head's channel that its r-th is.
constexpr int kWarpChannels = kPieceChannels / kMixWarps;
__device__ __forceinline__ int mix_channel_of(int warp, int r) {
    return r / kWarpChannels * kPieceChannels + warp * kWarpChannels + r % kWarpChannels;
}

// What the warp's states of a head are to be brought up to date with, a number a lane: of each token behind them the inputs of
// the warp's channels, then the tokens' dt, then their decays.
struct ManyBehind {
    static constexpr int kSteps = kManyBehind * kMixChannels, kDecays = kSteps + kManyBehind, kNumbers = kDecays + kManyBehind;
    static_assert(kNumbers <= kWarp);
    const ManyToken* of;  // the lane's token, if there is one
    int at;               // of a head's numbers

    __device__ __forceinline__ ManyBehind(const ManyPlan& a, const ManyToken* tokens, int warp) {
        int lane = this_thread() % kWarp, token = lane < kSteps ? lane / kMixChannels : (lane - kSteps) % kManyBehind;
        at = lane < kSteps ? mix_channel_of(warp, lane % kMixChannels) : kMixOwn + (lane - kSteps) / kManyBehind;
        of = token < a.behind && lane < kNumbers ? tokens + token * gridDim.x : nullptr;
    }
    __device__ __forceinline__ float of_head(int h) const {
        return of ? reinterpret_cast<const float*>(&of->heads[h])[at] : 0.f;
    }
};

// As decode_mixer.cuh, by the second half of the warps, each of which has some channels of every piece of a head's states.
// ring: where pieces come, turn: of the next one, from the kernel's first on.
__device__ __forceinline__ void many_mixer(const ManyPlan& a, ManyShared& s, const DecodeLayer& y, ManyToken* tokens,
                                           const char* ring, int at, int& turn, int warp) {
    const ManyPlace& place = s.place;
    many_inputs(a, s, y, tokens[a.behind * gridDim.x], at);
    int lane = this_thread() % kWarp, size = a.shape.dState, n = lane * 4;
    bool known = n < size && place.position > a.behind;  // what is there before a sequence is not a number, perhaps
    float4 b{}, c{}, earlier[kManyBehind]{};
    if (n < size) {
        const float* shared = s.inputs + place.own + n;
        b = *reinterpret_cast<const float4*>(shared), c = *reinterpret_cast<const float4*>(shared + size);
#pragma unroll
        for (int j = 0; j < kManyBehind; j++) {
            if (j < a.behind) earlier[j] = *reinterpret_cast<const float4*>(tokens[j * gridDim.x].b + n);
        }
    }
    ManyBehind behind(a, tokens, warp);
    float next = behind.of_head(0);
    float* states = y.states + (static_cast<int64_t>(place.sequence) * a.inner + place.first) * size;
#pragma unroll 1
    for (int h = 0; h < a.heads; h++) {
        float dt = s.step[h], decay = s.decay[h], sum[kMixChannels] = {}, now = next;
        if (h + 1 < a.heads) next = behind.of_head(h + 1);
        float4 state[kMixChannels];
#pragma unroll
        for (int piece = 0; piece < kStatePieces; piece++, turn++) {
            int of = turn % kStateSlots;
            barrier_wait(s.stateArrived + of, turn / kStateSlots & 1);
            __syncwarp();
            const float* from = reinterpret_cast<const float*>(ring + of * kPieceBytes) + warp * kWarpChannels * size + n;
#pragma unroll
            for (int r = 0; r < kWarpChannels; r++) {
                state[piece * kWarpChannels + r] = known ? *reinterpret_cast<const float4*>(from + r * size) : float4{};
            }
            __syncwarp();
            if (lane == 0) barrier_arrive(s.stateTaken + of);
        }
        auto advance = [](float4& state, float decay, float x, float4 b) {
            state.x = fmaf(x, b.x, decay * state.x), state.y = fmaf(x, b.y, decay * state.y);
            state.z = fmaf(x, b.z, decay * state.z), state.w = fmaf(x, b.w, decay * state.w);
        };
        auto scaled = [](float4 b, float dt) { return make_float4(b.x * dt, b.y * dt, b.z * dt, b.w * dt); };
#pragma unroll
        for (int j = 0; j < kManyBehind; j++) {
            if (j >= a.behind) break;
            float4 bs = scaled(earlier[j], __shfl_sync(kFullWarp, now, ManyBehind::kSteps + j));
            float decay = __shfl_sync(kFullWarp, now, ManyBehind::kDecays + j);
#pragma unroll
            for (int r = 0; r < kMixChannels; r++) {
                advance(state[r], decay, __shfl_sync(kFullWarp, now, j * kMixChannels + r), bs);
            }
        }
        float4 bs = scaled(b, dt);
#pragma unroll
        for (int r = 0; r < kMixChannels; r++) {
            int channel = h * kMixOwn + mix_channel_of(warp, r);
            advance(state[r], decay, s.inputs[channel], bs);
            sum[r] = fmaf(state[r].x, c.x, sum[r]), sum[r] = fmaf(state[r].y, c.y, sum[r]);
            sum[r] = fmaf(state[r].z, c.z, sum[r]), sum[r] = fmaf(state[r].w, c.w, sum[r]);
            if (n < size && a.stores) store_past(states + static_cast<int64_t>(channel) * size + n, state[r]);
        }
        float out = warp_sums(sum);
        if (lane % 4 == 0) {
            int channel = h * kMixOwn + mix_channel_of(warp, warp_sums_of(lane));
            out = fmaf(s.skip[h], s.inputs[channel], out);
            float z = s.gates[channel] * y.mixer.zScale;
            out *= z * sigmoid(z);
            char* to = a.exchange + at + a.mix + among(a, place.first + channel, place.sequence);
            put(to, ahead_of(a, at), from_float<bf16>(out));
        }
    }
}

// A warp's sixteen keys and values of a split: keys n * 8 + g in registers, values on their way to shared memory. Those that
// are not in the cache are zeros.
struct ManyKeys {
    static constexpr int kSteps = kManyDim / 32, kCopies = kAttendKeys * kManyDim / 8 / kWarp;
    uint4 k[2][kSteps];

    __device__ __forceinline__ void load(const bf16* keys, const bf16* values, bf16 (&to)[kAttendKeys][kManyDim + 8], int first,
                                         int end, int rowStride) {
        int lane = this_thread() % kWarp, g = lane / 4, t = lane % 4;
#pragma unroll
        for (int n = 0; n < 2; n++) {
            int row = first + n * 8 + g;
#pragma unroll
            for (int j = 0; j < kSteps; j++) {
                k[n][j] = make_uint4(0, 0, 0, 0);
                if (row < end) k[n][j] = *reinterpret_cast<const uint4*>(keys + row * rowStride + j * 32 + t * 8);
            }
        }
#pragma unroll
        for (int i = 0; i < kCopies; i++) {
            int within = (i * kWarp + lane) / (kManyDim / 8), column = (i * kWarp + lane) % (kManyDim / 8) * 8;
            bool cached = first + within < end;
            copy_async16(&to[within][column], values + (cached ? first + within : 0) * rowStride + column, cached);
        }
        copy_async_commit();
    }
};

// Where the sums of a sequence's splits are: of the first query head of a block's key head.
__device__ __forceinline__ float* many_sums(const ManyPlan& a, const ManyPlace& place, int at) {
    int head = place.sequence * a.shape.numHeads + place.keyHead * (a.shape.numHeads / a.shape.numKeyValueHeads);
    return reinterpret_cast<float*>(a.exchange + at + a.splits) + head * kCluster * kManySplitSums;
}

// A block's splits, 128 keys at most each, by the first half of the warps. As attend() of decode_attention.cuh.
__device__ __forceinline__ void many_attention(const ManyPlan& a, ManyShared& s, const DecodeLayer& y, int at, int warp) {
    constexpr int kSteps = ManyKeys::kSteps;
    static_assert(kSteps == 2);
    const ManyPlace& place = s.place;
    int tid = this_thread(), lane = tid % kWarp, g = lane / 4, t = lane % 4, keyHead = place.keyHead;
    int keyHeads = a.shape.numKeyValueHeads, group = a.shape.numHeads / keyHeads, rowStride = keyHeads * kManyDim;
    int position = place.position, splits = ceil_div(position + 1, kAttendChunk), buffer = 0;
    const bf16* qkv = reinterpret_cast<const bf16*>(a.exchange + at + a.p + place.sequence * a.pBytes) + a.projection;
    const bf16* ownKey = qkv + (keyHeads * group + keyHead) * kManyDim;
    const bf16* ownValue = ownKey + rowStride;
    int64_t cache = static_cast<int64_t>(place.sequence) * a.shape.capacity * rowStride + keyHead * kManyDim;
    bf16 *keys = y.keys + cache, *cachedValues = y.values + cache;
    float* sums = many_sums(a, place, at);
    auto angle = [&](int j, int i) { return *reinterpret_cast<const float4*>(s.angles + j * 32 + t * 8 + i); };
    ManyKeys next;
    auto load = [&](int split, int buffer) {
        int first = split * kAttendChunk + warp * kAttendKeys, end = min((split + 1) * kAttendChunk, position);
        next.load(keys, cachedValues, s.values[buffer].row[warp], first, end, rowStride);
    };
    load(place.split, 0);
    uint4 q[kSteps];
    do {
#pragma unroll
        for (int j = 0; j < kSteps; j++) {
            q[j] = make_uint4(0, 0, 0, 0);
            if (g < group) q[j] = look(qkv + (keyHead * group + g) * kManyDim + j * 32 + t * 8);
        }
    } while (!__all_sync(kFullWarp, come(q[0]) && come(q[1])));
    rotate(q, angle, 1.f);
#pragma unroll 1
    for (int split = place.split; split < splits; split += place.splitStep, buffer ^= 1) {
        int begin = split * kAttendChunk, end = min(begin + kAttendChunk, position + 1), first = begin + warp * kAttendKeys;
        auto& values = s.values[buffer].row[warp];
        AttendSums<kManyDim> mine;
        ManyKeys now = next;
        load(split + place.splitStep, buffer ^ 1);
        copy_async_wait<1>();
        __syncwarp();
        int row = position - first;  // of the token's own key and value
        if (row >= 0 && row < kAttendKeys) {
            bool holdsKey = g == row % 8, holdsValue = lane < kManyDim / 8, all;
            uint4 newKey[kSteps] = {}, newValue = make_uint4(0, 0, 0, 0);
            do {
#pragma unroll
                for (int j = 0; j < kSteps; j++) {
                    if (holdsKey) newKey[j] = look(ownKey + j * 32 + t * 8);
                }
                if (holdsValue) newValue = look(ownValue + lane * 8);
                all = come(newKey[0]) && come(newKey[1]) && come(newValue);
            } while (!__all_sync(kFullWarp, all));
            if (holdsKey) {
                rotate(newKey, angle, y.keyScale);
#pragma unroll
                for (int j = 0; j < kSteps; j++) {
                    if (row < 8) now.k[0][j] = newKey[j];
                    if (row >= 8) now.k[1][j] = newKey[j];
                    *reinterpret_cast<uint4*>(keys + position * rowStride + j * 32 + t * 8) = newKey[j];
                }
            }
            if (holdsValue) {
                *reinterpret_cast<uint4*>(&values[row][lane * 8]) = newValue;
                *reinterpret_cast<uint4*>(cachedValues + position * rowStride + lane * 8) = newValue;
            }
            __syncwarp();
        }
        if (first < end) attend_keys<kManyDim>(mine, q, now.k, values, first, end, true, a.scoreScale);
        auto of_warp = [&](int k) { return reinterpret_cast<HeadSums<kManyDim>*>(&s.values[buffer].row[k]); };
        static_assert(kAttendGroup * sizeof(HeadSums<kManyDim>) <= sizeof(s.values[0].row[0]));
        leave_sums<kManyDim>(mine, of_warp(warp), group);
        side_sync<0>();
#pragma unroll 1
        for (int i = tid; i < group * kManyDim; i += kSideThreads) {
            int h = i / kManyDim, d = i % kManyDim;
            float top, all, value = add_parts<kManyDim, kAttendWarps>(kAttendWarps, top, all, d,
                                                                      [&](int k, int d) { return of_warp(k)[h].number[d]; });
            float* to = sums + (h * kCluster + split) * kManySplitSums;
            put(to + d, value);
            if (d == 0) put(to + kManyDim, top), put(to + kManyDim + 1, all);
        }
        side_sync<0>();
    }
    copy_async_wait<0>();
    // of splits that have no keys now, too: they may have had some before
#pragma unroll 1
    for (int split = place.split; split < kCluster; split += place.splitStep) {
#pragma unroll 1
        for (int i = tid; i < group * (kManyDim + 2); i += kSideThreads) {
            int h = i / (kManyDim + 2), d = i % (kManyDim + 2);
            make_ready(sums + (h * kCluster + split) * kManySplitSums + d, ahead_of(a, at));
        }
    }
}

// A block's share of its key head's numbers over all splits, sixteen at a time by one warp of the first half.
__device__ __forceinline__ void many_combine(const ManyPlan& a, const ManyPlace& place, int at, int warp) {
    int lane = this_thread() % kWarp, k = lane / 4, q = lane % 4, splits = ceil_div(place.position + 1, kAttendChunk);
    int group = a.shape.numHeads / a.shape.numKeyValueHeads;
#pragma unroll 1
    for (int part = place.split * kAttendWarps + warp; part < group * kManyDim / 16; part += place.splitStep * kAttendWarps) {
        int h = part * 16 / kManyDim, d = part * 16 % kManyDim;
        const float* from = many_sums(a, place, at) + (h * kCluster + k) * kManySplitSums;
        float4 x = make_float4(0, 0, 0, 0);
        float2 scores = make_float2(-INFINITY, 0);  // their maximum, their weights' sum
        do {
            if (k < splits) x = look_four(from + d + q * 4), scores = look_pair(from + kManyDim);
        } while (!__all_sync(kFullWarp, come(x) && come(scores)));
        uint2 sum = add_splits(x, scores);
        if (lane < 4) {
            int column = a.inner + (place.keyHead * group + h) * kManyDim + d + q * 4;
            put(a.exchange + at + a.mix + among(a, column, place.sequence), ahead_of(a, at), sum);
        }
    }
}

// Of a sequence that rests, for which others wait like for any other: zeros.
__device__ __forceinline__ void many_rest(const ManyPlan& a, const ManyPlace& place, int at) {
#pragma unroll 1
    for (int i = this_thread(); i < place.own + a.attended; i += kManyThreads) {
        int beyond = i - place.own;
        if (beyond >= 0 && beyond % a.perSequence != blockIdx.x % a.perSequence) continue;
        int column = beyond < 0 ? place.first + i : a.inner + beyond;
        put(a.exchange + at + a.mix + among(a, column, place.sequence), ahead_of(a, at), from_float<bf16>(0.f));
    }
}

#endif

}  // namespace peregrine
