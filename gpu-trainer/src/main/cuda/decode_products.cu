// Products of a few rows of activations with a weight, at the speed at which the weight can be read.
//
// The weight is the left operand of mma.m16n8k16, 16 of its rows at a time, and eight sequences the right one, so that
// one kernel serves 1 to 32 sequences and reads the weight once. A block makes 16 (or 8) outputs of every sequence; its
// warps share the columns, each a range of whole blocks of 32, and the sums of the warps are added in their order. Which
// warp adds what depends on the weight's shape alone.
//
// A product over k may take its terms in any order, so a lane simply takes 8 columns that lie side by side, 16 bytes, of
// both operands, and they serve two instructions: what the instruction calls columns 2t, 2t + 1, 2t + 8, 2t + 9 are
// columns 8t .. 8t + 3 of the block, then 8t + 4 .. 8t + 7.
//
// The weights of a warp's first columns are on their way before the kernel before has ended; the norm costs nothing but
// its gain, because its factor is one number per sequence and comes last. Floor: the bytes of the weights.
#include "chain.cuh"
#include "decode.cuh"

namespace peregrine {
namespace {

constexpr int kWarps = 8, kThreads = kWarps * kWarp;
constexpr int kBlock = 32;       // columns of a block
constexpr int kWeightLoads = 8;  // 16-byte loads of weights in flight per lane
constexpr int kInputLoads = 16;

enum class Kind { kNormed, kGated, kAdd };

// Blocks on a multiprocessor at once, by the registers that operands under way take: with eight rows per block there are
// few blocks anyhow, and with many sequences their inputs are better kept from tile to tile.
constexpr int blocks_at_once(int halves, int tiles) {
    return halves == 1 ? (tiles == 1 ? 2 : 1) : (tiles == 1 ? 3 : tiles == 2 ? 2 : 1);
}

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
    float epsilon, gateScale;
};

// A place in a block's work: which rows, and from which block of columns on.
template <Kind kKind, int kHalves>
struct Place {
    const Part* part;
    int row;  // the first

    __device__ __forceinline__ Place(const Products& a, int tile) {
        bool second = kKind == Kind::kNormed && tile >= a.tiles[0];
        part = &a.part[second ? 1 : 0];
        row = (second ? tile - a.tiles[0] : tile) * (kKind == Kind::kGated ? 8 : 8 * kHalves);
    }

    // The row of the weight that row `half * 8 + within` of the left operand is; past the end it is the last row.
    __device__ __forceinline__ int64_t weight_row(int half, int within) const {
        if (kKind == Kind::kGated) return static_cast<int64_t>(half) * part->rows + min(row + within, part->rows - 1);
        return min(row + half * 8 + within, part->rows - 1);
    }
};

template <Kind kKind, int kHalves, int kTiles>
__global__ void __launch_bounds__(kThreads, blocks_at_once(kHalves, kTiles))
    products_kernel(const __grid_constant__ Products a) {
    constexpr int kRows = 8 * kHalves, kSequences = 8 * kTiles;
    constexpr int kDepth = kWeightLoads / kHalves < kInputLoads / kTiles ? kWeightLoads / kHalves : kInputLoads / kTiles;
    __shared__ float partial[kWarps][kRows][kSequences + 1];
    __shared__ float squares[kWarps][kSequences];
    chain_begin();

    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, within = lane / 4, column = lane % 4 * 8;
    int firstSequence = blockIdx.y * kSequences;
    int blocks0 = a.part[0].columns / kBlock;
    int blocks = blocks0 + (kKind == Kind::kAdd && a.parts == 2 ? a.part[1].columns / kBlock : 0);
    int first = warp * blocks / kWarps, last = (warp + 1) * blocks / kWarps;
    int tiles = a.tiles[0] + (kKind == Kind::kNormed ? a.tiles[1] : 0);
    bool resident = last - first <= kDepth;  // the warp's inputs stay in registers from tile to tile

    uint4 w[kDepth][kHalves];
    auto load_weights = [&](int tile, int from) {
        Place<kKind, kHalves> place(a, tile);
#pragma unroll
        for (int d = 0; d < kDepth; d++) {
            int block = from + d;
            bool second = kKind == Kind::kAdd && block >= blocks0;
            const Part& part = kKind == Kind::kAdd ? a.part[second ? 1 : 0] : *place.part;
            int64_t at = static_cast<int64_t>(second ? block - blocks0 : block) * kBlock + column;
#pragma unroll
            for (int half = 0; half < kHalves; half++) {
                if (block < last) {
                    w[d][half] = __ldg(reinterpret_cast<const uint4*>(
                        part.weight + place.weight_row(half, within) * part.columns + at));
                }
            }
        }
    };

    int tile = blockIdx.x;
    if (first < last) load_weights(tile, first);
    chain_wait();

    uint4 x[kDepth][kTiles];
    float squared[kTiles] = {};
    for (bool firstTile = true; tile < tiles; tile += gridDim.x, firstTile = false) {
        Place<kKind, kHalves> place(a, tile);
        float total[kTiles][4] = {};
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
                        if (block < last && sequence < a.batch) {
                            x[d][s] = *reinterpret_cast<const uint4*>(part.x + sequence * part.xStride + at);
                        }
                    }
                }
                if constexpr (kKind != Kind::kAdd) {
#pragma unroll
                    for (int d = 0; d < kDepth; d++) {
                        if (from + d >= last) continue;
                        const float4* gains =
                            reinterpret_cast<const float4*>(a.gain + (from + d) * kBlock + column);
                        float4 low = __ldg(gains), high = __ldg(gains + 1);
                        float gain[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
#pragma unroll
                        for (int s = 0; s < kTiles; s++) {
                            float v[8];
                            Vec8<bf16> packed;
                            packed.raw = x[d][s];
                            packed.get(v);
#pragma unroll
                            for (int i = 0; i < 8; i++) {
                                if (firstTile) squared[s] = fmaf(v[i], v[i], squared[s]);
                                v[i] *= gain[i];
                            }
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
                    float sum[4] = {};
                    float(&into)[4] = kKind == Kind::kAdd ? sum : total[s];
                    uint4 low = w[d][0], high = kHalves == 2 ? w[d][kHalves - 1] : make_uint4(0, 0, 0, 0);
                    mma16816(into, {low.x, high.x, low.y, high.y}, x[d][s].x, x[d][s].y);
                    mma16816(into, {low.z, high.z, low.w, high.w}, x[d][s].z, x[d][s].w);
                    if constexpr (kKind == Kind::kAdd) {
#pragma unroll
                        for (int i = 0; i < 4; i++) total[s][i] = fmaf(scale, sum[i], total[s][i]);
                    }
                }
            }
            // the next weights are under way while the sums are put together
            if (from + kDepth < last) {
                load_weights(tile, from + kDepth);
            } else if (tile + static_cast<int>(gridDim.x) < tiles) {
                load_weights(tile + gridDim.x, first);
            }
        }
#pragma unroll
        for (int s = 0; s < kTiles; s++) {
            int sequence = s * 8 + lane % 4 * 2;
            partial[warp][within][sequence] = total[s][0];
            partial[warp][within][sequence + 1] = total[s][1];
            if constexpr (kHalves == 2) {
                partial[warp][within + 8][sequence] = total[s][2];
                partial[warp][within + 8][sequence + 1] = total[s][3];
            }
            if (kKind != Kind::kAdd && firstTile) {
                float sum = squared[s];
                sum += __shfl_xor_sync(kFullWarp, sum, 1);
                sum += __shfl_xor_sync(kFullWarp, sum, 2);
                if (lane % 4 == 0) squares[warp][s * 8 + within] = sum;
            }
        }
        __syncthreads();
        constexpr int kOutputs = kKind == Kind::kGated ? 8 : kRows;
        for (int i = threadIdx.x; i < kOutputs * kSequences; i += kThreads) {
            int r = i % kOutputs, s = i / kOutputs, row = place.row + r, sequence = firstSequence + s;
            if (row >= place.part->rows || sequence >= a.batch) continue;
            const Part& part = *place.part;
            float sum = 0, gate = 0, factor = 1;
#pragma unroll
            for (int k = 0; k < kWarps; k++) {
                if (kKind == Kind::kGated) {
                    gate += partial[k][r][s];
                    sum += partial[k][r + 8 * (kHalves - 1)][s];
                } else {
                    sum += partial[k][r][s];
                }
            }
            if constexpr (kKind != Kind::kAdd) {
                float mean = 0;
#pragma unroll
                for (int k = 0; k < kWarps; k++) mean += squares[k][s];
                factor = rsqrtf(mean / part.columns + a.epsilon);
            }
            if constexpr (kKind == Kind::kGated) {
                gate *= factor * a.gateScale;
                sum *= factor * gate * sigmoid(gate);
            } else if constexpr (kKind == Kind::kNormed) {
                sum *= factor * part.scale;
            }
            if (kKind == Kind::kNormed && part.exact) {
                static_cast<float*>(part.y)[sequence * part.yStride + row] = sum;
                continue;
            }
            bf16* y = static_cast<bf16*>(part.y) + sequence * part.yStride + row;
            if constexpr (kKind == Kind::kAdd) sum += to_float(*y);
            *y = from_float<bf16>(sum);
        }
        __syncthreads();
    }
}

template <Kind kKind, int kHalves>
cudaError_t launch(cudaStream_t stream, Products a) {
    int device = 0, processors = 0;
    if (cudaError_t status = cudaGetDevice(&device)) return status;
    if (cudaError_t status = cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device)) return status;
    int tiles = a.tiles[0] + (kKind == Kind::kNormed ? a.tiles[1] : 0);
    auto with = [&](auto kernel, int sequenceTiles) {
        dim3 grid(min(tiles, blocks_at_once(kHalves, sequenceTiles) * processors), ceil_div(a.batch, 8 * sequenceTiles));
        return launch_chained(stream, kernel, grid, dim3(kThreads), 0, 1, a);
    };
    if (a.batch <= 8) return with(products_kernel<kKind, kHalves, 1>, 1);
    if (a.batch <= 16) return with(products_kernel<kKind, kHalves, 2>, 2);
    return with(products_kernel<kKind, kHalves, 4>, 4);
}

// Sixteen rows of the weight per block where that leaves every multiprocessor of a large card busy, else eight.
bool eight_rows(int rows) { return rows < 16 * 132; }

}  // namespace

cudaError_t decode_normed(cudaStream_t stream, int batch, const bf16* h, int64_t hStride, const float* gain,
                          float epsilon, const DecodeProduct* products, int count) {
    if (count < 1 || count > 2) return cudaErrorInvalidValue;
    Products a{};
    a.parts = count;
    a.batch = batch;
    a.gain = gain;
    a.epsilon = epsilon;
    int rows = 0;
    for (int i = 0; i < count; i++) rows += products[i].rows;
    int perTile = eight_rows(rows) ? 8 : 16;
    for (int i = 0; i < count; i++) {
        const DecodeProduct& p = products[i];
        a.part[i] = {p.weight, h, hStride, p.columns, p.rows, p.scale, p.y, p.yStride, p.exact};
        a.tiles[i] = ceil_div(p.rows, perTile);
    }
    return perTile == 8 ? launch<Kind::kNormed, 1>(stream, a) : launch<Kind::kNormed, 2>(stream, a);
}

cudaError_t decode_gated(cudaStream_t stream, int batch, const bf16* h, int64_t hStride, const float* gain,
                         float epsilon, const bf16* weight, int width, int hidden, float gateScale, bf16* out,
                         int64_t outStride) {
    Products a{};
    a.parts = 1;
    a.batch = batch;
    a.gain = gain;
    a.epsilon = epsilon;
    a.gateScale = gateScale;
    a.part[0] = {weight, h, hStride, hidden, width, 1, out, outStride, false};
    a.tiles[0] = ceil_div(width, 8);
    return launch<Kind::kGated, 2>(stream, a);
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
    a.tiles[0] = ceil_div(hidden, eight_rows(hidden) ? 8 : 16);
    return eight_rows(hidden) ? launch<Kind::kAdd, 1>(stream, a) : launch<Kind::kAdd, 2>(stream, a);
}

}  // namespace peregrine
