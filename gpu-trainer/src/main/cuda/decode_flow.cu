// A step of decoding in one kernel: see decode_flow.cuh.
#include "decode_flow.cuh"

#include "decode.cuh"
#include "decode_flow_head.cuh"
#include "decode_flow_mix.cuh"
#include "decode_flow_rows.cuh"
#include "decode_flow_weights.cuh"
#include "decode_many.cuh"
#include "shared_memory.cuh"

#include <algorithm>

namespace peregrine {
namespace {

#ifdef PEREGRINE_HOPPER

// What a warp knows while it is in a layer.
struct FlowLayer {
    const FlowPlan& a;
    FlowShared& s;
    char* weights;
    int warp;
    int n, at;  // the layer, of those of all tokens, and its slot: bytes into the exchange

    __device__ __forceinline__ char* slot() const { return a.exchange + at; }
    __device__ __forceinline__ int ahead() const { return ahead_of(a, at); }

    // The weights have come.
    __device__ __forceinline__ void await(int which) const {
        int piece = first_piece(which) + threadIdx.x % kWarp;
        if (piece < first_piece(which + 1)) barrier_wait(s.arrived + piece, n & 1);
        __syncwarp();
    }
    // The weights are in registers.
    __device__ __forceinline__ void release(int which) const {
        __syncwarp();
        if (threadIdx.x % kWarp == 0) barrier_arrive(s.taken + which);
    }

    // P1 and P4: 32 rows times rms(h). first: the token's first layer.
    __device__ __forceinline__ void normed(bool gated, bool first) const {
        int lane = threadIdx.x % kWarp, which = gated ? kGateUp : kIn, piece = warp * FlowInputs::kTakers + lane;
        bool takes = lane < FlowInputs::kTakers;
        const char* from = a.exchange + (gated ? at + a.mid : slot_before(a, at) + a.out) + piece * kHiddenStep;
        Vec8<bf16> h;
        h.raw = make_uint4(0, 0, 0, 0);
        if (takes && (gated || !first)) h.raw = look(from);
        if (takes && !gated && first) h = embedded(a.ends, s.id, piece * 8);

        await(which);
        const char* tile = weights + s.place[which];
        FlowRows rows(tile, warp);
        const float4* gains = reinterpret_cast<const float4*>(tile + place_of(kTileUnits)) + piece * 2;
        float4 low{}, high{};
        if (takes) low = gains[0], high = gains[1];
        release(which);

        while (!__all_sync(kFullWarp, come(h.raw))) {
            if (takes) h.raw = look(from);
        }
        char* inputs = s.x + warp * FlowInputs::kBlocks * 64;
        float squared = 0;
        if (takes) {
            squared = FlowInputs::scaled(h, low, high);
            *reinterpret_cast<uint4*>(inputs + lane * 16) = h.raw;
        }
        __syncwarp();
        rows.multiply(inputs, s.normed[warp]);
        squared = FlowInputs::all(squared);
        if (lane == 0) s.squares[warp] = squared;
        flow_sync();
        if (warp == 0) put_normed(gated);
    }

    // The sums of the warps, a row a lane; of gated rows the gate's, eight before those of the row beside it.
    __device__ __forceinline__ void put_normed(bool gated) const {
        const DecodeLayer& y = s.layer[n & 1];
        int lane = threadIdx.x % kWarp, row = gated ? lane / 8 % 2 * 16 + lane % 8 : lane;
        float sum = 0, beside = 0, mean = 0;
#pragma unroll
        for (int k = 0; k < kFlowWarps; k++) {
            sum += s.normed[k][row], beside += s.normed[k][(row + 8) % 32], mean += s.squares[k];
        }
        float factor = rsqrtf(fmaf(mean, a.perColumn, a.shape.epsilon));
        if (gated) {
            sum *= factor * y.gateScale;
            beside *= factor * sum * sigmoid(sum);
            int place = a.gated + (blockIdx.x * 2 + lane / 8) * kGatedStep + lane % 8 * sizeof(bf16);
            if (lane < 16) put(slot() + place, ahead(), from_float<bf16>(beside));
        } else {
            row += blockIdx.x * 32;
            sum *= factor * (row < a.projection ? y.inScale : y.qkvScale);
            if (row < a.rows) put(slot() + a.p + row * sizeof(bf16), ahead(), from_float<bf16>(sum));
        }
    }

    // P3 and P5: h += eight rows times what the mixer and attention, or the feed-forward part, have put.
    __device__ __forceinline__ void add(bool gated) const {
        constexpr int kBlocks = kFlowWide / kFlowBlock / kFlowWarps, kHalf = kFlowWide * 8 + kSkew;
        static_assert(kBlocks * 4 == kWarp);
        const DecodeLayer& y = s.layer[n & 1];
        int lane = threadIdx.x % kWarp, g = lane / 4, t = lane % 4, which = gated ? kDown : kOut;
        int begin = warp * kBlocks * kFlowBlock;  // this warp's first column
        bool second = !gated && begin >= a.inner;
        const char* from = slot() + (gated ? a.gated : a.mix) + (begin / 8 + lane) * (gated ? kGatedStep : 8 * sizeof(bf16));
        uint4 v = look(from);

        await(which);
        uint4 w[kBlocks];
        int columns = gated ? kFlowWide : second ? a.attended : a.inner;
        int at = second ? a.inner * 8 + (begin - a.inner) * 2 : begin * 2;
        const char* rows = weights + s.place[which] + g % 2 * kHalf + g / 2 * columns * 2 + at + t * 16;
#pragma unroll
        for (int j = 0; j < kBlocks; j++) w[j] = *reinterpret_cast<const uint4*>(rows + j * 64);
        release(which);

        while (!__all_sync(kFullWarp, come(v))) v = look(from);
        char* inputs = s.x + begin * sizeof(bf16);
        *reinterpret_cast<uint4*>(inputs + lane * 16) = v;
        __syncwarp();
        float scale = gated ? y.downScale : second ? y.oScale : y.outScale, row = 0;
#pragma unroll
        for (int j = 0; j < kBlocks; j++) {
            uint4 x = *reinterpret_cast<const uint4*>(inputs + j * 64 + t * 16);
            float sum[4] = {};
            mma16816(sum, {w[j].x, 0, w[j].y, 0}, x.x, x.y);
            mma16816(sum, {w[j].z, 0, w[j].w, 0}, x.z, x.w);
            row = fmaf(scale, sum[0], row);
        }
        if (t == 0) s.added[warp][g % 2 * 4 + g / 2] = row;
        flow_sync();
        if (threadIdx.x >= 8) return;
        float sum = 0;
#pragma unroll
        for (int k = 0; k < kFlowWarps; k++) sum += s.added[k][lane];
        bf16 rounded = from_float<bf16>(sum + s.h[lane]);
        s.h[lane] = to_float(rounded);
        put(slot() + (gated ? a.out : a.mid) + blockIdx.x * kHiddenStep + lane * sizeof(bf16), ahead(), rounded);
    }
};

// What the block's warps want to know of the token that is read; by one of them.
__device__ __forceinline__ void take_token(const FlowPlan& a, FlowShared& s, int id, int position) {
    int lane = threadIdx.x % kWarp;
    __syncwarp();
    if (lane == 0) s.id = max(id, 0), s.position = position;
    static_assert(kFlowDim / 2 == kWarp);
    if (position >= a.shape.capacity) return;  // behind the last token
    s.angles[lane] = a.angles[position * kWarp + lane];
    if (lane < kUnit && blockIdx.x < a.tiles[kDown]) {
        float x = a.ends.embeddingScale * embedding_row(a.ends, max(id, 0))[blockIdx.x * kUnit + lane];
        s.h[lane] = to_float(from_float<bf16>(x));
    }
}

#endif

__global__ void __launch_bounds__(kFlowThreads + kWarp, 1) flow_kernel(const __grid_constant__ FlowPlan a) {
#ifdef PEREGRINE_HOPPER
    extern __shared__ __align__(128) char dynamic[];
    FlowShared& s = *reinterpret_cast<FlowShared*>(dynamic);
    char* weights = dynamic + kFlowWeightsFrom;
    int tid = threadIdx.x, warp = warp_uniform(tid / kWarp), lane = tid % kWarp, position = *a.ends.position;
    bool rests = position >= a.shape.capacity;  // the sequence
    if (warp == kFlowWarps) {
        if (lane < kFlowWeights) s.hasTile[lane] = blockIdx.x < a.tiles[lane], s.place[lane] = a.place[lane];
        if (lane == 0) {
            for (int i = 0; i < kPieces; i++) barrier_init(s.arrived + i, 1);
            for (int w = 0; w < kFlowWeights; w++) barrier_init(s.taken + w, kFlowWarps);
            for (int place = 0; place < 2; place++) {
                for (int i = 0; i <= kTileUnits; i++) barrier_init(s.headArrived[place] + i, 1);
                barrier_init(s.headTaken + place, kFlowWarps);
            }
            barrier_init(&s.known, 1), barrier_init(&s.begun, kFlowWarps);
            barrier_init(&s.mixerArrived, 1), barrier_init(&s.mixerTaken, kFlowWarps);
            barrier_init_done();
        }
        __syncthreads();
        if (!rests) stream_weights(a, s, weights, position);
        return;
    }
    if (rests) {
        __syncthreads();
        if (blockIdx.x == 0 && tid == 0) {
            for (int token = 0; token < a.tokens; token++) a.ends.chosen[token] = 0;
            *a.ends.id = 0;
        }
        return;
    }
    if (position + a.tokens > kFlowTokens || position + a.tokens > a.shape.capacity) __trap();
    if (tid == 0) s.token = 0, s.bestSlot = a.turn[1];
    if (warp == 0) take_token(a, s, *a.ends.id, position);
    FlowLayer layer{a, s, weights, warp, 0, a.turn[0]};
    __syncthreads();
#pragma unroll 1
    while (s.token < a.tokens) {
#pragma unroll 1
        for (int left = a.shape.layers; left > 0; left--) {
            barrier_wait(&s.known, layer.n & 1);
            __syncwarp();
            if (lane == 0) barrier_arrive(&s.begun);
#pragma unroll 1
            for (int part = 0; part < 2; part++) {  // one body for both, since instructions too have to be fetched
                bool gated = part == 1;
                if (s.hasTile[gated ? kGateUp : kIn]) layer.normed(gated, left == a.shape.layers);
                if (!gated) {
                    const DecodeLayer& y = s.layer[layer.n & 1];
                    if (blockIdx.x < a.mixers) {
                        flow_mixer(a, s, y, layer.at, layer.n, warp);
                    } else {
                        flow_attention(a, s, y, layer.at, warp);
                    }
                }
                if (s.hasTile[gated ? kDown : kOut]) layer.add(gated);
            }
            // a block without rows of h has had no barrier behind its last sums
            if (!s.hasTile[kOut]) flow_sync();
            layer.n++, layer.at = slot_behind(a, layer.at);
        }
        flow_scores(a, s, weights, a.exchange + slot_before(a, layer.at) + a.out, warp);
        if (warp == 0) {
            int id = flow_choice(a, s.bestSlot);
            if (blockIdx.x == 0 && lane == 0) a.ends.chosen[s.token] = *a.ends.id = id;
            __syncwarp();
            if (lane == 0) s.token++, s.bestSlot ^= 1;
            take_token(a, s, id, s.position + 1);
        }
        flow_sync();
    }
    if (lane == 0) barrier_arrive(&s.begun);
    if (blockIdx.x == 0 && tid == 0) *a.ends.position = s.position, a.turn[0] = layer.at, a.turn[1] = s.bestSlot;
#endif
}

// Where things are for so many blocks.
FlowPlan plan_of(const DecodeFlowShape& s, int blocks) {
    FlowPlan a{};
    a.shape = s;
    a.inner = s.inner(), a.channels = s.channels(), a.projection = s.projection();
    a.rows = s.rows(), a.attended = s.attended();
    a.mixers = a.inner / kFlowChannels, a.attenders = blocks - a.mixers;
    int tiles[] = {ceil_div(a.rows, 32), s.hidden / 8, s.width / 16, s.hidden / 8};
    int wide = kFlowWide * 16 + 2 * kSkew, normed = place_of(kTileUnits) + s.hidden * sizeof(float);
    int bytes[] = {normed, wide, normed, wide};
    for (int w = 0; w < kFlowWeights; w++) a.tiles[w] = tiles[w], a.place[w + 1] = a.place[w] + bytes[w];
    int at = 0;
    auto take = [&](int bytes) {
        int place = at;
        at += ceil_div(bytes, 128) * 128;
        return place;
    };
    a.p = take(a.rows * sizeof(bf16));
    a.mix = take((a.inner + a.attended) * sizeof(bf16));
    a.mid = take(s.hidden / 8 * kHiddenStep);
    a.gated = take(s.width / 8 * kGatedStep);
    a.out = take(s.hidden / 8 * kHiddenStep);
    a.splits = take(s.numHeads * kCluster * kSplitSums * sizeof(float));
    a.slotBytes = at;
    a.perColumn = 1.f / s.hidden, a.scoreScale = kLog2e / sqrtf(static_cast<float>(s.headDim));
    return a;
}

// Of all slots, those of layers and the two of bests.
size_t exchange_bytes(const FlowPlan& a) {
    return static_cast<size_t>(kSlots) * a.slotBytes + size_t{2} * kFlowMostBlocks * kBestStep;
}

constexpr size_t kTurnBytes = 2 * sizeof(int);  // behind them

size_t shared_bytes(const FlowPlan& a) { return kFlowWeightsFrom + a.place[kFlowWeights]; }

}  // namespace

bool decode_flow_fits(const DecodeFlowShape& s) {
    if (s.sequences != 1) return decode_many_fits(s);
    int inner = s.nHeads * s.dHead, blocks = processors(), resident = 0;
    if (!has_hopper_code() || s.hidden != kFlowHidden || s.width != kFlowWide || s.headDim != kFlowDim ||
        inner + s.numHeads * s.headDim != kFlowWide || inner % (kFlowWide / kFlowWarps) != 0 || s.dHead % kFlowChannels != 0 ||
        s.nHeads % kFlowHeads != 0 || s.dState % 8 != 0 || s.dState > kFlowState || s.taps != kMixTaps ||
        s.layers > kFlowMostLayers || s.numHeads / s.numKeyValueHeads > kAttendGroup) {
        return false;
    }
    FlowPlan a = plan_of(s, blocks);
    bool whole = a.projection % 8 == 0 && a.rows % 8 == 0;
    bool enough = a.attenders >= 1 && blocks <= kFlowMostBlocks && *std::max_element(a.tiles, a.tiles + kFlowWeights) <= blocks;
    if (!whole || !enough || allow_shared_memory<flow_kernel>(shared_bytes(a))) return false;
    bool asked = cudaOccupancyMaxActiveBlocksPerMultiprocessor(&resident, flow_kernel, kFlowThreads + kWarp,
                                                               shared_bytes(a)) == cudaSuccess;
    return asked && resident == 1;
}

size_t decode_flow_bytes(const DecodeFlowShape& shape) {
    if (shape.sequences != 1) return decode_many_bytes(shape);
    return exchange_bytes(plan_of(shape, processors())) + kTurnBytes;
}

cudaError_t decode_flow_prepare(cudaStream_t stream, const DecodeFlowShape& shape, void* memory) {
    if (shape.sequences != 1) return decode_many_prepare(stream, shape, memory);
    size_t exchange = exchange_bytes(plan_of(shape, processors()));
    if (cudaError_t status = cudaMemsetAsync(memory, 0xff, exchange, stream)) return status;
    return cudaMemsetAsync(static_cast<char*>(memory) + exchange, 0, kTurnBytes, stream);
}

cudaError_t decode_flow(cudaStream_t stream, const DecodeFlowShape& shape, const DecodeLayer* layers, const DecodeEnds& ends,
                        int tokens, const float2* angles, void* memory) {
    if (shape.sequences != 1) return decode_many(stream, shape, layers, ends, tokens, angles, memory);
    bool biased = layers[0].mixer.convBias != nullptr;
    bool alike = std::all_of(layers, layers + shape.layers,
                             [&](const DecodeLayer& y) { return (y.mixer.convBias != nullptr) == biased; });
    if (!alike || tokens < 1 || ends.scoreRows % kUnit != 0 || ends.vocab > ends.scoreRows) return cudaErrorInvalidValue;
    int blocks = processors();
    FlowPlan a = plan_of(shape, blocks);
    a.ends = ends, a.tokens = tokens, a.angles = angles;
    a.exchange = static_cast<char*>(memory);
    a.bests = a.exchange + static_cast<size_t>(kSlots) * a.slotBytes;
    a.turn = reinterpret_cast<int*>(a.exchange + exchange_bytes(a));
    std::copy(layers, layers + shape.layers, a.layers);
    if (cudaError_t status = allow_shared_memory<flow_kernel>(shared_bytes(a))) return status;
    cudaLaunchAttribute together{};
    together.id = cudaLaunchAttributeCooperative;
    together.val.cooperative = 1;
    cudaLaunchConfig_t config{};
    config.gridDim = blocks;
    config.blockDim = kFlowThreads + kWarp;
    config.dynamicSmemBytes = shared_bytes(a);
    config.stream = stream;
    config.attrs = &together;
    config.numAttrs = 1;
    return cudaLaunchKernelEx(&config, flow_kernel, a);
}

}  // namespace peregrine
