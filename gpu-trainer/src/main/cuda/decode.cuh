// One token of each of several sequences (decoding). Sequence s of a batch is row s of every matrix of activations; what
// is remembered of it lies in its own part of the caches. positions[s] is the number of its tokens before this one; a
// sequence whose position is `capacity` or more rests: its memory is left alone, and what comes out for it is anything.
//
// Every number of a sequence is computed in the same way, bit for bit, whatever the batch around it.
//
// All launchers chain their kernels (chain.cuh), take no scratch memory and can be captured in a graph.
#pragma once

#include "chain.cuh"

#include <cstddef>

namespace peregrine {

// Products with few rows ----------------------------------------------------------------------------------------------

// One product: weight (rows, columns) without gaps, y (batch, rows) in bf16, or in float where `exact`.
struct DecodeProduct {
    const bf16* weight;
    int rows, columns;
    float scale;
    void* y;
    int64_t yStride;
    bool exact;
};

// One term of a sum of products: x (batch, columns), weight (rows, columns).
struct DecodeTerm {
    const bf16* x;
    int64_t xStride;
    const bf16* weight;
    int columns;
    float scale;
};

// Whether the products can read a matrix of activations or weights of these columns: 16-byte rows, whole blocks of 32.
inline bool decode_product_fits(const void* data, int64_t stride, int columns) {
    return reinterpret_cast<uintptr_t>(data) % 16 == 0 && stride % 8 == 0 && columns % 32 == 0;
}

// y_i = scale_i rms(h) W_i^T for one or two products. gain: (hidden).
cudaError_t decode_normed(cudaStream_t stream, int batch, const bf16* h, int64_t hStride, const float* gain,
                          float epsilon, const DecodeProduct* products, int count);

// out = (rms(h) W_up^T) * SiLU(gateScale rms(h) W_gate^T); weight: (2 width, hidden), the gate's rows above up's.
cudaError_t decode_gated(cudaStream_t stream, int batch, const bf16* h, int64_t hStride, const float* gain,
                         float epsilon, const bf16* weight, int width, int hidden, float gateScale, bf16* out,
                         int64_t outStride);

// h += sum of scale_i x_i W_i^T over one or two terms; h: (batch, hidden).
cudaError_t decode_add(cudaStream_t stream, int batch, const DecodeTerm* terms, int count, bf16* h, int64_t hStride,
                       int hidden);

// The state-space mixer ------------------------------------------------------------------------------------------------

struct DecodeMixerShape {
    int batch, nHeads, dHead, nGroups, dState, taps, capacity;
};

// As the model has them: see MambaMixer. convWeight (channels, taps); convBias may be null.
struct DecodeMixerParameters {
    const float *convScale, *convWeight, *convBias;
    float dtScale;
    const float* dtBias;
    float dtMin, dtMax;
    const float *aLog, *dSkip;
    float zScale;
};

// p: (batch, z | x B C | dt), the projection. windows: (batch, taps, channels), the input of position i in row i % taps.
// states: (batch, nHeads, dHead, dState). out: (batch, nHeads * dHead), the scan's output, times SiLU(zScale z) if `gate`.
template <typename T>
struct DecodeMixer {
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

template <typename T>
cudaError_t decode_mixer(cudaStream_t stream, const DecodeMixer<T>& mixer);

// Remembers the last inputs of a sequence read at once: x (rows, channels) into a window (taps, channels).
template <typename T>
cudaError_t decode_fill_window(cudaStream_t stream, const T* x, int64_t xStride, int64_t rows, int channels, int taps,
                               const float* scale, T* window);

// Attention ------------------------------------------------------------------------------------------------------------

struct DecodeAttentionShape {
    int batch, numHeads, numKeyValueHeads, headDim, capacity;
};

size_t decode_attention_partial_bytes(DecodeAttentionShape shape);
size_t decode_attention_counters(DecodeAttentionShape shape);

// qkv: (batch, q | k | v), as projected. angles: (capacity, headDim / 2), cosine and sine. keys, values: (batch, capacity,
// numKeyValueHeads * headDim), this token's are added. partial and counters: of the sizes above, counters zero before and
// after. out: (batch, numHeads * headDim).
template <typename T>
struct DecodeAttention {
    DecodeAttentionShape shape;
    const T* qkv;
    int64_t qkvStride;
    const float2* angles;
    float keyScale;
    const int* positions;
    T *keys, *values;
    float* partial;
    int* counters;
    T* out;
    int64_t outStride;
};

template <typename T>
cudaError_t decode_attention(cudaStream_t stream, const DecodeAttention<T>& attention);

// Both side by side: neither needs the other. In one kernel where there is one for the shapes, else one behind the other.
template <typename T>
cudaError_t decode_mix(cudaStream_t stream, const DecodeMixer<T>& mixer, const DecodeAttention<T>& attention);

// A step in one kernel -------------------------------------------------------------------------------------------------

// One layer as the device sees it: h += mixer and attention of rms(h), then the feed-forward part of rms(h). Weights as in
// the products above, all without biases; memory as in the operations above.
struct alignas(16) DecodeLayer {
    const float* inputGain;
    const bf16 *inProj, *qkvProj;
    DecodeMixerParameters mixer;
    bf16* windows;
    float* states;
    bf16 *keys, *values;
    const bf16 *outProj, *oProj;
    const float* feedForwardGain;
    const bf16 *gateUp, *down;
    float inScale, qkvScale, keyScale, outScale, oScale, gateScale, downScale;
};

// What is before the layers and behind them: h = embeddingScale table[id], scores = headScale rms(h) head^T, and the choice
// of decode_next() among the first `vocab` of them. table: (vocab, hidden), head: (scoreRows, hidden).
struct DecodeEnds {
    const float* table;
    float embeddingScale;
    // of each sequence; both are updated; an id below 0, which decode_next() gives where there is no best, is read as 0
    int *id, *position;
    int* chosen;  // the ids behind each token that is read, (tokens, sequences)
    const float* gain;
    const bf16* head;
    float headScale;
    int scoreRows, vocab;
    float* scores;  // (sequences, scoreRows)
};

struct DecodeFlowShape {
    int hidden, width;                            // of the feed-forward part
    int nHeads, dHead, nGroups, dState, taps;     // of the mixer
    int numHeads, numKeyValueHeads, headDim, capacity;
    int layers, sequences;
    float epsilon;

    int inner() const { return nHeads * dHead; }                      // channels of the mixer
    int channels() const { return inner() + 2 * nGroups * dState; }   // of its convolution
    int projection() const { return inner() + channels() + nHeads; }  // rows of inProj
    int attended() const { return numHeads * headDim; }               // channels of attention
    int rows() const { return projection() + attended() + 2 * numKeyValueHeads * headDim; }  // with those of qkvProj
};

// Tokens of a sequence, the one that is read included, that decode_flow can have.
constexpr int kFlowTokens = 1024;

// Whether decode_flow() can do it on the calling thread's device.
bool decode_flow_fits(const DecodeFlowShape& shape);

size_t decode_flow_bytes(const DecodeFlowShape& shape);

// Prepares memory of so many bytes, which decode_flow() then leaves as it wants to find it.
cudaError_t decode_flow_prepare(cudaStream_t stream, const DecodeFlowShape& shape, void* memory);

// So many tokens of each sequence, each of which is the most likely one behind the one before; a sequence rests or has room
// for them. One sequence goes through one kernel, several through one for the layers of each token. Every number is what the
// operations above compute for it, bit for bit. Not chained.
cudaError_t decode_flow(cudaStream_t stream, const DecodeFlowShape& shape, const DecodeLayer* layers, const DecodeEnds& ends,
                        int tokens, const float2* angles, void* memory);

// The token ------------------------------------------------------------------------------------------------------------

// ids[s] = chosen[s] = the largest score of row s, of equal ones the first; -1 if one is not a number; 0 where the sequence
// rests. positions[s] += 1 where it does not. scores: (batch, vocab).
cudaError_t decode_next(cudaStream_t stream, int batch, const float* scores, int64_t stride, int vocab, int* ids,
                        int* chosen, int* positions, int capacity);

}  // namespace peregrine
