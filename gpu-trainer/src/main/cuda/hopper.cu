// Whether Hopper's code is what runs; and tensor maps, which the driver encodes, found through the runtime: nothing links
// against libcuda.
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

// Compiled for the same targets as every kernel of this library.
__global__ void witness_kernel() {}

}  // namespace

bool has_hopper_code() {
    cudaFuncAttributes compiled;
    return cudaFuncGetAttributes(&compiled, witness_kernel) == cudaSuccess && compiled.ptxVersion == 90;
}

cudaError_t make_tensor_map(CUtensorMap* map, const bf16* data, int64_t stride, int headDim, int heads, int seqLen,
                            int batch, int rows) {
    static const Encode encode = find_encode();
    if (encode == nullptr) return cudaErrorNotSupported;
    cuuint64_t row = stride * sizeof(bf16);
    cuuint64_t sizes[4] = {static_cast<cuuint64_t>(headDim), static_cast<cuuint64_t>(heads),
                           static_cast<cuuint64_t>(seqLen), static_cast<cuuint64_t>(batch)};
    cuuint64_t strides[3] = {headDim * sizeof(bf16), row, seqLen * row};
    cuuint32_t box[4] = {64, 1, static_cast<cuuint32_t>(rows), 1}, steps[4] = {1, 1, 1, 1};
    CUresult result = encode(map, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, 4, const_cast<bf16*>(data), sizes, strides, box,
                             steps, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
                             CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
    return result == CUDA_SUCCESS ? cudaSuccess : cudaErrorInvalidValue;
}

}  // namespace peregrine
