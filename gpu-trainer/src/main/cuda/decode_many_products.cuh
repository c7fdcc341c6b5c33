// The products of decode_many.cuh: P1, P3, P4 and P5. Ranges of columns, and the order of every sum, are those of
// decode_products.cu.
#pragma once

#include "decode_many.cuh"

namespace peregrine {

#ifdef PEREGRINE_HOPPER

// kBlocks blocks of columns from block `first` on, of kTiles eights of sequences from `sequence` on, as the right operand of
// the tensor cores; waits until they are there. from: a matrix in octets.
template <int kSeats, int kTiles, int kBlocks>
__device__ __forceinline__ void many_look(uint4 (&x)[kBlocks][kTiles], const ManyPlan& a, const char* from, int first,
                                          int sequence) {
    constexpr int kOctetBytes = kSeats * kOctet * sizeof(bf16), kBlockBytes = kManyColumns / kOctet * kOctetBytes;
    constexpr int kTileBytes = 8 * kOctet * sizeof(bf16);
    int lane = this_thread() % kWarp, g = sequence + lane / 4, t = lane % 4;
    from += first * kBlockBytes + t * kOctetBytes + g * 16;
#pragma unroll
    for (int j = 0; j < kBlocks; j++) {
#pragma unroll
        for (int q = 0; q < kTiles; q++) {
            x[j][q] = make_uint4(0, 0, 0, 0);  // beyond the last sequence nobody puts any
            if (g + q * 8 < a.shape.sequences) x[j][q] = look(from + j * kBlockBytes + q * kTileBytes);
        }
    }
    while (true) {
        bool all = true;
#pragma unroll
        for (int j = 0; j < kBlocks; j++) {
#pragma unroll
            for (int q = 0; q < kTiles; q++) all &= come(x[j][q]);
        }
        if (__all_sync(kFullWarp, all)) return;
#pragma unroll
        for (int j = 0; j < kBlocks; j++) {
#pragma unroll
            for (int q = 0; q < kTiles; q++) {
                if (!come(x[j][q])) x[j][q] = look(from + j * kBlockBytes + q * kTileBytes);
            }
        }
    }
}

// This warp has done with weights.
__device__ __forceinline__ void many_release(uint64_t* taken) {
    __syncwarp();
    if (this_thread() % kWarp == 0) barrier_arrive(taken);
}

// P1 and P4: 32 rows times rms(h). use: how often other weights have been where these are; weights: where that is.
template <int kTiles, bool kGated>
__device__ __forceinline__ void many_normed(const ManyPlan& a, ManyShared& s, const DecodeLayer& y, const char* weights, int at,
                                            int use, int warp) {
    constexpr int kBlocks = kManyHidden / kManyColumns / kRanges;
    int tid = this_thread(), lane = tid % kWarp, g = lane / 4, t = lane % 4;
    int range = warp % kRanges, first = range * kBlocks, firstSequence = warp / kRanges * kTiles * 8;
    if (blockIdx.x >= a.tiles[kGated ? kManyGateUp : kManyIn]) {
        if (lane <= kNormedPages) barrier_wait(s.normedArrived + lane, use & 1);
        many_release(s.taken);
        return;
    }
    char* slot = a.exchange + at;
    uint4 x[kBlocks][kTiles];
    many_look<kTiles * 16>(x, a, kGated ? slot + a.mid : a.exchange + slot_before(a, at) + a.out, first, firstSequence);
    if (lane <= kNormedPages) barrier_wait(s.normedArrived + lane, use & 1);
    __syncwarp();
    float squared[kTiles] = {};
    const float4* gains = reinterpret_cast<const float4*>(weights + kGainFrom) + (first * kManyColumns + t * 8) / 4;
#pragma unroll
    for (int j = 0; j < kBlocks; j++) {
        float4 low = gains[j * kManyColumns / 4], high = gains[j * kManyColumns / 4 + 1];
        float gain[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
#pragma unroll
        for (int q = 0; q < kTiles; q++) {
            float v[8], piece = 0;
            Vec8<bf16> packed;
            packed.raw = x[j][q];
            packed.get(v);
#pragma unroll
            for (int i = 0; i < 8; i++) piece = fmaf(v[i], v[i], piece), v[i] *= gain[i];
            squared[q] += piece;
            packed.set(v);
            x[j][q] = packed.raw;
        }
    }
    // Row m of the sixteen of an operand is row m / 2 of page m % 2.
    float total[kTiles][2][4] = {};
    const char* rows = weights + g % 2 * kPageStep + g / 2 * kPitch + first * 64 + t * 16;
#pragma unroll
    for (int j = 0; j < kBlocks; j++) {
#pragma unroll
        for (int k = 0; k < 2; k++) {
            uint4 even = *reinterpret_cast<const uint4*>(rows + 2 * k * kPageStep + j * 64);
            uint4 odd = *reinterpret_cast<const uint4*>(rows + 2 * k * kPageStep + 4 * kPitch + j * 64);
#pragma unroll
            for (int q = 0; q < kTiles; q++) {
                float sum[4] = {};
                mma16816(sum, {even.x, odd.x, even.y, odd.y}, x[j][q].x, x[j][q].y);
                mma16816(sum, {even.z, odd.z, even.w, odd.w}, x[j][q].z, x[j][q].w);
#pragma unroll
                for (int i = 0; i < 4; i++) total[q][k][i] += sum[i];
            }
        }
    }
    many_release(s.taken);
#pragma unroll
    for (int q = 0; q < kTiles; q++) {
        int sequence = firstSequence + q * 8 + t * 2;
#pragma unroll
        for (int k = 0; k < 2; k++) {
            int row = k * 16 + g % 2 * 8 + g / 2;
            s.sums[range][row][sequence] = total[q][k][0], s.sums[range][row][sequence + 1] = total[q][k][1];
            s.sums[range][row + 4][sequence] = total[q][k][2], s.sums[range][row + 4][sequence + 1] = total[q][k][3];
        }
        float sum = quad_sum(squared[q]);
        if (t == 0) s.squares[range][firstSequence + q * 8 + g] = sum;
    }
    many_sync();
    int sequence = tid / 16, part = tid % 16;
    if (sequence < a.shape.sequences) {
        float mean = 0;
#pragma unroll
        for (int k = 0; k < kRanges; k++) mean += s.squares[k][sequence];
        float factor = rsqrtf(fmaf(mean, a.perColumn, a.shape.epsilon));
        if constexpr (kGated) {  // gates' eight rows lie before those of the rows beside them
            int row = part / 8 * 16 + part % 8;
            float gate = 0, out = 0;
#pragma unroll
            for (int k = 0; k < kRanges; k++) gate += s.sums[k][row][sequence], out += s.sums[k][row + 8][sequence];
            gate *= factor * y.gateScale;
            out *= factor * gate * sigmoid(gate);
            float next = __shfl_down_sync(0xffffu << tid % kWarp / 16 * 16, out, 1);
            int column = blockIdx.x * 16 + part;
            if (part % 2 == 0) put(slot + a.gated + among(a, column, sequence), ahead_of(a, at), pack_bf16(out, next));
        } else {
            int row = blockIdx.x * 32 + part * 2;
            float scale = factor * (row < a.projection ? y.inScale : y.qkvScale), out[2] = {};
#pragma unroll
            for (int i = 0; i < 2; i++) {
#pragma unroll
                for (int k = 0; k < kRanges; k++) out[i] += s.sums[k][part * 2 + i][sequence];
                out[i] *= scale;
            }
            char* to = slot + a.p + sequence * a.pBytes + row * sizeof(bf16);
            if (row < a.rows) put(to, ahead_of(a, at), pack_bf16(out[0], out[1]));
        }
    }
    many_sync();  // the sums have been read
}

// P3 and P5: h += eight rows times what P2 or P4 has put. The two blocks of a cluster share the columns of their sixteen rows:
// each looks at half of what has been put, and sends the sums of the other's rows there. before: this thread's number of h.
template <int kTiles>
__device__ __forceinline__ void many_add(const ManyPlan& a, ManyShared& s, const DecodeLayer& y, const char* weights,
                                         bool gated, bool last, int at, int use, int warp, float& before) {
    constexpr int kBlocks = kManyWide / kManyColumns / kRanges, kHere = kRanges / 2, kSeats = kTiles * 16;
    int tid = this_thread(), lane = tid % kWarp, g = lane / 4, t = lane % 4, rank = blockIdx.x % 2;
    int range = warp % kHere, first = (rank * kHere + range) * kBlocks, firstSequence = warp / kHere * 8;
    if (blockIdx.x >= a.tiles[kManyOut]) {
        if (lane < kAddPages) barrier_wait(s.addArrived + lane, use & 1);
        many_release(s.taken + 1);
        return;
    }
    char* slot = a.exchange + at;
    if (tid == 0) barrier_expect(&s.sumsCome, kHere * kOctet * kSeats * sizeof(float));
    if (firstSequence >= kSeats) {  // there are not so many sequences
        if (lane < kAddPages) barrier_wait(s.addArrived + lane, use & 1);
    } else {
        uint4 x[kBlocks][1];
        many_look<kSeats>(x, a, slot + (gated ? a.gated : a.mix), first, firstSequence);
        if (lane < kAddPages) barrier_wait(s.addArrived + lane, use & 1);
        __syncwarp();
        const char* rows = weights + kAddFrom + g % 2 * kPageStep + g / 2 * kPitch + range * kBlocks * 64 + t * 16;
        float scale = gated ? y.downScale : first * kManyColumns >= a.inner ? y.oScale : y.outScale, total[4] = {};
#pragma unroll
        for (int j = 0; j < kBlocks; j++) {
            uint4 even = *reinterpret_cast<const uint4*>(rows + j * 64);
            uint4 odd = *reinterpret_cast<const uint4*>(rows + 4 * kPitch + j * 64);
            float sum[4] = {};
            mma16816(sum, {even.x, odd.x, even.y, odd.y}, x[j][0].x, x[j][0].y);
            mma16816(sum, {even.z, odd.z, even.w, odd.w}, x[j][0].z, x[j][0].w);
#pragma unroll
            for (int i = 0; i < 4; i++) total[i] = fmaf(scale, sum[i], total[i]);
        }
        int row = g / 2, sequence = firstSequence + t * 2;
        if (g % 2 == rank) {
            float *low = &s.added[range][row][sequence], *high = &s.added[range][row + 4][sequence];
            low[0] = total[0], low[1] = total[1], high[0] = total[2], high[1] = total[3];
        } else {
            send(&s.come[range][row][sequence], rank ^ 1, &s.sumsCome, total[0], total[1]);
            send(&s.come[range][row + 4][sequence], rank ^ 1, &s.sumsCome, total[2], total[3]);
        }
    }
    many_release(s.taken + 1);
    many_sync();
    if (tid < kOctet * kManyMost) {
        barrier_wait(&s.sumsCome, use & 1);
        int sequence = tid / kOctet, own = tid % kOctet;
        float sum = 0;
#pragma unroll
        for (int k = 0; k < kRanges; k++) sum += (k / kHere == rank ? s.added : s.come)[k % kHere][own][sequence];
        sum += before;
        before = to_float(from_float<bf16>(sum));
        uint32_t pair = pack_bf16(sum, __shfl_down_sync(kFullWarp, sum, 1));
        uint4 all = make_uint4(pair, __shfl_down_sync(kFullWarp, pair, 2), __shfl_down_sync(kFullWarp, pair, 4),
                               __shfl_down_sync(kFullWarp, pair, 6));
        if (own == 0 && sequence < a.shape.sequences) {
            int column = blockIdx.x * kOctet;
            if (last) {
                *reinterpret_cast<uint4*>(a.h + sequence * kManyHidden + column) = all;
            } else {
                put(slot + (gated ? a.out : a.mid) + among(a, column, sequence), ahead_of(a, at), all);
            }
        }
    }
    many_sync();  // the sums have been read
}

#endif

}  // namespace peregrine
