// The scan's decays, and its walk over chunks that carries the state (forward) or the state's gradient (backward).
//
//   forward   S_after = f S_before + (w o dt o x)^T B         leaves S_before of each chunk
//   backward  dS_before = f dS_after + (e o dy)^T C           leaves dS_after of each chunk
//
// f = e_last. The running state is float, in registers; what is left is bf16. A block owns 64 channels and 64 state
// numbers of one sequence and walks over the chunks of a segment of it; a warp owns 16 channels. Where there are too few
// sequences and heads to fill the card, a sequence is cut into segments: a first walk finds what each adds by itself, a
// small kernel carries the states from segment to segment, and the second walk begins each with its true state.
// Floor: the rows of u once and the states once, 2 (64 dHead + dState 64 / 128) bytes per token and head.
#include "scan_tiles.cuh"
#include "shared_memory.cuh"

namespace peregrine::scan {
namespace {

// --- decays

constexpr int kPrepareWarps = 8;

// 2^kForgotten is zero in float: a step that decays by more is cut off, so that the sums behind it stay small enough for
// their differences.
constexpr float kForgotten = -150;

// A warp per head, four tokens per lane. dt comes through shared memory, because its rows run across heads.
__global__ void __launch_bounds__(kPrepareWarps* kWarp)
    prepare_kernel(const Sizes s, const ScanInputs<bf16> in, const int* documentStart, const int* biasedStart,
                   float* decays) {
    __shared__ float steps[kPrepareWarps][kChunk + 1];
    int chunk = blockIdx.y % s.chunks, sequence = blockIdx.y / s.chunks, firstHead = blockIdx.x * kPrepareWarps;
    int head = firstHead + threadIdx.x / kWarp, lane = threadIdx.x % kWarp, first = lane * 4;
    int count = min(kChunk, s.seqLen - chunk * kChunk);
    int64_t row0 = static_cast<int64_t>(sequence) * s.seqLen + chunk * kChunk;
    for (int i = threadIdx.x; i < kChunk * kPrepareWarps; i += blockDim.x) {
        int token = i / kPrepareWarps, h = i % kPrepareWarps;
        bool there = token < count && firstHead + h < s.nHeads;
        steps[h][token] = there ? in.dt[(row0 + token) * in.dtStride + firstHead + h] : 0.f;
    }
    __syncthreads();
    if (head >= s.nHeads) return;
    float a = -expf(in.aLog[head]) * kLog2e, dt[4], cs[4];
    int start[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        dt[i] = steps[threadIdx.x / kWarp][first + i];
        start[i] = start_in_chunk(documentStart, s, sequence, chunk, first + i);
        bool biased = biasedStart != nullptr && start_in_chunk(biasedStart, s, sequence, chunk, first + i) == first + i;
        float sum = i > 0 ? cs[i - 1] : 0.f, step = dt[i] * a;
        if (step < kForgotten) step = kForgotten;  // not a maximum, which hides what is not a number
        cs[i] = (biased ? sum + kResetBias * kLog2e : sum) + step;
    }
    float before = cs[3];
#pragma unroll
    for (int offset = 1; offset < kWarp; offset *= 2) {
        float other = __shfl_up_sync(kFullWarp, before, offset);
        if (lane >= offset) before += other;
    }
    float last = __shfl_sync(kFullWarp, before, kWarp - 1);
    int lastStart = __shfl_sync(kFullWarp, start[3], kWarp - 1);
    before = __shfl_up_sync(kFullWarp, before, 1);
    float e[4], w[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        if (lane > 0) cs[i] += before;
        e[i] = start[i] < 0 ? exp2_fast(fminf(cs[i], 0.f)) : 0.f;
        w[i] = first + i >= lastStart ? exp2_fast(fminf(last - cs[i], 0.f)) : 0.f;
    }
    float4* to = reinterpret_cast<float4*>(decays + ((static_cast<int64_t>(sequence) * s.chunks + chunk) * s.nHeads + head) *
                                                        kDecayFloats);
    to[kCs * kWarp + lane] = make_float4(cs[0], cs[1], cs[2], cs[3]);
    to[kDt * kWarp + lane] = make_float4(dt[0], dt[1], dt[2], dt[3]);
    to[kE * kWarp + lane] = make_float4(e[0], e[1], e[2], e[3]);
    to[kW * kWarp + lane] = make_float4(w[0], w[1], w[2], w[3]);
}

// --- walk

constexpr int kWalkWarps = kSlice / 16, kWalkThreads = kWalkWarps * kWarp;
constexpr int kTokens = 64;    // per stage
constexpr int kWalkPart = 64;  // state numbers of a block: more, smaller blocks spread better over the multiprocessors
constexpr int kStages = 4;

struct WalkStage {
    bf16 u[kTokens * kSlice];
    bf16 v[kTokens * kWalkPart];
    float weights[kTokens];  // e (backward) or w
    float dt[kTokens];       // forward
    float lastE[4];          // of the chunk's last four tokens
};
constexpr size_t kWalkBytes = kStages * sizeof(WalkStage);

// Blocks that fill the card: three on each of 132 multiprocessors. Where sequences, heads and parts are fewer, sequences
// are cut into segments.
constexpr int kWantedBlocks = 396;

struct Segments {
    int count, chunks;  // chunks per segment; the last one may have fewer
};

Segments segments_of(const Sizes& s) {
    int blocks = s.batch * s.slices * (s.dState / kWalkPart);
    int count = max(1, min(s.chunks, kWantedBlocks / blocks));
    if (count < 3) count = 1;  // the second walk costs more than idle multiprocessors
    int chunks = ceil_div(s.chunks, count);
    return {ceil_div(s.chunks, chunks), chunks};
}

enum class Pass { kOnly, kSegmentSums, kFromSegments };

template <bool kReverse, Pass kPass>
__global__ void __launch_bounds__(kWalkThreads)
    walk_kernel(const Sizes s, const StateWalk a, const Segments segments, float* segmentDecays) {
    extern __shared__ __align__(128) char raw[];
    WalkStage* stages = reinterpret_cast<WalkStage*>(raw);
    int parts = s.dState / kWalkPart, slice = blockIdx.x / parts, part = blockIdx.x % parts;
    int sequence = blockIdx.y / segments.count, segment = blockIdx.y % segments.count;
    int head = slice / s.slicesPerHead, warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
    int firstChunk = segment * segments.chunks, chunks = min(segments.chunks, s.chunks - firstChunk);
    constexpr int kPerChunk = kChunk / kTokens;
    int tiles = chunks * kPerChunk;
    const bf16* u = a.u + static_cast<int64_t>(sequence) * s.seqLen * a.uStride + static_cast<int64_t>(slice) * kSlice;
    const bf16* v = a.v + static_cast<int64_t>(sequence) * s.seqLen * a.vStride +
                    static_cast<int64_t>(s.group(slice)) * s.dState + part * kWalkPart;

    auto chunk_of = [&](int t) { return firstChunk + (kReverse ? chunks - 1 - t / kPerChunk : t / kPerChunk); };
    auto load = [&](int t) {
        if (t < tiles) {
            int chunk = chunk_of(t), position = chunk * kChunk + t % kPerChunk * kTokens, valid = s.seqLen - position;
            WalkStage& stage = stages[t % kStages];
            // A tile may lie wholly past the end: no address is formed from its first row then.
            int64_t row = valid > 0 ? position : 0;
            copy_tile<kTokens, kSlice, kWalkThreads>(stage.u, u + row * a.uStride, a.uStride, valid);
            copy_tile<kTokens, kWalkPart, kWalkThreads>(stage.v, v + row * a.vStride, a.vStride, valid);
            const float* decays = decays_at(a.decays, s, sequence, chunk, head);
            int first = t % kPerChunk * kTokens, vector = threadIdx.x % (kTokens / 4) * 4;
            switch (threadIdx.x / (kTokens / 4)) {
                case 0: copy_async16(stage.weights + vector, decays + (kReverse ? kE : kW) * kChunk + first + vector); break;
                case 1: if (!kReverse) copy_async16(stage.dt + vector, decays + kDt * kChunk + first + vector); break;
                case 2: if (vector == 0) copy_async16(stage.lastE, decays + kE * kChunk + kChunk - 4); break;
            }
        }
        copy_async_commit();
    };

    float state[kWalkPart / 8][4] = {};
    // Row lane / 4 and column 2 (lane % 4) of this warp's part of a (64, dState) matrix.
    int64_t corner = static_cast<int64_t>(warp * 16 + lane / 4) * s.dState + part * kWalkPart + lane % 4 * 2;
    float* ofSegment = a.segmentStates + ((static_cast<int64_t>(sequence) * segments.count + segment) * s.slices + slice) *
                                             s.state_size() + corner;
    if constexpr (kPass == Pass::kFromSegments) {
#pragma unroll
        for (int n = 0; n < kWalkPart / 8; n++) {
            float2 low = *reinterpret_cast<const float2*>(ofSegment + n * 8);
            float2 high = *reinterpret_cast<const float2*>(ofSegment + 8 * s.dState + n * 8);
            state[n][0] = low.x, state[n][1] = low.y, state[n][2] = high.x, state[n][3] = high.y;
        }
    }
    for (int t = 0; t < kStages - 1; t++) load(t);
    float decayOfSegment = 1;

    for (int t = 0; t < tiles; t++) {
        copy_async_wait<kStages - 2>();
        __syncthreads();
        load(t + kStages - 1);
        const WalkStage& stage = stages[t % kStages];
        if (t % kPerChunk == 0) {
            if constexpr (kPass != Pass::kSegmentSums) {
                bf16* to = a.states + s.index(sequence, chunk_of(t), slice) * s.state_size() +
                           static_cast<int64_t>(warp * 16 + lane / 4) * s.dState + part * kWalkPart + lane % 4 * 8;
#pragma unroll
                for (int block = 0; block < kWalkPart / 32; block++)
#pragma unroll
                    for (int half = 0; half < 2; half++)
                        *reinterpret_cast<uint4*>(to + half * 8 * s.dState + block * 32) =
                            accumulator_columns(state, block, half);
            }
            float f = stage.lastE[3];
            decayOfSegment *= f;
#pragma unroll
            for (int n = 0; n < kWalkPart / 8; n++)
#pragma unroll
                for (int i = 0; i < 4; i++) state[n][i] *= f;
        }
#pragma unroll
        for (int k = 0; k < kTokens / 16; k++) {
            uint32_t left[4];
            load_left_transposed<kSlice>(left, stage.u, k * 16, warp);
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int at = k * 16 + half * 8 + lane % 4 * 2;
                float2 weight = *reinterpret_cast<const float2*>(stage.weights + at);
                if constexpr (!kReverse) {
                    float2 dt = *reinterpret_cast<const float2*>(stage.dt + at);
                    weight.x *= dt.x, weight.y *= dt.y;
                }
#pragma unroll
                for (int i = 2 * half; i < 2 * half + 2; i++) {
                    float2 pair = unpack_bf16(left[i]);
                    left[i] = pack_bf16(pair.x * weight.x, pair.y * weight.y);
                }
            }
#pragma unroll
            for (int n = 0; n < kWalkPart / 16; n++) {
                uint32_t right[4];
                load_right<kWalkPart>(right, stage.v, k * 16, n);
                mma16816(state[2 * n], left, right[0], right[1]);
                mma16816(state[2 * n + 1], left, right[2], right[3]);
            }
        }
    }
    copy_async_wait<0>();

    float* to = kPass == Pass::kSegmentSums ? ofSegment
                : a.finalState != nullptr && segment == segments.count - 1
                    ? a.finalState + (static_cast<int64_t>(sequence) * s.slices + slice) * s.state_size() + corner
                    : nullptr;
    if (to != nullptr) {
#pragma unroll
        for (int n = 0; n < kWalkPart / 8; n++) {
            *reinterpret_cast<float2*>(to + n * 8) = make_float2(state[n][0], state[n][1]);
            *reinterpret_cast<float2*>(to + 8 * s.dState + n * 8) = make_float2(state[n][2], state[n][3]);
        }
    }
    if (kPass == Pass::kSegmentSums && threadIdx.x == 0 && part == 0)
        segmentDecays[(static_cast<int64_t>(sequence) * segments.count + segment) * s.slices + slice] = decayOfSegment;
}

constexpr int kCarryThreads = 256;

// In place: what each segment adds becomes the state it begins with.
template <bool kReverse>
__global__ void __launch_bounds__(kCarryThreads)
    carry_kernel(const Sizes s, int segments, float* states, const float* segmentDecays) {
    int slice = blockIdx.y, sequence = blockIdx.z;
    int64_t at = static_cast<int64_t>(blockIdx.x) * kCarryThreads + threadIdx.x;
    float carried = 0;
    for (int i = 0; i < segments; i++) {
        int64_t index = (static_cast<int64_t>(sequence) * segments + (kReverse ? segments - 1 - i : i)) * s.slices + slice;
        float* of = states + index * s.state_size() + at;
        float own = *of;
        *of = carried;
        carried = fmaf(segmentDecays[index], carried, own);
    }
}

template <bool kReverse, Pass kPass>
cudaError_t launch_walk(cudaStream_t stream, const Sizes& s, const StateWalk& walk, const Segments& segments,
                        float* segmentDecays) {
    cudaError_t status = allow_shared_memory<walk_kernel<kReverse, kPass>>(kWalkBytes);
    if (status != cudaSuccess) return status;
    dim3 grid(s.slices * (s.dState / kWalkPart), s.batch * segments.count);
    walk_kernel<kReverse, kPass><<<grid, kWalkThreads, kWalkBytes, stream>>>(s, walk, segments, segmentDecays);
    return cudaGetLastError();
}

}  // namespace

cudaError_t prepare_decays(cudaStream_t stream, const Sizes& s, const ScanInputs<bf16>& in, const int* documentStart,
                           const int* biasedStart, float* decays) {
    dim3 grid(ceil_div(s.nHeads, kPrepareWarps), s.batch * s.chunks);
    prepare_kernel<<<grid, kPrepareWarps * kWarp, 0, stream>>>(s, in, documentStart, biasedStart, decays);
    return cudaGetLastError();
}

size_t walk_workspace_floats(const Sizes& s) {
    Segments segments = segments_of(s);
    return segments.count == 1 ? 0 : static_cast<size_t>(s.batch) * segments.count * s.slices * (s.state_size() + 1);
}

size_t walk_block_memory() { return kWalkBytes; }

template <bool kReverse>
cudaError_t walk_states(cudaStream_t stream, const Sizes& s, const StateWalk& walk) {
    Segments segments = segments_of(s);
    if (segments.count == 1) return launch_walk<kReverse, Pass::kOnly>(stream, s, walk, segments, nullptr);
    float* segmentDecays =
        walk.segmentStates + static_cast<size_t>(s.batch) * segments.count * s.slices * s.state_size();
    cudaError_t status = launch_walk<kReverse, Pass::kSegmentSums>(stream, s, walk, segments, segmentDecays);
    if (status != cudaSuccess) return status;
    dim3 grid(static_cast<unsigned>(s.state_size() / kCarryThreads), s.slices, s.batch);
    carry_kernel<kReverse><<<grid, kCarryThreads, 0, stream>>>(s, segments.count, walk.segmentStates, segmentDecays);
    return launch_walk<kReverse, Pass::kFromSegments>(stream, s, walk, segments, segmentDecays);
}

template cudaError_t walk_states<false>(cudaStream_t, const Sizes&, const StateWalk&);
template cudaError_t walk_states<true>(cudaStream_t, const Sizes&, const StateWalk&);

}  // namespace peregrine::scan
