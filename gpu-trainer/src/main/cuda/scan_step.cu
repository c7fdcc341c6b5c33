// One token of the scan: reads and writes the state once, which is all its traffic (8 bytes per state number).
//
// A warp owns kRows channels of one head of one sequence; its lanes lie along the state.
#include "scan.cuh"

namespace peregrine {
namespace {

constexpr int kStepWarps = 4, kStepRows = 4;

template <typename T, int kVector>
__global__ void __launch_bounds__(kStepWarps* kWarp)
    step_kernel(const ScanShape shape, const ScanInputs<T> in, float* state, T* y, int64_t yStride) {
    int head = blockIdx.y, sequence = blockIdx.z, lane = threadIdx.x % kWarp;
    int first = (blockIdx.x * kStepWarps + threadIdx.x / kWarp) * kStepRows;
    if (first >= shape.dHead) return;
    int group = head / (shape.nHeads / shape.nGroups), size = shape.dState;
    const T* b = in.b + sequence * in.bStride + static_cast<int64_t>(group) * size;
    const T* c = in.c + sequence * in.cStride + static_cast<int64_t>(group) * size;
    float dt = in.dt[sequence * in.dtStride + head], decay = expf(-expf(in.aLog[head]) * dt), skip = in.dSkip[head];
    float x[kStepRows], sum[kStepRows] = {};
    float* row[kStepRows];
    int64_t channel = static_cast<int64_t>(head) * shape.dHead + first;
    for (int r = 0; r < kStepRows; r++) {
        bool valid = first + r < shape.dHead;
        x[r] = valid ? to_float(in.x[sequence * in.xStride + channel + r]) : 0.f;
        row[r] = state + ((static_cast<int64_t>(sequence) * shape.nHeads) * shape.dHead + channel + r) * size;
    }
    for (int n = lane * kVector; n < size; n += kWarp * kVector) {
        float bs[kVector], cs[kVector];
#pragma unroll
        for (int i = 0; i < kVector; i++) bs[i] = to_float(b[n + i]) * dt, cs[i] = to_float(c[n + i]);
        float s[kStepRows][kVector];
#pragma unroll
        for (int r = 0; r < kStepRows; r++) {
            if (first + r >= shape.dHead) continue;
            if constexpr (kVector == 4) {
                float4 v = *reinterpret_cast<const float4*>(row[r] + n);
                s[r][0] = v.x, s[r][1] = v.y, s[r][2] = v.z, s[r][3] = v.w;
            } else {
                s[r][0] = row[r][n];
            }
        }
#pragma unroll
        for (int r = 0; r < kStepRows; r++) {
            if (first + r >= shape.dHead) continue;
#pragma unroll
            for (int i = 0; i < kVector; i++) {
                s[r][i] = fmaf(decay, s[r][i], x[r] * bs[i]);
                sum[r] = fmaf(s[r][i], cs[i], sum[r]);
            }
            if constexpr (kVector == 4)
                *reinterpret_cast<float4*>(row[r] + n) = make_float4(s[r][0], s[r][1], s[r][2], s[r][3]);
            else
                row[r][n] = s[r][0];
        }
    }
#pragma unroll
    for (int r = 0; r < kStepRows; r++) {
        sum[r] = warp_sum(sum[r]);
        if (lane == r && first + r < shape.dHead)
            y[sequence * yStride + channel + r] = from_float<T>(fmaf(skip, x[r], sum[r]));
    }
}

}  // namespace

template <typename T>
cudaError_t scan_step(cudaStream_t stream, ScanShape shape, ScanInputs<T> in, float* state, T* y, int64_t yStride) {
    dim3 grid(ceil_div(shape.dHead, kStepWarps * kStepRows), shape.nHeads, shape.batch);
    bool vectors = shape.dState % 4 == 0 && reinterpret_cast<uintptr_t>(state) % 16 == 0;
    auto kernel = vectors ? step_kernel<T, 4> : step_kernel<T, 1>;
    kernel<<<grid, kStepWarps * kWarp, 0, stream>>>(shape, in, state, y, yStride);
    return cudaGetLastError();
}

template cudaError_t scan_step<float>(cudaStream_t, ScanShape, ScanInputs<float>, float*, float*, int64_t);
template cudaError_t scan_step<bf16>(cudaStream_t, ScanShape, ScanInputs<bf16>, float*, bf16*, int64_t);

}  // namespace peregrine
