// Gradients of the scan on mma.sync: the derivation, and what the kernels share. See scan_tiles.cuh for G, L, e and w; here
// X = dt x, and dS_after is the gradient of the state behind the chunk.
//
//   R = dY X^T                                dX  = (G o L)^T dY + w o (B dS_after^T)
//   dG = sum over heads of L o R              dC  = dG B + sum over heads of e o (dY S_before)
//   M = strictly lower part of G o L o R      dB  = dG^T C + sum over heads of w o (X dS_after)
//
//   dcs_i = sum_j M_ij - sum_j M_ji + <C_i, e_i dY_i S_before> - <B_i, w_i X_i dS_after>
//   dcs_last += sum_i <B_i, w_i X_i dS_after> + e_last <dS_after, S_before>
//   da_i = sum_{k >= i} dcs_k;   ddt = A da + <dX, x>;   dx = dt dX + D dY;   dA = sum dt da;   dD = sum <dY, x>
//
// The sums over M are taken of float tiles as they are computed: from the rounded dY, Y, X and dX the same number comes
// out of a cancellation, with errors beyond 100 %. <B_i, X_i dS> is taken as <X_i, B_i dS^T>, of the same rounded
// operands and a float sum, where that product is computed anyway.
#pragma once

#include "scan_tiles.cuh"

namespace peregrine::scan {

struct BackwardParts {
    float* decays;
    bf16* dStates;  // behind each chunk
    float* segmentStates;
    bf16* dG;           // (batch, chunks, nGroups * splits, 128 j, 128 i), transposed, blocks j <= i only
    float* dcs;         // (batch, chunks, slices, 128): without the part of C
    float* dcsOfC;      // (batch, chunks, parts of the state, slices, 128)
    float* direct;      // (batch, chunks, slices, 128): <dX, x>
    float* dSkip;       // (batch, chunks, slices)
    float* dA;          // (batch, chunks, nHeads)
    float* dbOfSplits;  // (splits, rows, nGroups * dState), where there are several
    float* dcOfSplits;
};

// A block of either owns a chunk and one of the `splits` parts of a group's heads, over which it walks with the next head's
// tiles on their way. states: in front of each chunk, as forward left them.
//
size_t inner_block_memory(int dState);
size_t outer_block_memory(int dState);

// dX and with it dx, dG, and of dcs all but the part of C.
cudaError_t launch_inner(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const BackwardParts& parts,
                         const bf16* states, int splits);
// dB and dC, which need dG, and the part of C.
cudaError_t launch_outer(cudaStream_t stream, const Sizes& s, const ScanBackward<bf16>& a, const BackwardParts& parts,
                         const bf16* states, int splits);

}  // namespace peregrine::scan
