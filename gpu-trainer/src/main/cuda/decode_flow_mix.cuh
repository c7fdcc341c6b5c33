// The mixer and attention of decode_flow: P2 of decode_flow.cuh.
#pragma once

#include "decode_flow.cuh"

namespace peregrine {

#ifdef PEREGRINE_HOPPER

// kFlowChannels channels of one head, two a warp. As decode_mixer.cuh, whose every number it computes. layer: of
// those of all tokens.
__device__ __forceinline__ void flow_mixer(const FlowPlan& a, FlowShared& s, const DecodeLayer& y, int at,
                                           int layer, int warp) {
    const DecodeFlowShape& shape = a.shape;
    int tid = threadIdx.x, lane = tid % kWarp, size = shape.dState, n = lane * 4;
    int channel = blockIdx.x * kFlowChannels + warp * 2, head = channel / shape.dHead;
    int perGroup = shape.nHeads / shape.nGroups, group = head / perGroup;
    // B and C are the group's: each block works them out, and one remembers them
    bool stores = head % perGroup == 0 && blockIdx.x * kFlowChannels % shape.dHead == 0, hasShared = tid < 2 * size;
    int shared = a.inner + (tid < size ? group * size + tid : (shape.nGroups + group) * size + tid - size);
    char* slot = a.exchange + at;
    const bf16* p = reinterpret_cast<const bf16*>(slot + a.p);
    uint16_t sharedInput = 0, ownInput = 0, gate = 0, step = 0;
    auto look_at_projection = [&] {
        step = look_one(p + a.inner + a.channels + head);
        if (hasShared) sharedInput = look_one(p + a.inner + shared);
        if (lane < 2) ownInput = look_one(p + a.inner + channel + lane), gate = look_one(p + channel + lane);
    };
    look_at_projection();

    int position = s.position;
    auto& of = s.mixer;
    barrier_wait(&s.mixerArrived, layer & 1);
    auto earlier = [&](int i) {  // what the convolution has of the tokens before
        float4 filter = of.filter[i];
        float sum = y.mixer.convBias ? of.bias[i] : 0.f, weight[kMixTaps] = {filter.x, filter.y, filter.z, filter.w};
#pragma unroll
        for (int tap = 0; tap + 1 < kMixTaps; tap++) {
            int at = position - (kMixTaps - 1 - tap);
            if (at >= 0) sum = fmaf(weight[tap], to_float(of.window[at & (kMixTaps - 1)][i]), sum);
        }
        return sum;
    };
    int ofShared = kFlowChannels + tid, ofOwn = warp * 2 + lane;
    float sharedSum = hasShared ? earlier(ofShared) : 0.f, ownSum = lane < 2 ? earlier(ofOwn) : 0.f;
    int among = head % kFlowHeads;
    float rate = -expf(of.aLog[among]), dtBias = of.dtBias[among], skip = of.dSkip[among];
    float4 state[2] = {};
    if (n < size) {
#pragma unroll
        for (int r = 0; r < 2; r++) state[r] = *reinterpret_cast<const float4*>(of.states + (warp * 2 + r) * size + n);
    }
    while (!__all_sync(kFullWarp, come(sharedInput) && come(ownInput) && come(gate) && come(step))) look_at_projection();

    auto convolved = [&](int i, float sum, uint16_t newest, int channel, bool remembers) {
        bf16 input = from_float<bf16>(of.scale[i] * number_of(newest));
        sum = fmaf(of.filter[i].w, to_float(input), sum);
        if (remembers) y.windows[position % kMixTaps * a.channels + channel] = input;
        return sum * sigmoid(sum);
    };
    float *inputs = of.inputs[layer & 1], own = 0, z = number_of(gate);
    if (hasShared) inputs[tid] = convolved(ofShared, sharedSum, sharedInput, shared, stores);
    if (lane < 2) own = convolved(ofOwn, ownSum, ownInput, channel + lane, true);
    __syncwarp();
    if (lane == 0) barrier_arrive(&s.mixerTaken);
    float raw = fmaf(y.mixer.dtScale, number_of(step), dtBias);
    float dt = fminf(fmaxf(softplus(raw), y.mixer.dtMin), y.mixer.dtMax), decay = expf(rate * dt);
    flow_sync();

    float sum[2] = {}, x[2] = {__shfl_sync(kFullWarp, own, 0), __shfl_sync(kFullWarp, own, 1)};
    float* states = y.states + static_cast<int64_t>(channel) * size;
    if (n < size) {
        float4 b = *reinterpret_cast<const float4*>(inputs + n), c = *reinterpret_cast<const float4*>(inputs + size + n);
#pragma unroll
        for (int r = 0; r < 2; r++) {
            auto advance = [&](float& state, float b, float c) {
                float kept = position > 0 ? decay * state : 0.f;  // what is there before is not a number, perhaps
                state = fmaf(x[r], b * dt, kept);
                sum[r] = fmaf(state, c, sum[r]);
            };
            advance(state[r].x, b.x, c.x), advance(state[r].y, b.y, c.y);
            advance(state[r].z, b.z, c.z), advance(state[r].w, b.w, c.w);
        }
    }
    float first = warp_sum(sum[0]), second = warp_sum(sum[1]);
    if (lane < 2) {
        float out = fmaf(skip, own, lane == 0 ? first : second);
        z *= y.mixer.zScale;
        out *= z * sigmoid(z);
        put(slot + a.mix + (channel + lane) * sizeof(bf16), ahead_of(a, at), from_float<bf16>(out));
    }
    if (n < size) {
#pragma unroll
        for (int r = 0; r < 2; r++) *reinterpret_cast<float4*>(states + r * size + n) = state[r];
    }
}

// One split of a key head: 128 keys at most, sixteen a warp. As attend() of decode_attention.cuh. sums: of the key head's
// first query head.
__device__ __forceinline__ void flow_attend(const FlowPlan& a, FlowShared& s, const DecodeLayer& y, const bf16* qkv,
                                            int keyHead, int split, float* sums, int warp) {
    constexpr int kSteps = kFlowDim / 32, kCopies = kAttendKeys * kFlowDim / 8 / kWarp;
    int tid = threadIdx.x, lane = tid % kWarp, g = lane / 4, t = lane % 4;
    int keyHeads = a.shape.numKeyValueHeads, group = a.shape.numHeads / keyHeads, rowStride = keyHeads * kFlowDim;
    int position = s.position, begin = split * kAttendChunk, end = min(begin + kAttendChunk, position + 1);
    int first = begin + warp * kAttendKeys;
    bf16 *keys = y.keys + keyHead * kFlowDim, *cachedValues = y.values + keyHead * kFlowDim;
    auto& values = s.attention.values.row[warp];
    AttendSums<kFlowDim> mine;
    if (first < end) {
        const bf16* ownKey = qkv + (keyHeads * group + keyHead) * kFlowDim;
        const bf16* own = ownKey + rowStride;
        uint4 q[kSteps], newKey[kSteps], k[2][kSteps], newValue = make_uint4(0, 0, 0, 0);
#pragma unroll
        for (int n = 0; n < 2; n++) {
            int row = first + n * 8 + g;
#pragma unroll
            for (int j = 0; j < kSteps; j++) {
                k[n][j] = make_uint4(0, 0, 0, 0);
                if (row < min(end, position)) {
                    k[n][j] = *reinterpret_cast<const uint4*>(keys + row * rowStride + j * 32 + t * 8);
                }
            }
        }
#pragma unroll
        for (int i = 0; i < kCopies; i++) {
            int within = (i * kWarp + lane) / (kFlowDim / 8), column = (i * kWarp + lane) % (kFlowDim / 8) * 8;
            bool cached = first + within < min(end, position);
            copy_async16(&values[within][column], cachedValues + (cached ? first + within : 0) * rowStride + column, cached);
        }
        copy_async_commit();
        int row = position - first;  // of the token's own key and value
        bool holds = row < kAttendKeys, holdsKey = holds && g == row % 8, holdsValue = holds && lane < kFlowDim / 8, all;
        do {
            all = true;
#pragma unroll
            for (int j = 0; j < kSteps; j++) {
                q[j] = newKey[j] = make_uint4(0, 0, 0, 0);
                if (g < group) q[j] = look(qkv + (keyHead * group + g) * kFlowDim + j * 32 + t * 8);
                if (holdsKey) newKey[j] = look(ownKey + j * 32 + t * 8);
            }
            if (holdsValue) newValue = look(own + lane * 8);
#pragma unroll
            for (int j = 0; j < kSteps; j++) all &= come(q[j]) && come(newKey[j]);
            all &= come(newValue);
        } while (!__all_sync(kFullWarp, all));
        auto angle = [&](int j, int i) { return *reinterpret_cast<const float4*>(s.angles + j * 32 + t * 8 + i); };
        rotate(q, angle, 1.f);
        copy_async_wait<0>();
        __syncwarp();  // the zeros are there
        if (holdsKey) {
            rotate(newKey, angle, y.keyScale);
#pragma unroll
            for (int j = 0; j < kSteps; j++) {
                if (row < 8) k[0][j] = newKey[j];
                if (row >= 8) k[1][j] = newKey[j];
                *reinterpret_cast<uint4*>(keys + position * rowStride + j * 32 + t * 8) = newKey[j];
            }
        }
        if (holdsValue) {
            *reinterpret_cast<uint4*>(&values[row][lane * 8]) = newValue;
            *reinterpret_cast<uint4*>(cachedValues + position * rowStride + lane * 8) = newValue;
        }
        __syncwarp();
        attend_keys<kFlowDim>(mine, q, k, values, first, end, true, a.scoreScale);
    }
    auto of_warp = [&](int k) { return reinterpret_cast<HeadSums<kFlowDim>*>(&s.attention.values.row[k]); };
    static_assert(kAttendGroup * sizeof(HeadSums<kFlowDim>) <= sizeof(s.attention.values.row[0]));
    leave_sums<kFlowDim>(mine, of_warp(warp), group);
    flow_sync();
#pragma unroll 1
    for (int i = tid; i < group * kFlowDim; i += kFlowThreads) {
        int h = i / kFlowDim, d = i % kFlowDim;
        float top, all, value = add_parts<kFlowDim, kFlowWarps>(kFlowWarps, top, all, d,
                                                                [&](int k, int d) { return of_warp(k)[h].number[d]; });
        float* to = sums + h * kCluster * kSplitSums;
        put(to + d, value);
        if (d == 0) put(to + kFlowDim, top), put(to + kFlowDim + 1, all);
    }
}

// Sixteen numbers of a head, from number d on, over all splits, by one warp. sums: of the head's first split.
__device__ __forceinline__ void flow_combine(const float* sums, int d, int splits, char* to, int ahead) {
    int lane = threadIdx.x % kWarp, k = lane / 4, q = lane % 4;
    const float* part = sums + k * kSplitSums;
    float4 x = make_float4(0, 0, 0, 0);
    float2 scores = make_float2(-INFINITY, 0);  // their maximum, their weights' sum
    do {
        if (k < splits) x = look_four(part + d + q * 4), scores = look_pair(part + kFlowDim);
    } while (!__all_sync(kFullWarp, come(x) && come(scores)));
    uint2 sum = add_splits(x, scores);
    if (lane < 4) put(to + q * 8, ahead, sum);
}

// Attention's part of a block: its splits, then its numbers of those of all.
__device__ __forceinline__ void flow_attention(const FlowPlan& a, FlowShared& s, const DecodeLayer& y, int at,
                                               int warp) {
    int keyHeads = a.shape.numKeyValueHeads, group = a.shape.numHeads / keyHeads, block = blockIdx.x - a.mixers;
    int splits = ceil_div(s.position + 1, kAttendChunk);
    char* slot = a.exchange + at;
    const bf16* qkv = reinterpret_cast<const bf16*>(slot + a.p) + a.projection;
    float* sums = reinterpret_cast<float*>(slot + a.splits);
#pragma unroll 1
    for (int task = block; task < kCluster * keyHeads; task += a.attenders) {
        int keyHead = task % keyHeads, split = task / keyHeads;
        float* to = sums + (keyHead * group * kCluster + split) * kSplitSums;
        if (split < splits) flow_attend(a, s, y, qkv, keyHead, split, to, warp);
        // of splits that have no keys now, too: they may have had some a step ago
#pragma unroll 1
        for (int i = threadIdx.x; i < group * (kFlowDim + 2); i += kFlowThreads) {
            make_ready(to + i / (kFlowDim + 2) * kCluster * kSplitSums + i % (kFlowDim + 2), ahead_of(a, at));
        }
        flow_sync();
    }
    if (warp != 0) return;
    // blocks that have no splits come first
#pragma unroll 1
    for (int part = a.attenders - 1 - block; part < a.attended / 16; part += a.attenders) {
        int h = part * 16 / kFlowDim, d = part * 16 % kFlowDim;
        char* to = slot + a.mix + (a.inner + part * 16) * sizeof(bf16);
        flow_combine(sums + h * kCluster * kSplitSums, d, splits, to, ahead_of(a, at));
    }
}

#endif

}  // namespace peregrine
