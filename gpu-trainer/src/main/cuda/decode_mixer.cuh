// One token through the state-space mixer between its projections: convolution, step size, scan, gate.
//
// A block owns 64 channels of one head of one sequence, a warp eight of them, its lanes along the state. Their states are
// read before the kernel before has ended, because only this kernel writes them; so are the convolution's earlier inputs,
// which lie in a ring: the slot of the new input holds the one that nobody needs any more, so that the heads of a group
// can each work out B and C for themselves while one of them stores the inputs. Floor: the states, read and written once.
#pragma once

#include "chain.cuh"
#include "decode.cuh"

namespace peregrine {

constexpr int kMixWarps = 8, kMixThreads = kMixWarps * kWarp;
constexpr int kMixChannels = 8;  // of a warp
constexpr int kMixOwn = kMixWarps * kMixChannels;

// The channel of the convolution that a block's i-th input is: its own of x, then all of its group's B, then C.
__device__ __forceinline__ int channel_of(const DecodeMixerShape& shape, int head, int first, int i) {
    int group = head / (shape.nHeads / shape.nGroups);
    if (i < kMixOwn) return head * shape.dHead + first + i;
    int beyond = i - kMixOwn, b = shape.nHeads * shape.dHead + group * shape.dState;
    return beyond < shape.dState ? b + beyond : b + (shape.nGroups - 1) * shape.dState + beyond;
}

constexpr int kMixTaps = 4;  // of the filters that are read as one

// A block's inputs: x of its channels, B and C.
inline size_t mixer_shared_bytes(const DecodeMixerShape& shape) {
    return (kMixOwn + 2 * static_cast<size_t>(shape.dState)) * sizeof(float);
}

// How many pieces of four numbers a lane a state has, or 0 where states or filters have to be read number by number.
template <typename T>
int mixer_pieces(const DecodeMixer<T>& a) {
    bool vectors = a.shape.dState % 4 == 0 && reinterpret_cast<uintptr_t>(a.states) % 16 == 0 && a.shape.taps == kMixTaps &&
                   reinterpret_cast<uintptr_t>(a.with.convWeight) % 16 == 0;
    return vectors ? ceil_div(a.shape.dState, kWarp * 4) : 0;
}

// What the convolution knows of a channel before its newest input is there.
struct MixChannel {
    float sum, scale, newest;
};

// kVector 4: the filter has kMixTaps numbers, and everything is asked for before anything is looked at, the position too; so
// the slot that this step's input goes to is read as well, and not used.
template <typename T, int kVector>
__device__ __forceinline__ MixChannel mix_channel(const DecodeMixerParameters& with, int taps, int channel, int position,
                                                  const T* window, int channels) {
    MixChannel c;
    c.scale = with.convScale[channel];
    c.sum = with.convBias ? with.convBias[channel] : 0.f;
    if constexpr (kVector == 4) {
        float4 filter = *reinterpret_cast<const float4*>(with.convWeight + static_cast<int64_t>(channel) * kMixTaps);
        float slot[kMixTaps];
#pragma unroll
        for (int i = 0; i < kMixTaps; i++) slot[i] = to_float(window[static_cast<int64_t>(i) * channels + channel]);
        float weight[kMixTaps] = {filter.x, filter.y, filter.z, filter.w};
#pragma unroll
        for (int tap = 0; tap + 1 < kMixTaps; tap++) {
            int at = position - (kMixTaps - 1 - tap), of = at & (kMixTaps - 1);
            float x = of == 0 ? slot[0] : of == 1 ? slot[1] : of == 2 ? slot[2] : slot[3];
            if (at >= 0) c.sum = fmaf(weight[tap], x, c.sum);
        }
        c.newest = filter.w;
    } else {
        const float* filter = with.convWeight + static_cast<int64_t>(channel) * taps;
        for (int tap = 0; tap + 1 < taps; tap++) {
            int at = position - (taps - 1 - tap);
            if (at < 0) continue;
            c.sum = fmaf(filter[tap], to_float(window[static_cast<int64_t>(at % taps) * channels + channel]), c.sum);
        }
        c.newest = filter[taps - 1];
    }
    return c;
}

// The sums over a warp of eight numbers a lane, each added up in the same order; lane l has that of number warp_sums_of(l).
__device__ __forceinline__ float warp_sums(const float (&x)[8]) {
    int lane = threadIdx.x % kWarp;
    float four[4], two[2];
#pragma unroll
    for (int r = 0; r < 4; r++) {
        four[r] = (lane & 16 ? x[r + 4] : x[r]) + __shfl_xor_sync(kFullWarp, lane & 16 ? x[r] : x[r + 4], 16);
    }
#pragma unroll
    for (int r = 0; r < 2; r++) {
        two[r] = (lane & 8 ? four[r + 2] : four[r]) + __shfl_xor_sync(kFullWarp, lane & 8 ? four[r] : four[r + 2], 8);
    }
    float sum = (lane & 4 ? two[1] : two[0]) + __shfl_xor_sync(kFullWarp, lane & 4 ? two[0] : two[1], 4);
    sum += __shfl_xor_sync(kFullWarp, sum, 2);
    return sum + __shfl_xor_sync(kFullWarp, sum, 1);
}
__device__ __forceinline__ int warp_sums_of(int lane) { return lane >> 4 << 2 | (lane >> 3 & 1) << 1 | (lane >> 2 & 1); }

// kPieces: of kWarp * kVector numbers, which cover a state. shared: mixer_shared_bytes().
template <typename T, int kVector, int kPieces>
__device__ __forceinline__ void mix_channels(const DecodeMixer<T>& a, int part, int head, int sequence, float* inputs) {
    constexpr int kInputs = ceil_div(kMixOwn + 2 * kWarp * kVector * kPieces, kMixThreads);  // of a thread
    static_assert(kMixChannels == 8);
    const DecodeMixerShape& shape = a.shape;
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int first = part * kMixOwn, size = shape.dState, inner = shape.nHeads * shape.dHead;
    int channels = inner + 2 * shape.nGroups * size, count = kMixOwn + 2 * size;
    int own = min(kMixOwn, shape.dHead - first);
    int position = a.positions[sequence];
    float* states = a.states + (static_cast<int64_t>(sequence) * inner + head * shape.dHead + first) * size;
    float s[kPieces][kMixChannels][kVector] = {};
#pragma unroll
    for (int piece = 0; piece < kPieces; piece++) {
        int n = (piece * kWarp + lane) * kVector;
#pragma unroll
        for (int r = 0; r < kMixChannels; r++) {
            int channel = warp * kMixChannels + r;
            if (n >= size || channel >= own) continue;
            const float* from = states + static_cast<int64_t>(channel) * size + n;
            if constexpr (kVector == 4) {
                float4 v = *reinterpret_cast<const float4*>(from);
                s[piece][r][0] = v.x, s[piece][r][1] = v.y, s[piece][r][2] = v.z, s[piece][r][3] = v.w;
            } else {
                s[piece][r][0] = *from;
            }
        }
    }
    float rate = a.with.aLog[head], skip = a.with.dSkip[head], dtBias = a.with.dtBias[head];
    if (position >= shape.capacity) {  // the sequence rests
        chain_wait();
        return;
    }
    T* window = a.windows + static_cast<int64_t>(sequence) * shape.taps * channels;
    MixChannel known[kInputs];
#pragma unroll
    for (int k = 0; k < kInputs; k++) {
        int i = k * kMixThreads + threadIdx.x;
        if (i >= count || (i < kMixOwn && i >= own)) continue;
        known[k] = mix_channel<T, kVector>(a.with, shape.taps, channel_of(shape, head, first, i), position, window, channels);
    }
    rate = -expf(rate);
    bool stores = part == 0 && head % (shape.nHeads / shape.nGroups) == 0;  // B and C of the group
    int channel = warp * kMixChannels + warp_sums_of(lane);                 // whose sum this lane will have
    int column = head * shape.dHead + first + channel;
    bool hasColumn = lane % 4 == 0 && channel < own;
    chain_wait();

    const T* p = a.p + sequence * a.pStride;
    float raw = to_float(p[inner + channels + head]), z = a.gate && hasColumn ? to_float(p[column]) : 0.f, newest[kInputs];
#pragma unroll
    for (int k = 0; k < kInputs; k++) {
        int i = k * kMixThreads + threadIdx.x;
        if (i >= count || (i < kMixOwn && i >= own)) continue;
        newest[k] = to_float(p[inner + channel_of(shape, head, first, i)]);
    }
    raw = fmaf(a.with.dtScale, raw, dtBias);
    float dt = fminf(fmaxf(softplus(raw), a.with.dtMin), a.with.dtMax);
    float decay = expf(rate * dt);
#pragma unroll
    for (int k = 0; k < kInputs; k++) {
        int i = k * kMixThreads + threadIdx.x;
        if (i >= count || (i < kMixOwn && i >= own)) continue;
        T input = from_float<T>(known[k].scale * newest[k]);
        float sum = fmaf(known[k].newest, to_float(input), known[k].sum);
        inputs[i] = sum * sigmoid(sum);
        if (i < kMixOwn || stores) {
            window[static_cast<int64_t>(position % shape.taps) * channels + channel_of(shape, head, first, i)] = input;
        }
    }
    __syncthreads();

    float sum[kMixChannels] = {};
    const float *b = inputs + kMixOwn, *c = b + size;
#pragma unroll
    for (int piece = 0; piece < kPieces; piece++) {
        int n = (piece * kWarp + lane) * kVector;
        if (n >= size) continue;
        float bs[kVector], cs[kVector];
#pragma unroll
        for (int i = 0; i < kVector; i++) bs[i] = b[n + i] * dt, cs[i] = c[n + i];
#pragma unroll
        for (int r = 0; r < kMixChannels; r++) {
            int channel = warp * kMixChannels + r;
            if (channel >= own) continue;
#pragma unroll
            for (int i = 0; i < kVector; i++) {
                float kept = position > 0 ? decay * s[piece][r][i] : 0.f;  // what is there before is not a number, perhaps
                s[piece][r][i] = fmaf(inputs[channel], bs[i], kept);
                sum[r] = fmaf(s[piece][r][i], cs[i], sum[r]);
            }
            float* to = states + static_cast<int64_t>(channel) * size + n;
            if constexpr (kVector == 4)
                *reinterpret_cast<float4*>(to) =
                    make_float4(s[piece][r][0], s[piece][r][1], s[piece][r][2], s[piece][r][3]);
            else
                *to = s[piece][r][0];
        }
    }
    float y = warp_sums(sum);
    if (!hasColumn) return;
    y = fmaf(skip, inputs[channel], y);
    if (a.gate) {
        z *= a.with.zScale;
        y *= z * sigmoid(z);
    }
    a.out[sequence * a.outStride + column] = from_float<T>(y);
}

}  // namespace peregrine
