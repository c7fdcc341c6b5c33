// Products of a few rows of activations with a weight, at the speed at which the weight can be read.
//
// The weight is the left operand of mma.m16n8k16, 16 of its rows at a time, and eight sequences the right one, so that
// one kernel serves 1 to 32 sequences and reads the weight once. A block makes 8, 16 or 32 outputs of every sequence; its
// warps share the columns, each a range of whole blocks of 32, and the sums of the warps are added in their order. Which
// warp adds what depends on the weight's shape alone.
//
// A product over k may take its terms in any order, so a lane simply takes 8 columns that lie side by side, 16 bytes, of
// both operands, and they serve two instructions: what the instruction calls columns 2t, 2t + 1, 2t + 8, 2t + 9 are
// columns 8t .. 8t + 3 of the block, then 8t + 4 .. 8t + 7.
//
// A warp works in steps, each some columns of some rows. The weights of its first two steps are on their way before the
// kernel before has ended, the first into registers, the second into shared memory, where every lane finds what it asked for
// itself; and so on, always a step ahead. The norm costs nothing but its gain, because its factor is one number per sequence
// and comes last. Floor: the bytes of the weights.
#include "chain.cuh"
#include "decode.cuh"
#include "shared_memory.cuh"

namespace peregrine {
namespace {

constexpr int kWarps = 8, kThreads = kWarps * kWarp;
constexpr int kBlock = 32;        // columns of a block
constexpr int kWeightLoads = 16;  // 16-byte loads of weights in flight per lane, at most
constexpr int kInputLoads = 16;
constexpr int kMostDepth = 8;

enum class Kind { kNormed, kGated, kAdd };

struct Part {
    const bf16* weight;
    const bf16* x;
    int64_t xStride;
    int columns, rows;
    float scale;
    void* y;
    int64_t yStride;
    bool exact;
};

struct Products {
    Part part[2];
    int parts, batch, tiles[2];
    const float* gain;
    float epsilon, gateScale, perColumn;  // 1 / hidden
};

// A place in a block's work: which rows of which product.
template <Kind kKind, int kHalves>
struct Place {
    const Part* part;
    int row;  // the first

    __device__ __forceinline__ Place(const Products& a, int tile) {
        bool second = kKind == Kind::kNormed && tile >= a.tiles[0];
        part = &a.part[second ? 1 : 0];
        row = (second ? tile - a.tiles[0] : tile) * (kKind == Kind::kGated ? 4 * kHalves : 8 * kHalves);
    }

    // The row of the weight that row `half * 8 + within` of the left operand is; past the end it is the last row.
    __device__ __forceinline__ int64_t weight_row(int half, int within) const {
        if (kKind == Kind::kGated) {
            return static_cast<int64_t>(half % 2) * part->rows + min(row + half / 2 * 8 + within, part->rows - 1);
        }
        return min(row + half * 8 + within, part->rows - 1);
    }
};

// One output out of the sums of a block's warps: row r of its rows, column s of its sequences.
template <Kind kKind, int kRows, int kColumns, int kSequences>
__device__ __forceinline__ void put_output(const Products& a, const Part& part,
                                           const float (&partial)[kWarps][kRows][kColumns],
                                           const float (&squares)[kWarps][kSequences], int r, int s, int row,
                                           int sequence, float before) {
    float sum = 0, gate = 0, factor = 1;
#pragma unroll
    for (int k = 0; k < kWarps; k++) {
        if constexpr (kKind == Kind::kGated) {
            gate += partial[k][r / 8 * 16 + r % 8][s];
            sum += partial[k][r / 8 * 16 + r % 8 + 8][s];
        } else {
            sum += partial[k][r][s];
        }
    }
    if constexpr (kKind != Kind::kAdd) {
        float mean = 0;
#pragma unroll
        for (int k = 0; k < kWarps; k++) mean += squares[k][s];
        factor = rsqrtf(fmaf(mean, a.perColumn, a.epsilon));
    }
    if constexpr (kKind == Kind::kGated) {
        gate *= factor * a.gateScale;
        sum *= factor * gate * sigmoid(gate);
    } else if constexpr (kKind == Kind::kNormed) {
        sum *= factor * part.scale;
    } else {
        sum += before;
    }
    if (kKind == Kind::kNormed && part.exact) {
        static_cast<float*>(part.y)[sequence * part.yStride + row] = sum;
    } else {
        static_cast<bf16*>(part.y)[sequence * part.yStride + row] = from_float<bf16>(sum);
    }
}

// Blocks of columns that are under way at once.
__host__ __device__ constexpr int depth(int halves, int tiles) {
    int weights = (tiles == 1 ? kWeightLoads : kWeightLoads / 2) / halves, inputs = kInputLoads / tiles;
    int both = weights < inputs ? weights : inputs;
    return both < kMostDepth ? both : kMostDepth;
}

template <Kind kKind, int kHalves, int kTiles>
__global__ void __launch_bounds__(kThreads, kTiles == 1 ? 2 : 1) products_kernel(const __grid_constant__ Products a) {
    constexpr int kRows = 8 * kHalves, kSequences = 8 * kTiles, kDepth = depth(kHalves, kTiles);
    constexpr int kInstructions = kHalves == 1 ? 1 : kHalves / 2;  // of 16 rows
    constexpr int kOutputs = kKind == Kind::kGated ? kRows / 2 : kRows;
    constexpr int kPerThread = ceil_div(kOutputs * kSequences, kThreads);
    __shared__ float partial[kWarps][kRows][kSequences + 1];
    __shared__ float squares[kWarps][kSequences];
    extern __shared__ float4 dynamic[];
    chain_begin();

    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, within = lane / 4, column = lane % 4 * 8;
    int firstSequence = blockIdx.y * kSequences;
    int blocks0 = a.part[0].columns / kBlock;
    int blocks = blocks0 + (kKind == Kind::kAdd && a.parts == 2 ? a.part[1].columns / kBlock : 0);
    int first = warp * blocks / kWarps, last = (warp + 1) * blocks / kWarps;
    int tiles = a.tiles[0] + (kKind == Kind::kNormed ? a.tiles[1] : 0), tile = blockIdx.x;
    bool resident = last - first <= kDepth;  // the warp's inputs stay in registers from tile to tile
    float* gains = reinterpret_cast<float*>(dynamic);  // of the norm

    // Weights of the step that is next: a lane reads what it asked for, so that nobody waits for others.
    uint4* ahead = reinterpret_cast<uint4*>(gains + (kKind == Kind::kAdd ? 0 : a.part[0].columns)) + threadIdx.x;

    // What a lane needs of a tile's weights in the blocks of columns of one step, which begins with block `from`.
    auto each_weight = [&](int tile, int from, auto use) {
        Place<kKind, kHalves> place(a, tile);
#pragma unroll
        for (int d = 0; d < kDepth; d++) {
            int block = from + d;
            bool second = kKind == Kind::kAdd && block >= blocks0;
            const Part& part = kKind == Kind::kAdd ? a.part[second ? 1 : 0] : *place.part;
            int64_t at = static_cast<int64_t>(second ? block - blocks0 : block) * kBlock + column;
#pragma unroll
            for (int half = 0; half < kHalves; half++) {
                if (block < last) use(d, half, part.weight + place.weight_row(half, within) * part.columns + at);
            }
        }
    };
    int nextTile = tile, nextFrom = first;
    auto ask_for_next = [&] {
        nextFrom += kDepth;
        if (nextFrom >= last) nextFrom = first, nextTile += gridDim.x;
        if (nextTile >= tiles) return;
        each_weight(nextTile, nextFrom, [&](int d, int half, const bf16* of) {
            copy_async16(ahead + (d * kHalves + half) * kThreads, of);
        });
        copy_async_commit();
    };

    if constexpr (kKind != Kind::kAdd) {  // a warp's own part: it is read behind __syncwarp()
        for (int i = first * kBlock + lane * 4; i < last * kBlock; i += kWarp * 4) {
            *reinterpret_cast<float4*>(gains + i) = __ldg(reinterpret_cast<const float4*>(a.gain + i));
        }
        __syncwarp();
    }
    uint4 w[kDepth][kHalves] = {};
    if (first < last) {
        each_weight(tile, first, [&](int d, int half, const bf16* of) {
            w[d][half] = __ldg(reinterpret_cast<const uint4*>(of));
        });
        ask_for_next();
    }
    chain_wait();

    uint4 x[kDepth][kTiles];
    float squared[kTiles] = {};
    for (bool firstTile = true; tile < tiles; firstTile = false) {
        Place<kKind, kHalves> place(a, tile);
        float total[kTiles][kInstructions][4] = {};
        float before[kPerThread] = {};  // what is added to
        if constexpr (kKind == Kind::kAdd) {
#pragma unroll
            for (int n = 0; n < kPerThread; n++) {
                int i = n * kThreads + threadIdx.x, row = place.row + i % kOutputs, sequence = firstSequence + i / kOutputs;
                if (i >= kOutputs * kSequences || row >= place.part->rows || sequence >= a.batch) continue;
                before[n] = to_float(static_cast<const bf16*>(place.part->y)[sequence * place.part->yStride + row]);
            }
        }
        for (int from = first; from < last; from += kDepth) {
            if (firstTile || !resident) {
#pragma unroll
                for (int d = 0; d < kDepth; d++) {
                    int block = from + d;
                    bool second = kKind == Kind::kAdd && block >= blocks0;
                    const Part& part = a.part[second ? 1 : 0];
                    int64_t at = static_cast<int64_t>(second ? block - blocks0 : block) * kBlock + column;
#pragma unroll
                    for (int s = 0; s < kTiles; s++) {
                        int sequence = firstSequence + s * 8 + within;
                        x[d][s] = make_uint4(0, 0, 0, 0);
                        if (block >= last || sequence >= a.batch) continue;
                        x[d][s] = *reinterpret_cast<const uint4*>(part.x + sequence * part.xStride + at);
                    }
                }
                if constexpr (kKind != Kind::kAdd) {
#pragma unroll
                    for (int d = 0; d < kDepth; d++) {
                        if (from + d >= last) continue;
                        const float4* own = reinterpret_cast<const float4*>(gains + (from + d) * kBlock + column);
                        float4 low = own[0], high = own[1];
                        float gain[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
#pragma unroll
                        for (int s = 0; s < kTiles; s++) {
                            float v[8];
                            Vec8<bf16> packed;
                            packed.raw = x[d][s];
                            packed.get(v);
                            float piece = 0;
#pragma unroll
                            for (int i = 0; i < 8; i++) {
                                piece = fmaf(v[i], v[i], piece);
                                v[i] *= gain[i];
                            }
                            if (firstTile) squared[s] += piece;
                            packed.set(v);
                            x[d][s] = packed.raw;
                        }
                    }
                }
            }
#pragma unroll
            for (int d = 0; d < kDepth; d++) {
                if (from + d >= last) continue;
                float scale = a.part[from + d >= blocks0 ? 1 : 0].scale;
#pragma unroll
                for (int s = 0; s < kTiles; s++) {
#pragma unroll
                    for (int k = 0; k < kInstructions; k++) {
                        float sum[4] = {};
                        uint4 low = w[d][2 * k], high = make_uint4(0, 0, 0, 0);
                        if constexpr (kHalves > 1) high = w[d][2 * k + 1];
                        mma16816(sum, {low.x, high.x, low.y, high.y}, x[d][s].x, x[d][s].y);
                        mma16816(sum, {low.z, high.z, low.w, high.w}, x[d][s].z, x[d][s].w);
#pragma unroll
                        for (int i = 0; i < 4; i++) {
                            float& all = total[s][k][i];
                            all = kKind == Kind::kAdd ? fmaf(scale, sum[i], all) : all + sum[i];
                        }
                    }
                }
            }
            if (nextTile >= tiles) continue;
            copy_async_wait<0>();
#pragma unroll
            for (int d = 0; d < kDepth; d++) {
#pragma unroll
                for (int half = 0; half < kHalves; half++) w[d][half] = ahead[(d * kHalves + half) * kThreads];
            }
            ask_for_next();
        }
#pragma unroll
        for (int s = 0; s < kTiles; s++) {
            int sequence = s * 8 + lane % 4 * 2;
#pragma unroll
            for (int k = 0; k < kInstructions; k++) {
                partial[warp][16 * k + within][sequence] = total[s][k][0];
                partial[warp][16 * k + within][sequence + 1] = total[s][k][1];
                if constexpr (kHalves > 1) {
                    partial[warp][16 * k + within + 8][sequence] = total[s][k][2];
                    partial[warp][16 * k + within + 8][sequence + 1] = total[s][k][3];
                }
            }
            if (kKind != Kind::kAdd && firstTile) {
                float sum = quad_sum(squared[s]);
                if (lane % 4 == 0) squares[warp][s * 8 + within] = sum;
            }
        }
        __syncthreads();
#pragma unroll
        for (int n = 0; n < kPerThread; n++) {
            int i = n * kThreads + threadIdx.x;
            if (i >= kOutputs * kSequences) continue;
            int r = i % kOutputs, s = i / kOutputs, row = place.row + r, sequence = firstSequence + s;
            if (row >= place.part->rows || sequence >= a.batch) continue;
            put_output<kKind>(a, *place.part, partial, squares, r, s, row, sequence, before[n]);
        }
        tile += gridDim.x;
        if (tile < tiles) __syncthreads();  // the sums have been read
    }
}

template <Kind kKind, int kHalves, int kTiles>
cudaError_t launch(cudaStream_t stream, Products a, int processors) {
    int products = kKind == Kind::kNormed ? a.parts : 1, perTile = (kKind == Kind::kGated ? 4 : 8) * kHalves, tiles = 0;
    for (int i = 0; i < products; i++) tiles += a.tiles[i] = ceil_div(a.part[i].rows, perTile);
    constexpr int kDepth = depth(kHalves, kTiles);
    int blocks = 0;  // of columns
    for (int i = 0; i < (kKind == Kind::kAdd ? a.parts : 1); i++) blocks += a.part[i].columns / kBlock;
    bool oneStep = blocks <= kWarps * kDepth && tiles <= processors;
    size_t gains = kKind == Kind::kAdd ? 0 : a.part[0].columns * sizeof(float);
    size_t shared = gains + (oneStep ? 0 : kDepth * kHalves * kThreads * sizeof(uint4));
    if (cudaError_t status = allow_shared_memory<products_kernel<kKind, kHalves, kTiles>>(shared)) return status;
    dim3 grid(min(tiles, processors), ceil_div(a.batch, 8 * kTiles));
    return launch_chained(stream, products_kernel<kKind, kHalves, kTiles>, grid, dim3(kThreads), shared, 1, a);
}

// Rows of the weight a block: for few sequences 32, for many 16, or 8 where that would leave multiprocessors without one. With
// one block on each there is room for the next kernel's, which then fetch their weights meanwhile.
template <Kind kKind>
cudaError_t launch(cudaStream_t stream, const Products& a) {
    int device = 0, processors = 0, rows = 0;
    if (cudaError_t status = cudaGetDevice(&device)) return status;
    if (cudaError_t status = cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device)) return status;
    for (int i = 0; i < (kKind == Kind::kNormed ? a.parts : 1); i++) rows += a.part[i].rows;
    if constexpr (kKind != Kind::kGated) {
        if (rows <= 8 * processors) {
            if (a.batch <= 8) return launch<kKind, 1, 1>(stream, a, processors);
            if (a.batch <= 16) return launch<kKind, 1, 2>(stream, a, processors);
            return launch<kKind, 1, 4>(stream, a, processors);
        }
    }
    if (a.batch <= 8) return launch<kKind, 4, 1>(stream, a, processors);
    if (a.batch <= 16) return launch<kKind, 2, 2>(stream, a, processors);
    return launch<kKind, 2, 4>(stream, a, processors);
}

}  // namespace

cudaError_t decode_normed(cudaStream_t stream, int batch, const bf16* h, int64_t hStride, const float* gain,
                          float epsilon, const DecodeProduct* products, int count) {
    if (count < 1 || count > 2) return cudaErrorInvalidValue;
    Products a{};
    a.parts = count;
    a.batch = batch;
    a.gain = gain;
    a.epsilon = epsilon;
    a.perColumn = 1.f / products[0].columns;
    for (int i = 0; i < count; i++) {
        const DecodeProduct& p = products[i];
        a.part[i] = {p.weight, h, hStride, p.columns, p.rows, p.scale, p.y, p.yStride, p.exact};
    }
    return launch<Kind::kNormed>(stream, a);
}

cudaError_t decode_gated(cudaStream_t stream, int batch, const bf16* h, int64_t hStride, const float* gain,
                         float epsilon, const bf16* weight, int width, int hidden, float gateScale, bf16* out,
                         int64_t outStride) {
    Products a{};
    a.parts = 1;
    a.batch = batch;
    a.gain = gain;
    a.epsilon = epsilon;
    a.perColumn = 1.f / hidden;
    a.gateScale = gateScale;
    a.part[0] = {weight, h, hStride, hidden, width, 1, out, outStride, false};
    return launch<Kind::kGated>(stream, a);
}

cudaError_t decode_add(cudaStream_t stream, int batch, const DecodeTerm* terms, int count, bf16* h, int64_t hStride,
                       int hidden) {
    if (count < 1 || count > 2) return cudaErrorInvalidValue;
    Products a{};
    a.parts = count;
    a.batch = batch;
    for (int i = 0; i < count; i++) {
        a.part[i] = {terms[i].weight, terms[i].x, terms[i].xStride, terms[i].columns, hidden, terms[i].scale,
                     h, hStride, false};
    }
    return launch<Kind::kAdd>(stream, a);
}

}  // namespace peregrine
