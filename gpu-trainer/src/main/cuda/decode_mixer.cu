// One token through the state-space mixer between its projections: convolution, step size, scan, gate.
//
// A block owns 64 channels of one head of one sequence, a warp eight of them, its lanes along the state. Their states are
// read before the kernel before has ended, because only this kernel writes them; so are the convolution's earlier inputs,
// which lie in a ring: the slot of the new input holds the one that nobody needs any more, so that the heads of a group
// can each work out B and C for themselves while one of them stores the inputs. Floor: the states, read and written once.
#include "chain.cuh"
#include "decode.cuh"

namespace peregrine {
namespace {

constexpr int kWarps = 8, kThreads = kWarps * kWarp;
constexpr int kChannels = 8;  // of a warp
constexpr int kOwn = kWarps * kChannels;
constexpr int kMaxPieces = 8;  // with states read one number at a time

template <typename T>
struct Mixer {
    DecodeMixerShape shape;
    DecodeMixerParameters with;
    const T* p;
    int64_t pStride;
    const int* positions;
    T* windows;
    float* states;
    bool gate;
    T* out;
    int64_t outStride;
};

// The channel of the convolution that a block's i-th input is: its own of x, then all of its group's B, then C.
__device__ __forceinline__ int channel_of(const DecodeMixerShape& shape, int head, int first, int i) {
    int group = head / (shape.nHeads / shape.nGroups);
    if (i < kOwn) return head * shape.dHead + first + i;
    int beyond = i - kOwn, b = shape.nHeads * shape.dHead + group * shape.dState;
    return beyond < shape.dState ? b + beyond : b + (shape.nGroups - 1) * shape.dState + beyond;
}

// kPieces: of kWarp * kVector numbers, which cover a state.
template <typename T, int kVector, int kPieces>
__global__ void __launch_bounds__(kThreads) mixer_kernel(const __grid_constant__ Mixer<T> a) {
    extern __shared__ float inputs[];  // (kOwn + 2 dState): x of the block's channels, B, C
    chain_begin();
    const DecodeMixerShape& shape = a.shape;
    int head = blockIdx.y, sequence = blockIdx.z, warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int first = blockIdx.x * kOwn, size = shape.dState, inner = shape.nHeads * shape.dHead;
    int channels = inner + 2 * shape.nGroups * size, taps = shape.taps;
    int position = a.positions[sequence];
    if (position >= shape.capacity) {  // the sequence rests
        chain_wait();
        return;
    }
    int own = min(kOwn, shape.dHead - first);
    float* states = a.states + (static_cast<int64_t>(sequence) * inner + head * shape.dHead + first) * size;
    float s[kPieces][kChannels][kVector] = {};
    if (position > 0) {
#pragma unroll
        for (int piece = 0; piece < kPieces; piece++) {
            int n = (piece * kWarp + lane) * kVector;
#pragma unroll
            for (int r = 0; r < kChannels; r++) {
                int channel = warp * kChannels + r;
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
    }
    int slot = position % taps, oldest = slot + 1 == taps ? 0 : slot + 1;  // behind the new input's slot
    T* window = a.windows + static_cast<int64_t>(sequence) * taps * channels;
    for (int i = threadIdx.x; i < kOwn + 2 * size; i += kThreads) {
        if (i < kOwn && i >= own) continue;
        int channel = channel_of(shape, head, first, i);
        float sum = a.with.convBias ? a.with.convBias[channel] : 0.f;
        for (int tap = 0, slot = oldest; tap + 1 < taps; tap++) {
            if (position - (taps - 1 - tap) >= 0) {
                sum = fmaf(a.with.convWeight[static_cast<int64_t>(channel) * taps + tap],
                           to_float(window[static_cast<int64_t>(slot) * channels + channel]), sum);
            }
            slot = slot + 1 == taps ? 0 : slot + 1;
        }
        inputs[i] = sum;
    }
    float rate = -expf(a.with.aLog[head]), skip = a.with.dSkip[head], dtBias = a.with.dtBias[head];
    bool stores = blockIdx.x == 0 && head % (shape.nHeads / shape.nGroups) == 0;  // B and C of the group
    chain_wait();

    const T* p = a.p + sequence * a.pStride;
    for (int i = threadIdx.x; i < kOwn + 2 * size; i += kThreads) {
        if (i < kOwn && i >= own) continue;
        int channel = channel_of(shape, head, first, i);
        T input = from_float<T>(a.with.convScale[channel] * to_float(p[inner + channel]));
        float sum = fmaf(a.with.convWeight[static_cast<int64_t>(channel) * taps + taps - 1], to_float(input), inputs[i]);
        inputs[i] = sum * sigmoid(sum);
        if (i < kOwn || stores) window[static_cast<int64_t>(slot) * channels + channel] = input;
    }
    float raw = fmaf(a.with.dtScale, to_float(p[inner + channels + head]), dtBias);
    float dt = fminf(fmaxf(softplus(raw), a.with.dtMin), a.with.dtMax), decay = expf(rate * dt);
    __syncthreads();

    float sum[kChannels] = {};
    const float *b = inputs + kOwn, *c = b + size;
#pragma unroll
    for (int piece = 0; piece < kPieces; piece++) {
        int n = (piece * kWarp + lane) * kVector;
        if (n >= size) continue;
        float bs[kVector], cs[kVector];
#pragma unroll
        for (int i = 0; i < kVector; i++) bs[i] = b[n + i] * dt, cs[i] = c[n + i];
#pragma unroll
        for (int r = 0; r < kChannels; r++) {
            int channel = warp * kChannels + r;
            if (channel >= own) continue;
#pragma unroll
            for (int i = 0; i < kVector; i++) {
                s[piece][r][i] = fmaf(decay, s[piece][r][i], inputs[channel] * bs[i]);
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
#pragma unroll
    for (int r = 0; r < kChannels; r++) {
        sum[r] = warp_sum(sum[r]);
        int channel = warp * kChannels + r;
        if (lane != r || channel >= own) continue;
        int column = head * shape.dHead + first + channel;
        float y = fmaf(skip, inputs[channel], sum[r]);
        if (a.gate) {
            float z = a.with.zScale * to_float(p[column]);
            y *= z * sigmoid(z);
        }
        a.out[sequence * a.outStride + column] = from_float<T>(y);
    }
}

template <typename T>
__global__ void fill_window_kernel(const T* x, int64_t xStride, int64_t rows, int channels, int taps, const float* scale,
                                   T* window) {
    int channel = blockIdx.x * blockDim.x + threadIdx.x;
    int64_t row = rows - 1 - blockIdx.y;
    if (channel >= channels || row < 0) return;
    window[row % taps * channels + channel] = from_float<T>(scale[channel] * to_float(x[row * xStride + channel]));
}

}  // namespace

template <typename T>
cudaError_t decode_mixer(cudaStream_t stream, DecodeMixerShape shape, DecodeMixerParameters parameters, const T* p,
                         int64_t pStride, const int* positions, T* windows, float* states, bool gate, T* out,
                         int64_t outStride) {
    Mixer<T> a{shape, parameters, p, pStride, positions, windows, states, gate, out, outStride};
    dim3 grid(ceil_div(shape.dHead, kOwn), shape.nHeads, shape.batch);
    size_t shared = (kOwn + 2 * static_cast<size_t>(shape.dState)) * sizeof(float);
    bool vectors = shape.dState % 4 == 0 && reinterpret_cast<uintptr_t>(states) % 16 == 0;
    auto with = [&](auto kernel) { return launch_chained(stream, kernel, grid, dim3(kThreads), shared, 1, a); };
    int pieces = ceil_div(shape.dState, kWarp * (vectors ? 4 : 1));
    if (pieces > (vectors ? 2 : kMaxPieces)) return cudaErrorInvalidValue;
    if (!vectors) return with(mixer_kernel<T, 1, kMaxPieces>);
    return pieces == 1 ? with(mixer_kernel<T, 4, 1>) : with(mixer_kernel<T, 4, 2>);
}

template <typename T>
cudaError_t decode_fill_window(cudaStream_t stream, const T* x, int64_t xStride, int64_t rows, int channels, int taps,
                               const float* scale, T* window) {
    constexpr int kFillThreads = 128;
    fill_window_kernel<T><<<dim3(ceil_div(channels, kFillThreads), taps), kFillThreads, 0, stream>>>(
        x, xStride, rows, channels, taps, scale, window);
    return cudaGetLastError();
}

#define INSTANTIATE(T)                                                                                                  \
    template cudaError_t decode_mixer<T>(cudaStream_t, DecodeMixerShape, DecodeMixerParameters, const T*, int64_t,      \
                                         const int*, T*, float*, bool, T*, int64_t);                                    \
    template cudaError_t decode_fill_window<T>(cudaStream_t, const T*, int64_t, int64_t, int, int, const float*, T*);
INSTANTIATE(float)
INSTANTIATE(bf16)
#undef INSTANTIATE

}  // namespace peregrine
