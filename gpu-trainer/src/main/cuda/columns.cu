#include "columns.cuh"

namespace peregrine {
namespace {

constexpr int kLanes = 32;   // columns of a block
constexpr int kGroups = 32;  // row groups of a block, added in order at the end

__global__ void add_column_sums_kernel(const float* __restrict__ partials, int64_t count, int64_t columns, float scale,
                                       float* __restrict__ target) {
    __shared__ float sums[kGroups][kLanes + 1];
    int lane = threadIdx.x, group = threadIdx.y;
    int64_t column = static_cast<int64_t>(blockIdx.x) * kLanes + lane;
    float sum = 0;
    if (column < columns) {
#pragma unroll 4
        for (int64_t row = group; row < count; row += kGroups) sum += partials[row * columns + column];
    }
    sums[group][lane] = sum;
    __syncthreads();
    if (group == 0 && column < columns) {
        float total = 0;
        for (int i = 0; i < kGroups; i++) total += sums[i][lane];
        target[column] += scale * total;
    }
}

}  // namespace

cudaError_t add_column_sums(cudaStream_t stream, const float* partials, int64_t count, int64_t columns, float scale,
                            float* target) {
    if (columns == 0) return cudaSuccess;
    unsigned blocks = static_cast<unsigned>(ceil_div<int64_t>(columns, kLanes));
    add_column_sums_kernel<<<blocks, dim3(kLanes, kGroups), 0, stream>>>(partials, count, columns, scale, target);
    return cudaGetLastError();
}

}  // namespace peregrine
