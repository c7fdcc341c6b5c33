// Whether Hopper's code is what runs, and on how much; and tensor maps, which the driver encodes, found through the runtime:
// nothing links against libcuda.
#include "hopper.cuh"

namespace peregrine {
namespace {

using Encode = CUresult (*)(CUtensorMap*, CUtensorMapDataType, cuuint32_t, void*, const cuuint64_t*, const cuuint64_t*,
                            const cuuint32_t*, const cuuint32_t*, CUtensorMapInterleave, CUtensorMapSwizzle,
                            CUtensorMapL2promotion, CUtensorMapFloatOOBfill);

Encode find_encode() {
    void* function = nullptr;
    cudaDriverEntryPointQueryResult found;
    if (cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000, cudaEnableDefault, &found) !=
            cudaSuccess ||
        found != cudaDriverEntryPointSuccess)
        return nullptr;
    return reinterpret_cast<Encode>(function);
}

// sizes and box count numbers, strides bytes from the second dimension on.
cudaError_t encode(CUtensorMap* map, CUtensorMapDataType type, int dimensions, const void* data, const cuuint64_t* sizes,
                   const cuuint64_t* strides, const cuuint32_t* box, CUtensorMapSwizzle swizzle) {
    static const Encode function = find_encode();
    if (function == nullptr) return cudaErrorNotSupported;
    const cuuint32_t steps[] = {1, 1, 1, 1};
    CUresult result = function(map, type, dimensions, const_cast<void*>(data), sizes, strides, box, steps,
                               CU_TENSOR_MAP_INTERLEAVE_NONE, swizzle, CU_TENSOR_MAP_L2_PROMOTION_L2_256B,
                               CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
    return result == CUDA_SUCCESS ? cudaSuccess : cudaErrorInvalidValue;
}

// Compiled for the same targets as every kernel of this library.
__global__ void witness_kernel() {}

}  // namespace

bool has_hopper_code() {
    cudaFuncAttributes compiled;
    return cudaFuncGetAttributes(&compiled, witness_kernel) == cudaSuccess && compiled.ptxVersion == 90;
}

int processors() {
    int device = 0, count = 0;
    bool known = cudaGetDevice(&device) == cudaSuccess &&
                 cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device) == cudaSuccess;
    return known ? count : 0;
}

cudaError_t make_tensor_map(CUtensorMap* map, const bf16* data, int64_t stride, int headDim, int heads, int seqLen,
                            int batch, int rows) {
    cuuint64_t row = stride * sizeof(bf16);
    cuuint64_t sizes[4] = {static_cast<cuuint64_t>(headDim), static_cast<cuuint64_t>(heads),
                           static_cast<cuuint64_t>(seqLen), static_cast<cuuint64_t>(batch)};
    cuuint64_t strides[3] = {headDim * sizeof(bf16), row, seqLen * row};
    cuuint32_t box[4] = {64, 1, static_cast<cuuint32_t>(rows), 1};
    return encode(map, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, 4, data, sizes, strides, box, CU_TENSOR_MAP_SWIZZLE_128B);
}

cudaError_t make_run_map(CUtensorMap* map, const float* data, int64_t count, int run) {
    cuuint64_t size = count, noStride = 16;  // there is none to read, but null is refused
    cuuint32_t box = run;
    return encode(map, CU_TENSOR_MAP_DATA_TYPE_FLOAT32, 1, data, &size, &noStride, &box, CU_TENSOR_MAP_SWIZZLE_NONE);
}

}  // namespace peregrine
