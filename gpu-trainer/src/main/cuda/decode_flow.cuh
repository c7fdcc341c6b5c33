// A step of decoding one sequence as one kernel, from the token to the one behind: what its parts share.
//
// With a kernel for each part of a layer, half the time of a step passes between kernels and until weights come. Here every
// multiprocessor has one block, which has its share of each part:
//   P1  32 rows of the projections of rms(h)             weights kIn; the first layer's h is the token's embedding
//   P2  16 channels of the mixer, or 128 keys of attention, or 16 of its numbers over all splits
//   P3  8 rows of h += the output projections            weights kOut
//   P4  16 gates and 16 rows beside them of rms(h)       weights kGateUp
//   P5  8 rows of h += the down projection               weights kDown
// and behind the layers its share of the scores, 32 rows at a time, and their best (decode_flow_head.cuh).
// What a part puts, the next looks for (arrivals.cuh). Meanwhile one warp streams the block's weights of the next layer into
// shared memory, where there is room for one layer (decode_flow_weights.cuh).
//
// What decides its speed, all of it measured (EXPERIMENTS.md): a look takes 0.5 us in quiet and up to 8 where every block asks
// for its weights as fast as it can, so that weights are asked for at an even rate; the streaming warp has hardly the time for
// that, and works out nothing twice; loads that others are waiting behind are asked for by it; and warps are known to the
// compiler to be whole, else it guards every shuffle.
//
// Written for the widths of the 0.5B model.
#pragma once

#include "arrivals.cuh"
#include "decode_attention.cuh"
#include "decode_mixer.cuh"
#include "hopper.cuh"

namespace peregrine {

constexpr int kFlowWarps = 8, kFlowThreads = kFlowWarps * kWarp;  // besides the one that streams
constexpr int kFlowHidden = 1024, kFlowWide = 2048;               // columns of the products
constexpr int kFlowDim = 64;                                      // of attention's heads
constexpr int kFlowState = 128;                                   // at most
constexpr int kFlowBlock = 32;                                    // columns that a warp takes at once
constexpr int kFlowChannels = 16;                                 // of the mixer, of a block
constexpr int kFlowHeads = 4;                                     // whose parameters are copied at once, 16 bytes
constexpr int kFlowMostLayers = 96;
static_assert(kFlowTokens == kCluster * kAttendChunk);

enum FlowWeights { kIn, kOut, kGateUp, kDown, kFlowWeights };

// Places of eight numbers of h and of the feed-forward part, in bytes: not next to each other, see arrivals.cuh.
constexpr int kHiddenStep = 64, kGatedStep = 32;
// A split's sums of one head: the weighted values, the scores' maximum, the weights' sum, and room to stay aligned.
constexpr int kSplitSums = kFlowDim + 4;

// Bytes of weights under way at once, while blocks wait for each other's numbers.
constexpr int kInFlight = 40960;

// The pieces of each of FlowWeights: four units of eight rows and the gain; two halves of eight rows, of two matrices or one.
__host__ __device__ constexpr int first_piece(int weights) {
    return weights == kIn ? 0 : weights == kOut ? 5 : weights == kGateUp ? 9 : weights == kDown ? 14 : 16;
}
constexpr int kPieces = first_piece(kFlowWeights);
constexpr unsigned kFirstPieces =
    1 << first_piece(kIn) | 1 << first_piece(kOut) | 1 << first_piece(kGateUp) | 1 << first_piece(kDown);

// Rows of the hidden size lie in units of eight, of which a product takes kTileUnits. The two rows that a quarter of a warp
// reads at once, of two units, lie in different banks.
constexpr int kUnit = 8, kTileUnits = 4, kUnitBytes = kUnit * kFlowHidden * sizeof(bf16), kSkew = 64;
__host__ __device__ constexpr int place_of(int unit) { return unit * (kUnitBytes + kSkew); }

constexpr int kBestStep = 32;  // bytes between the blocks' bests
constexpr int kFlowMostBlocks = 160;

// A piece of a block's weights. Of rows that are not there it has no bytes.
struct FlowPiece {
    int matrix;  // where in DecodeLayer the address is
    int from;    // bytes into it
    int to;      // bytes into where they are kept
    int bytes;
};

// A kernel's parameter: all of it is the same for every block.
struct FlowPlan {
    DecodeFlowShape shape;
    DecodeEnds ends;
    int tokens;  // that are read
    const float2* angles;
    char* exchange;  // kSlots slots of slotBytes
    char* bests;     // two slots of kFlowMostBlocks places, which tokens take in turn
    int* turn;       // of the next token: turn[0] where the slot of its first layer is, turn[1] that of its bests
    int inner, channels;                               // of the mixer; of its convolution
    int projection, rows, attended;                    // rows of inProj; with those of qkvProj; channels of attention
    int mixers, attenders;                             // blocks of either kind, in this order
    int tiles[kFlowWeights], place[kFlowWeights + 1];  // blocks with such weights; where they lie
    int p, mix, mid, gated, out, splits, slotBytes;    // where things lie in a slot
    float perColumn, scoreScale;
    DecodeLayer layers[kFlowMostLayers];
};

struct FlowShared {
    alignas(16) DecodeLayer layer[2];  // this one and the next
    alignas(16) float2 angles[kFlowDim / 2];
    uint64_t arrived[kPieces], taken[kFlowWeights], known, begun, mixerArrived, mixerTaken, headArrived[2][kTileUnits + 1],
        headTaken[2];
    int hasTile[kFlowWeights], place[kFlowWeights];
    int token, id, position, bestSlot;  // the token that is read, of the kernel's; its id and position; the slot of its bests
    alignas(16) char x[kFlowWide * sizeof(bf16)];  // inputs of a product, each warp its own columns
    float h[kUnit];  // the rows that this block adds to
    float normed[kFlowWarps][32], added[kFlowWarps][8], squares[kFlowWarps];
    union {
        struct {
            AttendValues<kFlowDim> values;  // and, when they have been read, each warp's sums in its own place
        } attention;
        struct {  // of the block's own channels, then B, then C
            alignas(16) float states[kFlowChannels * kFlowState];
            float4 filter[kFlowChannels + 2 * kFlowState];
            float scale[kFlowChannels + 2 * kFlowState], bias[kFlowChannels + 2 * kFlowState];
            bf16 window[kMixTaps][kFlowChannels + 2 * kFlowState];
            alignas(16) float inputs[2][2 * kFlowState];  // B and C of two layers in turn
            // of the head and those beside it
            alignas(16) float aLog[kFlowHeads], dtBias[kFlowHeads], dSkip[kFlowHeads];
        } mixer;
        struct {  // of the rows of two turns
            float sums[2][kFlowWarps][32];
        } head;
    };
};

constexpr size_t kFlowWeightsFrom = (sizeof(FlowShared) + 127) / 128 * 128;

#ifdef PEREGRINE_HOPPER

// Phases of barriers are counted from the kernel's first token to its last: those of a layer's weights, of `known` and of
// `begun` are the layers of all tokens; one more of `begun` is the end. Who waits sees only a phase's parity, so no barrier may
// be a phase ahead of whoever waits for it.

// The scores of a block: its first unit, and how often it reads kTileUnits of them, in one of two places by turns.
__device__ __forceinline__ int first_unit(const FlowPlan& a, int block) {
    return a.ends.scoreRows / kUnit * block / static_cast<int>(gridDim.x);
}
__device__ __forceinline__ int head_turns(const FlowPlan& a) {
    return ceil_div(first_unit(a, blockIdx.x + 1) - first_unit(a, blockIdx.x), kTileUnits);
}
// The places are those of kIn and of kGateUp.
__host__ __device__ constexpr int head_place(int place) { return place * 2; }
static_assert(head_place(0) == kIn && head_place(1) == kGateUp);
// Of headArrived and headTaken.
__device__ __forceinline__ int head_phase(int token, int turn, int turns) {
    return token * ((turns + 1 - turn % 2) / 2) + turn / 2;
}

// All warps but the one that streams.
__device__ __forceinline__ void flow_sync() { asm volatile("bar.sync 1, %0;\n" ::"n"(kFlowThreads) : "memory"); }

#endif

}  // namespace peregrine
