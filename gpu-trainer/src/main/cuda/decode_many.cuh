// The layers of a step of decoding several sequences as one kernel: what its parts share.
//
// In a chain of kernels the states, which are most of what a step reads and writes, pass only while the mixer's kernel runs,
// and half of the time goes by in products that wait for their inputs. Here every multiprocessor has one block, which has its
// share of each part:
//   P1  32 rows of the projections of rms(h)                                      weights kManyIn
//   P2  some heads of one sequence's mixer, and of that sequence some of attention's splits, side by side
//   P3  8 rows of h += the output projections                                     weights kManyOut
//   P4  16 gates and 16 rows beside them of rms(h)                                weights kManyGateUp
//   P5  8 rows of h += the down projection                                        weights kManyDown
// What a part puts, the next looks for (arrivals.cuh). Meanwhile one warp streams weights into shared memory, two parts ahead,
// and one states, as far ahead as there is room; what there is no room for it has brought into the L2 cache.
//
// States are most of what a step writes. Of several tokens asked for at once only every fourth stores them, and the last. What
// the others do to the states is remembered (ManyToken), a hundredth of the states, and done again in registers by those
// behind them.
//
// What decides its speed, all of it measured (EXPERIMENTS.md): looks, 64 kB of a block in each product, come late where there
// are more of them or anything else is asked for in bursts; so the two blocks of a cluster share the columns of P3 and P5, and
// weights are asked for a page at a time.
//
// Every number is what the kernels of the chain compute, bit for bit. Written for the widths of the 0.5B model.
#pragma once

#include "arrivals.cuh"
#include "decode_attention.cuh"
#include "decode_mixer.cuh"
#include "hopper.cuh"

namespace peregrine {

constexpr int kManyMost = 32;                        // sequences
constexpr int kManyHidden = 1024, kManyWide = 2048;  // columns of the products
constexpr int kManyDim = 64;                         // of attention's heads
constexpr int kManyState = 128;                      // at most
constexpr int kManyHeads = 6;                        // of the mixer, of a block, at most
constexpr int kManyMostLayers = 96;
constexpr int kManyColumns = 32;  // that a warp takes at once
constexpr int kOctet = 8;         // numbers of one sequence that lie side by side, next to those of the next sequence

// Besides a group of warps of which two stream. The columns of a product are kRanges ranges, as in decode_products.cu; in P2
// half of the warps attend and half mix.
constexpr int kManyWarps = 16, kManyThreads = kManyWarps * kWarp, kSideThreads = kManyThreads / 2, kRanges = 8;
static_assert(kSideThreads == kMixThreads && kSideThreads == kAttendThreads);

enum ManyWeights { kManyIn, kManyOut, kManyGateUp, kManyDown, kManyWeights };

// A page of weights: eight rows of the hidden size, or of half of the others' columns. P1 and P4 have four, and the gain; P3
// and P5 two. The two rows that a quarter of a warp reads at once, of two pages, lie in different banks.
constexpr int kPitch = kManyHidden * sizeof(bf16), kPageBytes = 8 * kPitch, kPageStep = kPageBytes + 64;
constexpr int kNormedPages = 4, kAddPages = 2;
constexpr int kGainFrom = kNormedPages * kPageStep, kAddFrom = kGainFrom + kManyHidden * sizeof(float);
constexpr int kManyWeightBytes = kAddFrom + kAddPages * kPageStep;

// States come in pieces of a head, so many of which may be under way at once.
constexpr int kStatePieces = 4, kPieceChannels = kMixOwn / kStatePieces;
constexpr int kPieceBytes = kPieceChannels * kManyState * sizeof(float);
constexpr int kStateSlots = 9, kStatesUnderWay = 4;

// A split's sums of one head: the weighted values, the scores' maximum, the weights' sum, and room to stay aligned.
constexpr int kManySplitSums = kManyDim + 4;

// What a token does to the states of a block's heads, which have the same B: state = decay * state + x * (dt * b).
struct ManyToken {
    struct Head {
        float x[kMixOwn], dt, decay, none[2];  // none: bulk copies take 16 bytes at a time
    };
    float b[kManyState];
    Head heads[kManyHeads];
};
constexpr int kManyBehind = 3;  // tokens that are not in the states yet, at most

// A kernel's parameter: all of it is the same for every block.
struct ManyPlan {
    DecodeFlowShape shape;
    const float* table;  // the embedding
    float embeddingScale;
    const int *ids, *positions;
    bf16* h;  // (sequences, hidden), what the layers make of it
    const float2* angles;
    ManyToken* tokens;  // (layers, kManyBehind, blocks)
    int behind;         // tokens before this one that are not in the states yet
    bool stores;        // this one's states, with these tokens in them; else it is the next of `tokens`
    char* exchange;     // kSlots slots of slotBytes
    int* turn;          // where the slot of the next layer is
    int inner, channels;                                 // of the mixer; of its convolution
    int projection, rows, attended;                      // rows of inProj; with those of qkvProj; channels of attention
    int heads, perSequence;                              // of a block's mixer; blocks of a sequence
    int tiles[kManyWeights];                             // blocks with such weights
    int p, splits, mix, mid, gated, out, slotBytes;      // where things lie in a slot
    int pBytes, octetBytes;                              // of a sequence's p; of an octet of all sequences
    float perColumn, scoreScale;
    DecodeLayer layers[kManyMostLayers];
};

// What a block's mixer and attention are of.
struct ManyPlace {
    int sequence, position;
    int head, first, own;           // of the mixer: its first head, that head's first channel, and how many channels
    int b, c;                       // what is added to the number of one of B and C, in this order, for its channel
    int keyHead, split, splitStep;  // of attention: its first split, and how far the next is
    bool works, rests, stores;      // stores: it remembers B and C, which are those of other blocks too
};

struct ManyShared {
    alignas(16) DecodeLayer layer[2];  // this one and the next
    alignas(16) float2 angles[kManyDim / 2];
    ManyPlace place;
    uint64_t normedArrived[kNormedPages + 1], addArrived[kAddPages], taken[2];
    uint64_t stateArrived[kStateSlots], stateTaken[kStateSlots], sumsCome;
    union alignas(16) {
        float sums[kRanges][32][kManyMost + 1];            // of P1 and P4, by range and row
        float added[kRanges / 2][kOctet][kManyMost + 2];   // of P3 and P5, of this block's ranges
        AttendValues<kManyDim> values[2];                  // and, when they have been read, each warp's sums in its own place
    };
    alignas(16) float come[kRanges / 2][kOctet][kManyMost + 2];  // of P3 and P5, of the other block's ranges
    float squares[kRanges][kManyMost];
    // Of the mixer: its channels, then B, then C; before its inputs are there, what the convolution has of the tokens before;
    // before gates and steps are there, the channels' scales, and the steps' biases and rates.
    alignas(16) float inputs[kManyHeads * kMixOwn + 2 * kManyState];
    float newest[kManyHeads * kMixOwn + 2 * kManyState];       // the filters' last numbers
    float gates[kManyHeads * kMixOwn], scale[2 * kManyState];  // scale: of B and C
    float step[kManyHeads], decay[kManyHeads], skip[kManyHeads];
};

constexpr size_t kManyWeightsFrom = (sizeof(ManyShared) + 127) / 128 * 128;
constexpr size_t kManyStatesFrom = kManyWeightsFrom + kManyWeightBytes;
constexpr size_t kManySharedBytes = kManyStatesFrom + kStateSlots * kPieceBytes;
static_assert(kManySharedBytes <= 227 * 1024, "what a block can have on sm_90");

// As decode_flow() for several sequences.
bool decode_many_fits(const DecodeFlowShape& shape);
size_t decode_many_bytes(const DecodeFlowShape& shape);
cudaError_t decode_many_prepare(cudaStream_t stream, const DecodeFlowShape& shape, void* memory);
cudaError_t decode_many(cudaStream_t stream, const DecodeFlowShape& shape, const DecodeLayer* layers, const DecodeEnds& ends,
                        int tokens, const float2* angles, void* memory);

#ifdef PEREGRINE_HOPPER

// Bytes from an octet's numbers of the first sequence to one column of one sequence.
__device__ __forceinline__ int among(const ManyPlan& a, int column, int sequence) {
    return column / kOctet * a.octetBytes + sequence * 16 + column % kOctet * static_cast<int>(sizeof(bf16));
}

// What the first token that is not in them yet has done to this block's states of a layer; the next is gridDim.x further.
__device__ __forceinline__ ManyToken* tokens_of(const ManyPlan& a, int layer) {
    return a.tokens + layer * kManyBehind * gridDim.x + blockIdx.x;
}

// The thread's number, asked for anew: what is worked out of it is not kept in registers from part to part.
__device__ __forceinline__ int this_thread() {
    int thread;
    asm volatile("mov.u32 %0, %%tid.x;\n" : "=r"(thread));
    return thread;
}

// All warps but those that stream; one half of them.
__device__ __forceinline__ void many_sync() { asm volatile("bar.sync 1, %0;\n" ::"n"(kManyThreads) : "memory"); }
template <int kSide>
__device__ __forceinline__ void side_sync() {
    asm volatile("bar.sync %0, %1;\n" ::"n"(kSide + 2), "n"(kSideThreads) : "memory");
}

#endif

}  // namespace peregrine
