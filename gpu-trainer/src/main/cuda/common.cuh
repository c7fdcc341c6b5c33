// What every kernel file uses: element types, reductions, asynchronous copies and the tensor-core instruction.
//
// Conventions of this folder. Matrices are row-major with a stride in elements between rows; offsets into global memory
// are 64 bit. Host launchers take a stream, never synchronise and never allocate, and return the launch's status. No
// floating-point atomics: every sum has a fixed order, so two runs agree bit for bit.
#pragma once

#include <cuda_bf16.h>
#include <cuda_runtime.h>
#include <cstdint>

namespace peregrine {

using bf16 = __nv_bfloat16;

constexpr int kWarp = 32;
constexpr unsigned kFullWarp = 0xffffffffu;
constexpr float kLog2e = 1.4426950408889634f;

template <typename T>
__host__ __device__ constexpr T ceil_div(T a, T b) {
    return (a + b - 1) / b;
}

__device__ __forceinline__ float to_float(float x) { return x; }
__device__ __forceinline__ float to_float(bf16 x) { return __bfloat162float(x); }

template <typename T>
__device__ __forceinline__ T from_float(float x);
template <>
__device__ __forceinline__ float from_float<float>(float x) {
    return x;
}
template <>
__device__ __forceinline__ bf16 from_float<bf16>(float x) {
    return __float2bfloat16_rn(x);
}

// Butterfly sums: every lane ends with the total, always added in the same order.
__device__ __forceinline__ float warp_sum(float x) {
#pragma unroll
    for (int offset = kWarp / 2; offset > 0; offset /= 2) x += __shfl_xor_sync(kFullWarp, x, offset);
    return x;
}

__device__ __forceinline__ float warp_max(float x) {
#pragma unroll
    for (int offset = kWarp / 2; offset > 0; offset /= 2) x = fmaxf(x, __shfl_xor_sync(kFullWarp, x, offset));
    return x;
}

// Sum over the four lanes that share a row of an accumulator.
__device__ __forceinline__ float quad_sum(float x) {
    x += __shfl_xor_sync(kFullWarp, x, 1);
    return x + __shfl_xor_sync(kFullWarp, x, 2);
}

// A value that all lanes share, known to be so to the compiler.
__device__ __forceinline__ int warp_uniform(int x) { return __shfl_sync(kFullWarp, x, 0); }

// Sum over a block of up to 1024 threads, to every thread; `scratch` is 32 floats of shared memory.
__device__ __forceinline__ float block_sum(float x, float* scratch) {
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, warps = ceil_div<int>(blockDim.x, kWarp);
    x = warp_sum(x);
    __syncthreads();  // the scratch may still be read from the last call
    if (lane == 0) scratch[warp] = x;
    __syncthreads();
    return warp_sum(lane < warps ? scratch[lane] : 0.f);
}

__device__ __forceinline__ float block_max(float x, float* scratch) {
    int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, warps = ceil_div<int>(blockDim.x, kWarp);
    x = warp_max(x);
    __syncthreads();
    if (lane == 0) scratch[warp] = x;
    __syncthreads();
    return warp_max(lane < warps ? scratch[lane] : -INFINITY);
}

// 1 / (1 + exp(-x)); the quotient is 0 where exp(-x) overflows, within 2 units in the last place elsewhere.
__device__ __forceinline__ float sigmoid(float x) { return __fdividef(1.f, 1.f + __expf(-x)); }

// log(1 + exp(x)) without overflow and without losing small values.
__device__ __forceinline__ float softplus(float x) { return fmaxf(x, 0.f) + log1pf(expf(-fabsf(x))); }

// 2^x in one instruction, results below 2^-126 being 0.
__device__ __forceinline__ float exp2_approx(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// 8 elements at once: one 16-byte access in bf16, two in float.
template <typename T>
struct Vec8;

template <>
struct Vec8<bf16> {
    uint4 raw;
    __device__ __forceinline__ void load(const bf16* p) { raw = *reinterpret_cast<const uint4*>(p); }
    __device__ __forceinline__ void store(bf16* p) const { *reinterpret_cast<uint4*>(p) = raw; }
    __device__ __forceinline__ void get(float (&x)[8]) const {
        const __nv_bfloat162* pairs = reinterpret_cast<const __nv_bfloat162*>(&raw);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float2 pair = __bfloat1622float2(pairs[i]);
            x[2 * i] = pair.x;
            x[2 * i + 1] = pair.y;
        }
    }
    __device__ __forceinline__ void set(const float (&x)[8]) {
        __nv_bfloat162* pairs = reinterpret_cast<__nv_bfloat162*>(&raw);
#pragma unroll
        for (int i = 0; i < 4; i++) pairs[i] = __floats2bfloat162_rn(x[2 * i], x[2 * i + 1]);
    }
};

template <>
struct Vec8<float> {
    float4 raw[2];
    __device__ __forceinline__ void load(const float* p) {
        raw[0] = reinterpret_cast<const float4*>(p)[0];
        raw[1] = reinterpret_cast<const float4*>(p)[1];
    }
    __device__ __forceinline__ void store(float* p) const {
        reinterpret_cast<float4*>(p)[0] = raw[0];
        reinterpret_cast<float4*>(p)[1] = raw[1];
    }
    __device__ __forceinline__ void get(float (&x)[8]) const {
        x[0] = raw[0].x, x[1] = raw[0].y, x[2] = raw[0].z, x[3] = raw[0].w;
        x[4] = raw[1].x, x[5] = raw[1].y, x[6] = raw[1].z, x[7] = raw[1].w;
    }
    __device__ __forceinline__ void set(const float (&x)[8]) {
        raw[0] = make_float4(x[0], x[1], x[2], x[3]);
        raw[1] = make_float4(x[4], x[5], x[6], x[7]);
    }
};

// Whether rows of this stride from this address can be read 8 elements at a time.
template <typename T>
__host__ __device__ inline bool aligned8(const T* p, int64_t stride) {
    return reinterpret_cast<uintptr_t>(p) % 16 == 0 && stride * static_cast<int64_t>(sizeof(T)) % 16 == 0;
}

__device__ __forceinline__ uint32_t shared_address(const void* p) {
    return static_cast<uint32_t>(__cvta_generic_to_shared(p));
}

// 16 bytes from global to shared memory, without registers; zeros where `valid` is false.
__device__ __forceinline__ void copy_async16(void* shared, const void* global, bool valid = true) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(shared_address(shared)), "l"(global),
                 "r"(valid ? 16 : 0));
}
__device__ __forceinline__ void copy_async_commit() { asm volatile("cp.async.commit_group;\n"); }
template <int kPending>
__device__ __forceinline__ void copy_async_wait() {
    asm volatile("cp.async.wait_group %0;\n" ::"n"(kPending));
}

// Four numbers that this multiprocessor does not read again: past its first cache.
__device__ __forceinline__ void store_past(float* to, float4 x) {
    asm volatile("st.global.L1::no_allocate.v4.f32 [%0], {%1, %2, %3, %4};\n" ::"l"(to), "f"(x.x), "f"(x.y), "f"(x.z), "f"(x.w)
                 : "memory");
}

// Four 8x8 blocks of 16-bit numbers from shared memory into fragments; lane i names row i % 8 of block i / 8.
__device__ __forceinline__ void load_matrix4(uint32_t (&r)[4], const void* shared) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];\n"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(shared)));
}
__device__ __forceinline__ void load_matrix4_transposed(uint32_t (&r)[4], const void* shared) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];\n"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(shared)));
}

// d += a b: a is 16x16 (row), b is 16x8 (column), d is 16x8 in float. Runs on every card since sm_80.
__device__ __forceinline__ void mma16816(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};\n"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// Two floats rounded to bf16 in one register, the first in the lower half.
__device__ __forceinline__ uint32_t pack_bf16(float low, float high) {
    __nv_bfloat162 pair = __floats2bfloat162_rn(low, high);
    return reinterpret_cast<uint32_t&>(pair);
}

}  // namespace peregrine
