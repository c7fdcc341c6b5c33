// All layers of a step of decoding in one kernel: see decode_flow.cuh.
#include "decode_flow.cuh"

#include "decode.cuh"
#include "decode_flow_mix.cuh"
#include "decode_flow_weights.cuh"
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
    int warp, l;
    char *slot, *before;  // this layer's place in the exchange, and that of the layer before
    int ahead;

    // The weights have come.
    __device__ __forceinline__ void await(int which) const {
        int lane = threadIdx.x % kWarp, piece = s.firstPiece[which] + lane;
        if (piece < s.firstPiece[which + 1]) barrier_wait(s.arrived + piece, l & 1);
        __syncwarp();
    }
    // The weights are in registers.
    __device__ __forceinline__ void release(int which) const {
        __syncwarp();
        if (threadIdx.x % kWarp == 0) barrier_arrive(s.taken + which);
    }

    // P1 and P4: 32 rows times rms(h). The operand of the tensor cores has sixteen rows of two units of eight, its row m being
    // row m / 2 of unit m % 2, and a warp its own columns, as decode_products.cu has them.
    __device__ __forceinline__ void normed(bool gated) const {
        constexpr int kBlocks = kFlowHidden / kFlowBlock / kFlowWarps, kPitch = kFlowHidden * sizeof(bf16);
        static_assert(kBlocks * 4 <= kWarp);
        int lane = threadIdx.x % kWarp, g = lane / 4, t = lane % 4, which = gated ? kGateUp : kIn;
        bool padded = gated || l > 0, takes = lane < kBlocks * 4;  // eight numbers
        int piece = warp * kBlocks * 4 + lane;
        const char* from = gated ? slot + a.mid : l > 0 ? before + a.out : reinterpret_cast<const char*>(a.h);
        from += piece * (padded ? kHiddenStep : 8 * sizeof(bf16));
        Vec8<bf16> h;
        h.raw = make_uint4(0, 0, 0, 0);
        if (takes) h.raw = look(from);

        await(which);
        uint4 w[4][kBlocks];
        const char* own = weights + s.place[which];
        const char* rows = own + g % 2 * (8 * kPitch + kSkew) + g / 2 * kPitch + warp * kBlocks * 64 + t * 16;
#pragma unroll
        for (int u = 0; u < 4; u++) {
            int at = u / 2 * (16 * kPitch + 2 * kSkew) + u % 2 * 4 * kPitch;
#pragma unroll
            for (int j = 0; j < kBlocks; j++) w[u][j] = *reinterpret_cast<const uint4*>(rows + at + j * 64);
        }
        const float4* gains = reinterpret_cast<const float4*>(own + 32 * kPitch + 4 * kSkew) + piece * 2;
        float4 low, high;
        if (takes) low = gains[0], high = gains[1];
        release(which);

        while (!__all_sync(kFullWarp, come(h.raw))) {
            if (takes) h.raw = look(from);
        }
        char* inputs = s.x + warp * kBlocks * 64;
        float squared = 0;
        if (takes) {
            float x[8], gain[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
            h.get(x);
#pragma unroll
            for (int i = 0; i < 8; i++) squared = fmaf(x[i], x[i], squared), x[i] *= gain[i];
            h.set(x);
            *reinterpret_cast<uint4*>(inputs + lane * 16) = h.raw;
        }
        __syncwarp();
        float total[2][4] = {};
#pragma unroll
        for (int j = 0; j < kBlocks; j++) {
            uint4 x = *reinterpret_cast<const uint4*>(inputs + j * 64 + t * 16);
#pragma unroll
            for (int k = 0; k < 2; k++) {
                uint4 even = w[2 * k][j], odd = w[2 * k + 1][j];
                float sum[4] = {};
                mma16816(sum, {even.x, odd.x, even.y, odd.y}, x.x, x.y);
                mma16816(sum, {even.z, odd.z, even.w, odd.w}, x.z, x.w);
                total[k][0] += sum[0], total[k][2] += sum[2];
            }
        }
        float all = squared;
#pragma unroll
        for (int j = 1; j < kBlocks; j++) all += __shfl_sync(kFullWarp, squared, j * 4 + t);
        all = quad_sum(all);
        if (t == 0) {
            float* to = s.normed[warp] + g % 2 * 8 + g / 2;
#pragma unroll
            for (int k = 0; k < 2; k++) to[k * 16] = total[k][0], to[k * 16 + 4] = total[k][2];
        }
        if (lane == 0) s.squares[warp] = all;
        flow_sync();
        if (warp == 0) put_normed(gated);
    }

    // The sums of the warps, a row a lane; of gated rows the gate's, eight before those of the row beside it.
    __device__ __forceinline__ void put_normed(bool gated) const {
        const DecodeLayer& y = s.layer[l & 1];
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
            if (lane < 16) put(slot + place, ahead, from_float<bf16>(beside));
        } else {
            row += blockIdx.x * 32;
            sum *= factor * (row < a.projection ? y.inScale : y.qkvScale);
            if (row < a.rows) put(slot + a.p + row * sizeof(bf16), ahead, from_float<bf16>(sum));
        }
    }

    // P3 and P5: h += eight rows times what the mixer and attention, or the feed-forward part, have put. mine: the row of h
    // that this thread has, in the first eight.
    __device__ __forceinline__ void add(bool gated, float& mine) const {
        constexpr int kBlocks = kFlowWide / kFlowBlock / kFlowWarps, kHalf = kFlowWide * 8 + kSkew;
        static_assert(kBlocks * 4 == kWarp);
        const DecodeLayer& y = s.layer[l & 1];
        int lane = threadIdx.x % kWarp, g = lane / 4, t = lane % 4, which = gated ? kDown : kOut;
        int begin = warp * kBlocks * kFlowBlock;  // this warp's first column
        bool second = !gated && begin >= a.inner;
        const char* from = slot + (gated ? a.gated : a.mix) + (begin / 8 + lane) * (gated ? kGatedStep : 8 * sizeof(bf16));
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
        bf16 rounded = from_float<bf16>(sum + mine);
        mine = to_float(rounded);
        put(slot + (gated ? a.out : a.mid) + blockIdx.x * kHiddenStep + lane * sizeof(bf16), ahead, rounded);
        if (gated && l + 1 == a.shape.layers) a.h[blockIdx.x * 8 + lane] = rounded;
    }
};

#endif

__global__ void __launch_bounds__(kFlowThreads + kWarp, 1) flow_kernel(const __grid_constant__ FlowPlan a) {
#ifdef PEREGRINE_HOPPER
    extern __shared__ __align__(128) char dynamic[];
    FlowShared& s = *reinterpret_cast<FlowShared*>(dynamic);
    char* weights = dynamic + kFlowWeightsFrom;
    int tid = threadIdx.x, warp = warp_uniform(tid / kWarp), lane = tid % kWarp, position = *a.positions;
    if (position >= a.shape.capacity) return;  // the sequence rests
    if (position >= kFlowTokens) __trap();
    if (tid == 0) {
        s.position = position, s.slot = *a.slot;
        list_pieces(a, s);
        for (int i = 0; i < s.firstPiece[kFlowWeights]; i++) barrier_init(s.arrived + i, 1);
        for (int w = 0; w < kFlowWeights; w++) barrier_init(s.taken + w, kFlowWarps);
        barrier_init(&s.known, 1), barrier_init(&s.begun, kFlowWarps);
        barrier_init(&s.mixerArrived, 1), barrier_init(&s.mixerTaken, kFlowWarps);
        barrier_init_done();
    }
    if (tid < kFlowDim / 2) s.angles[tid] = a.angles[position * (kFlowDim / 2) + tid];
    __syncthreads();
    if (warp == kFlowWarps) {
        stream_weights(a, s, weights);
        return;
    }
    float mine = tid < 8 && s.hasTile[kDown] ? to_float(a.h[blockIdx.x * 8 + tid]) : 0.f;
    FlowLayer layer{a, s, weights, warp, 0, a.exchange, a.exchange, 0};
    int slot = s.slot;
#pragma unroll 1
    for (int l = 0; l < a.shape.layers; l++, slot = (slot + 1) % kSlots) {
        layer.l = l, layer.before = layer.slot;
        layer.slot = a.exchange + slot * a.slotBytes, layer.ahead = ((slot + 2) % kSlots - slot) * a.slotBytes;
        if (l + 1 == a.shape.layers) chain_begin();  // the next kernel's blocks take the places of these as they end
        barrier_wait(&s.known, l & 1);
        __syncwarp();
        if (lane == 0) barrier_arrive(&s.begun);
#pragma unroll 1
        for (int part = 0; part < 2; part++) {  // one body for both, since instructions too have to be fetched
            bool gated = part == 1;
            if (s.hasTile[gated ? kGateUp : kIn]) layer.normed(gated);
            if (!gated) {
                const DecodeLayer& y = s.layer[l & 1];
                if (blockIdx.x < a.mixers) {
                    flow_mixer(a, s, y, layer.slot, layer.ahead, l, warp);
                } else {
                    flow_attention(a, s, y, layer.slot, layer.ahead, warp);
                }
            }
            if (s.hasTile[gated ? kDown : kOut]) layer.add(gated, mine);
        }
        // a block without rows of h has had no barrier behind its last sums
        if (!s.hasTile[kOut]) flow_sync();
    }
    if (lane == 0) barrier_arrive(&s.begun);
    if (blockIdx.x == 0 && tid == 0) *a.slot = slot;
#endif
}

// Where things are for so many blocks.
FlowPlan plan_of(const DecodeFlowShape& s, int blocks) {
    FlowPlan a{};
    a.shape = s;
    a.inner = s.nHeads * s.dHead, a.channels = a.inner + 2 * s.nGroups * s.dState;
    a.projection = a.inner + a.channels + s.nHeads, a.attended = s.numHeads * s.headDim;
    a.rows = a.projection + a.attended + 2 * s.numKeyValueHeads * s.headDim;
    a.mixers = a.inner / kFlowChannels, a.attenders = blocks - a.mixers;
    int tiles[] = {ceil_div(a.rows, 32), s.hidden / 8, s.width / 16, s.hidden / 8};
    int gain = s.hidden * sizeof(float), wide = kFlowWide * 16 + 2 * kSkew, normed = s.hidden * 64 + 4 * kSkew + gain;
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

size_t shared_bytes(const FlowPlan& a) { return kFlowWeightsFrom + a.place[kFlowWeights]; }

// Multiprocessors of the calling thread's device, or 0.
int processors() {
    int device = 0, count = 0;
    bool known = cudaGetDevice(&device) == cudaSuccess &&
                 cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device) == cudaSuccess;
    return known ? count : 0;
}

}  // namespace

bool decode_flow_fits(const DecodeFlowShape& s) {
    int inner = s.nHeads * s.dHead, blocks = processors(), resident = 0;
    if (!has_hopper_code() || s.hidden != kFlowHidden || s.width != kFlowWide || s.headDim != kFlowDim ||
        inner + s.numHeads * s.headDim != kFlowWide || inner % (kFlowWide / kFlowWarps) != 0 || s.dHead % kFlowChannels != 0 ||
        s.dState % 8 != 0 || s.dState > kFlowState || s.taps != kMixTaps || s.layers > kFlowMostLayers ||
        s.numHeads / s.numKeyValueHeads > kAttendGroup) {
        return false;
    }
    FlowPlan a = plan_of(s, blocks);
    bool whole = a.projection % 8 == 0 && a.rows % 8 == 0;
    bool enough = a.attenders >= 1 && *std::max_element(a.tiles, a.tiles + kFlowWeights) <= blocks;
    if (!whole || !enough || allow_shared_memory<flow_kernel>(shared_bytes(a))) return false;
    bool asked = cudaOccupancyMaxActiveBlocksPerMultiprocessor(&resident, flow_kernel, kFlowThreads + kWarp,
                                                               shared_bytes(a)) == cudaSuccess;
    return asked && resident == 1;
}

size_t decode_flow_bytes(const DecodeFlowShape& shape) {
    return static_cast<size_t>(kSlots) * plan_of(shape, processors()).slotBytes + sizeof(int);
}

cudaError_t decode_flow_prepare(cudaStream_t stream, const DecodeFlowShape& shape, void* memory) {
    size_t exchange = decode_flow_bytes(shape) - sizeof(int);
    if (cudaError_t status = cudaMemsetAsync(memory, 0xff, exchange, stream)) return status;
    return cudaMemsetAsync(static_cast<char*>(memory) + exchange, 0, sizeof(int), stream);
}

cudaError_t decode_flow(cudaStream_t stream, const DecodeFlowShape& shape, const DecodeLayer* layers, bf16* h,
                        const int* positions, const float2* angles, void* memory) {
    int blocks = processors();
    FlowPlan a = plan_of(shape, blocks);
    a.h = h, a.positions = positions, a.angles = angles;
    a.exchange = static_cast<char*>(memory);
    a.slot = reinterpret_cast<int*>(a.exchange + static_cast<size_t>(kSlots) * a.slotBytes);
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
