// The layers of a step of several sequences in one kernel: see decode_many.cuh.
#include "decode_many.cuh"

#include "decode_many_mix.cuh"
#include "decode_many_products.cuh"
#include "decode_many_streams.cuh"
#include "shared_memory.cuh"

#include <algorithm>

namespace peregrine {
namespace {

constexpr int kBlockThreads = kManyThreads + kWarpgroup;
// Registers of a thread, of what 65,536 are: those that stream need few.
constexpr int kWorkRegisters = 112, kStreamRegisters = 24;
static_assert(kManyThreads * kWorkRegisters + kWarpgroup * kStreamRegisters <= kBlockThreads * (65536 / kBlockThreads / 8 * 8));

// kTiles: eights of sequences, of half of the warps.
template <int kTiles>
__global__ void __launch_bounds__(kBlockThreads, 1) many_kernel(const __grid_constant__ ManyPlan a) {
#ifdef PEREGRINE_HOPPER
    extern __shared__ __align__(128) char dynamic[];
    ManyShared& s = *reinterpret_cast<ManyShared*>(dynamic);
    char *weights = dynamic + kManyWeightsFrom, *ring = dynamic + kManyStatesFrom;
    int tid = threadIdx.x, warp = warp_uniform(tid / kWarp);
    if (tid == 0) {
        for (auto& barrier : s.normedArrived) barrier_init(&barrier, 1);
        for (auto& barrier : s.addArrived) barrier_init(&barrier, 1);
        for (auto& barrier : s.taken) barrier_init(&barrier, kManyWarps);
        for (auto& barrier : s.stateArrived) barrier_init(&barrier, 1);
        for (auto& barrier : s.stateTaken) barrier_init(&barrier, kMixWarps);
        barrier_init(&s.sumsCome, 1);
        barrier_init_done();
        s.place = place_of(a);
    }
    __syncthreads();
    if (warp >= kManyWarps) {
        registers_give<kStreamRegisters>();
        if (warp == kManyWarps) many_stream_weights(a, s, weights);
        if (warp == kManyWarps + 1) many_stream_states(a, s, ring);
        return;
    }
    registers_take<kWorkRegisters>();

    const ManyPlace& place = s.place;
    bool works = place.works && !place.rests;
    if (works && place.position >= min(kFlowTokens, a.shape.capacity)) __trap();
    constexpr int kWords = sizeof(DecodeLayer) / sizeof(uint4);
    static_assert(kWords <= kManyThreads);
    auto know = [&](int l) {
        if (tid < kWords) reinterpret_cast<uint4*>(&s.layer[l & 1])[tid] = reinterpret_cast<const uint4*>(a.layers + l)[tid];
    };
    know(0);
    if (works && tid < kManyDim / 2) s.angles[tid] = a.angles[place.position * (kManyDim / 2) + tid];
    int at = *a.turn, turn = 0;
    float own = 0;  // this thread's number of h
    if (blockIdx.x < a.tiles[kManyOut] && tid / kOctet < a.shape.sequences) {  // the embedding, as if a layer had put it
        int before = slot_before(a, at), sequence = tid / kOctet, column = blockIdx.x * kOctet + tid % kOctet;
        const float* row = a.table + static_cast<int64_t>(max(a.ids[sequence], 0)) * kManyHidden;
        bf16 h = from_float<bf16>(a.embeddingScale * row[column]);
        own = to_float(h);
        put(a.exchange + before + a.out + among(a, column, sequence), ahead_of(a, before), h);
    }
    many_sync();
#pragma unroll 1
    for (int l = 0; l < a.shape.layers; l++, at = slot_behind(a, at)) {
        const DecodeLayer& y = s.layer[l & 1];
        bool last = l + 1 == a.shape.layers;
        if (works) many_earlier(a, s, y);
        many_normed<kTiles, false>(a, s, y, weights, at, 2 * l, warp);
        if (place.works && place.rests) {
            many_rest(a, place, at);
        } else if (works && warp < kAttendWarps) {
            many_attention(a, s, y, at, warp);
            many_combine(a, place, at, warp);
        } else if (works) {
            many_mixer(a, s, y, tokens_of(a, l), ring, at, turn, warp - kAttendWarps);
        }
        many_sync();  // attention's sums have been read
        many_add<kTiles>(a, s, y, weights, false, false, at, 2 * l, warp, own);
        if (!last) know(l + 1);
        many_normed<kTiles, true>(a, s, y, weights, at, 2 * l + 1, warp);
        many_add<kTiles>(a, s, y, weights, true, last, at, 2 * l + 1, warp, own);
        if (blockIdx.x >= a.tiles[kManyOut]) many_sync();  // the next layer is known
    }
    if (blockIdx.x == 0 && tid == 0) *a.turn = at;
#endif
}

int round_up(int bytes) { return ceil_div(bytes, 128) * 128; }

// Where things are on so many multiprocessors. heads is 0 if the sequences are too many for them.
ManyPlan plan_of(const DecodeFlowShape& s, int processors) {
    ManyPlan a{};
    a.shape = s;
    a.inner = s.inner(), a.channels = s.channels(), a.projection = s.projection();
    a.rows = s.rows(), a.attended = s.attended();
    for (int heads = kManyHeads; heads >= 1; heads--) {  // as few as there are blocks for
        bool whole = s.nHeads / s.nGroups % heads == 0 && s.nHeads / heads % s.numKeyValueHeads == 0;
        if (whole && s.nHeads / heads * s.sequences <= processors / 2 * 2) a.heads = heads;
    }
    if (a.heads > 0) a.perSequence = s.nHeads / a.heads;
    int tiles[] = {ceil_div(a.rows, 32), s.hidden / kOctet, s.width / 16, s.hidden / kOctet};
    std::copy(tiles, tiles + kManyWeights, a.tiles);
    a.pBytes = round_up(a.rows * sizeof(bf16)), a.octetBytes = (s.sequences <= 16 ? 16 : 32) * kOctet * sizeof(bf16);
    int at = 0;
    auto take = [&](int bytes) {
        int place = at;
        at += round_up(bytes);
        return place;
    };
    a.p = take(s.sequences * a.pBytes);
    a.splits = take(s.sequences * s.numHeads * kCluster * kManySplitSums * sizeof(float));
    a.mix = take((a.inner + a.attended) / kOctet * a.octetBytes);
    a.mid = take(s.hidden / kOctet * a.octetBytes);
    a.gated = take(s.width / kOctet * a.octetBytes);
    a.out = take(s.hidden / kOctet * a.octetBytes);
    a.slotBytes = at;
    a.perColumn = 1.f / s.hidden, a.scoreScale = kLog2e / sqrtf(static_cast<float>(s.headDim));
    return a;
}

// Blocks, in whole clusters.
int blocks_of(const ManyPlan& a) {
    int most = std::max(*std::max_element(a.tiles, a.tiles + kManyWeights), a.perSequence * a.shape.sequences);
    return ceil_div(most, 2) * 2;
}

size_t exchange_bytes(const ManyPlan& a) { return static_cast<size_t>(kSlots) * a.slotBytes; }
constexpr size_t kTurnBytes = 128;  // behind them; behind it h, and what tokens do to the states
size_t h_bytes(const ManyPlan& a) { return static_cast<size_t>(a.shape.sequences) * a.shape.hidden * sizeof(bf16); }
size_t tokens_bytes(const ManyPlan& a) {
    return static_cast<size_t>(a.shape.layers) * kManyBehind * blocks_of(a) * sizeof(ManyToken);
}

struct Launch {
    cudaLaunchAttribute attributes[2]{};
    cudaLaunchConfig_t config{};

    Launch(cudaStream_t stream, int blocks) {
        attributes[0].id = cudaLaunchAttributeClusterDimension;
        attributes[0].val.clusterDim = {2, 1, 1};
        attributes[1].id = cudaLaunchAttributeCooperative;
        attributes[1].val.cooperative = 1;
        config.gridDim = blocks, config.blockDim = kBlockThreads;
        config.dynamicSmemBytes = kManySharedBytes;
        config.stream = stream;
        config.attrs = attributes, config.numAttrs = 2;
    }
};

template <int kTiles>
bool resident(int blocks) {  // all blocks at once
    if (allow_shared_memory<many_kernel<kTiles>>(kManySharedBytes)) return false;
    Launch launch(nullptr, blocks);
    launch.config.numAttrs = 1;
    int clusters = 0;
    bool asked = cudaOccupancyMaxActiveClusters(&clusters, many_kernel<kTiles>, &launch.config) == cudaSuccess;
    if (!asked) cudaGetLastError();
    return asked && clusters * 2 >= blocks;
}

template <int kTiles>
cudaError_t run(cudaStream_t stream, const ManyPlan& a) {
    if (cudaError_t status = allow_shared_memory<many_kernel<kTiles>>(kManySharedBytes)) return status;
    Launch launch(stream, blocks_of(a));
    return cudaLaunchKernelEx(&launch.config, many_kernel<kTiles>, a);
}

}  // namespace

bool decode_many_fits(const DecodeFlowShape& s) {
    int inner = s.nHeads * s.dHead;
    if (!has_hopper_code() || s.sequences > kManyMost || s.hidden != kManyHidden || s.width != kManyWide ||
        s.headDim != kManyDim || s.dHead != kMixOwn || inner <= kManyHidden || inner % (kManyWide / kRanges) != 0 ||
        inner + s.numHeads * s.headDim != kManyWide || s.dState % 8 != 0 || s.dState > kManyState || s.taps != kMixTaps ||
        s.layers > kManyMostLayers || s.numHeads / s.numKeyValueHeads > kAttendGroup) {
        return false;
    }
    ManyPlan a = plan_of(s, processors());
    bool whole = a.projection % 8 == 0 && a.rows % 8 == 0;
    if (a.heads == 0 || !whole) return false;
    return s.sequences <= 16 ? resident<1>(blocks_of(a)) : resident<2>(blocks_of(a));
}

size_t decode_many_bytes(const DecodeFlowShape& shape) {
    ManyPlan a = plan_of(shape, processors());
    return exchange_bytes(a) + kTurnBytes + h_bytes(a) + tokens_bytes(a);
}

cudaError_t decode_many_prepare(cudaStream_t stream, const DecodeFlowShape& shape, void* memory) {
    size_t exchange = exchange_bytes(plan_of(shape, processors()));
    if (cudaError_t status = cudaMemsetAsync(memory, 0xff, exchange, stream)) return status;
    return cudaMemsetAsync(static_cast<char*>(memory) + exchange, 0, kTurnBytes, stream);
}

cudaError_t decode_many(cudaStream_t stream, const DecodeFlowShape& shape, const DecodeLayer* layers, const DecodeEnds& ends,
                        int tokens, const float2* angles, void* memory) {
    ManyPlan a = plan_of(shape, processors());
    if (a.heads == 0 || tokens < 1 || ends.vocab > ends.scoreRows) return cudaErrorInvalidValue;
    a.table = ends.table, a.embeddingScale = ends.embeddingScale;
    a.ids = ends.id, a.positions = ends.position, a.angles = angles;
    a.exchange = static_cast<char*>(memory);
    a.turn = reinterpret_cast<int*>(a.exchange + exchange_bytes(a));
    a.h = reinterpret_cast<bf16*>(a.exchange + exchange_bytes(a) + kTurnBytes);
    a.tokens = reinterpret_cast<ManyToken*>(reinterpret_cast<char*>(a.h) + h_bytes(a));
    std::copy(layers, layers + shape.layers, a.layers);
    DecodeProduct head = {ends.head, ends.scoreRows, shape.hidden, ends.headScale, ends.scores, ends.scoreRows, true};
    for (int token = 0; token < tokens; token++) {
        a.behind = token % (kManyBehind + 1), a.stores = a.behind == kManyBehind || token + 1 == tokens;
        if (cudaError_t status = shape.sequences <= 16 ? run<1>(stream, a) : run<2>(stream, a)) return status;
        cudaError_t scored = decode_normed(stream, shape.sequences, a.h, shape.hidden, ends.gain, shape.epsilon, &head, 1);
        if (scored) return scored;
        if (cudaError_t status = decode_next(stream, shape.sequences, ends.scores, ends.scoreRows, ends.vocab, ends.id,
                                             ends.chosen + token * shape.sequences, ends.position, shape.capacity)) {
            return status;
        }
    }
    return cudaSuccess;
}

}  // namespace peregrine
