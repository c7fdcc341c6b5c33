// Decoding's layers as one kernel for one sequence, which runs through all of them: what its parts share.
//
// With a kernel for each part of a layer, half the time of a step passes between kernels and until weights come. Here every
// multiprocessor has one block, which has its share of each part:
//   P1  32 rows of the projections of rms(h)             weights kIn
//   P2  16 channels of the mixer, or 128 keys of attention, or 16 of its numbers over all splits
//   P3  8 rows of h += the output projections            weights kOut
//   P4  16 gates and 16 rows beside them of rms(h)       weights kGateUp
//   P5  8 rows of h += the down projection               weights kDown
// What a part puts, the next looks for (arrivals.cuh). Meanwhile one warp streams the block's weights of the next layer into
// shared memory, where there is room for one layer (decode_flow_weights.cuh).
//
// What decides its speed, all of it measured (EXPERIMENTS.md): a look takes 0.5 us in quiet and up to 8 where every block asks
// for its weights as fast as it can, so that weights are asked for at an even rate; loads that others are waiting behind are
// asked for by the streaming warp; and warps are known to the compiler to be whole, else it guards every shuffle.
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
constexpr int kFlowMostLayers = 96;
static_assert(kFlowTokens == kCluster * kAttendChunk);

enum FlowWeights { kIn, kOut, kGateUp, kDown, kFlowWeights };

// Places of eight numbers of h and of the feed-forward part, in bytes: not next to each other, see arrivals.cuh.
constexpr int kHiddenStep = 64, kGatedStep = 32;
// A split's sums of one head: the weighted values, the scores' maximum, the weights' sum, and room to stay aligned.
constexpr int kSplitSums = kFlowDim + 4;
// The two rows that a quarter of a warp reads from shared memory lie in different banks.
constexpr int kSkew = 64;

constexpr int kPieceBytes = 16384, kInFlight = 49152;  // of weights: copied at once; under way at once
constexpr int kMostPieces = 32;

// A piece of a block's weights.
struct FlowPiece {
    int matrix;  // where in DecodeLayer its address is
    int from;    // bytes into it
    int to;      // bytes into the weights in shared memory
    int bytes;
};

// A kernel's parameter: all of it is the same for every block.
struct FlowPlan {
    DecodeFlowShape shape;
    bf16* h;
    const int* positions;
    const float2* angles;
    char* exchange;  // kSlots slots of slotBytes
    int* slot;       // in which the next step begins
    int inner, channels;             // of the mixer; of its convolution
    int projection, rows, attended;  // rows of inProj; with those of qkvProj; channels of attention
    int mixers, attenders;                            // blocks of either kind, in this order
    int tiles[kFlowWeights], place[kFlowWeights + 1];  // blocks with such weights; where they lie
    int p, mix, mid, gated, out, splits, slotBytes;    // where things lie in a slot
    float perColumn, scoreScale;
    DecodeLayer layers[kFlowMostLayers];
};

struct FlowShared {
    alignas(16) DecodeLayer layer[2];  // this one and the next
    alignas(16) float2 angles[kFlowDim / 2];
    uint64_t arrived[kMostPieces], taken[kFlowWeights], known, begun, mixerArrived, mixerTaken;
    FlowPiece piece[kMostPieces];
    int firstPiece[kFlowWeights + 1], hasTile[kFlowWeights], place[kFlowWeights], position, slot;
    alignas(16) char x[kFlowWide * sizeof(bf16)];  // inputs of a product, each warp its own columns
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
            float aLog, dtBias, dSkip;
        } mixer;
    };
};

constexpr size_t kFlowWeightsFrom = (sizeof(FlowShared) + 127) / 128 * 128;

#ifdef PEREGRINE_HOPPER

// All warps but the one that streams.
__device__ __forceinline__ void flow_sync() { asm volatile("bar.sync 1, %0;\n" ::"n"(kFlowThreads) : "memory"); }

#endif

}  // namespace peregrine
