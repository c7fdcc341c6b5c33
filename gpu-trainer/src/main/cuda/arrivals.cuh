// Numbers that the blocks of one running kernel pass to each other through memory, without flags and without fences: a number
// that has not come yet is all ones, which no computed number is, and whoever needs it looks at its place until it is there.
// (What is not a number is computed as 0x7fff in bf16 and 0x7fffffff in float.)
//
// Places lie in kSlots slots, which are taken in turn. The rules:
//  - Who puts a number makes its place in the slot after the next ready again, all ones, in the same turn. What lies there is
//    two turns old: its readers have read it, if numbers of this turn can only come to be once they have.
//  - Nobody looks at a place earlier than one turn after it was made ready.
//  - All blocks run at once (a cooperative launch), or those that look keep those that put from beginning.
//  - Whoever looks does not count: that costs 3 % of a step. Somebody else has to see that a kernel does not look for ever.
// A look is a read of the L2 cache, some 500 ns when memory is busy. Many looks at the places that are being written make the
// writes late, so places of different blocks do not share a sector of 32 bytes where that costs nothing.
#pragma once

#include "common.cuh"

namespace peregrine {

constexpr int kSlots = 4;

__device__ __forceinline__ uint4 look(const void* p) {
    uint4 v;
    asm volatile("ld.relaxed.gpu.global.v4.u32 {%0, %1, %2, %3}, [%4];\n"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(p)
                 : "memory");
    return v;
}
__device__ __forceinline__ float4 look_four(const float* p) {
    float4 v;
    asm volatile("ld.relaxed.gpu.global.v4.f32 {%0, %1, %2, %3}, [%4];\n"
                 : "=f"(v.x), "=f"(v.y), "=f"(v.z), "=f"(v.w)
                 : "l"(p)
                 : "memory");
    return v;
}
__device__ __forceinline__ float2 look_pair(const float* p) {
    float2 v;
    asm volatile("ld.relaxed.gpu.global.v2.f32 {%0, %1}, [%2];\n" : "=f"(v.x), "=f"(v.y) : "l"(p) : "memory");
    return v;
}
__device__ __forceinline__ uint16_t look_one(const bf16* p) {
    uint16_t v;
    asm volatile("ld.relaxed.gpu.global.u16 %0, [%1];\n" : "=h"(v) : "l"(p) : "memory");
    return v;
}

// Whether all of it has come: eight numbers in bf16, one, or some in float.
__device__ __forceinline__ bool come(uint4 v) {
    uint32_t most = __vimax3_u16x2(__vimax3_u16x2(v.x, v.y, v.z), v.w, v.w);
    return (most & 0xffff) != 0xffff && most >> 16 != 0xffff;
}
__device__ __forceinline__ bool come(uint16_t v) { return v != 0xffff; }
__device__ __forceinline__ bool come(float v) { return __float_as_uint(v) != ~0u; }
__device__ __forceinline__ bool come(float2 v) { return come(v.x) && come(v.y); }
__device__ __forceinline__ bool come(float4 v) { return come(v.x) && come(v.y) && come(v.z) && come(v.w); }

__device__ __forceinline__ float number_of(uint16_t v) { return __uint_as_float(static_cast<uint32_t>(v) << 16); }

// Slots by their first bytes, of a plan that says how many a slot has: those beside this one, and from it to the one that is
// made ready in its turn.
template <typename Plan>
__device__ __forceinline__ int slot_behind(const Plan& a, int at) {
    return at == (kSlots - 1) * a.slotBytes ? 0 : at + a.slotBytes;
}
template <typename Plan>
__device__ __forceinline__ int slot_before(const Plan& a, int at) {
    return at == 0 ? (kSlots - 1) * a.slotBytes : at - a.slotBytes;
}
template <typename Plan>
__device__ __forceinline__ int ahead_of(const Plan& a, int at) {
    static_assert(kSlots == 4);
    return at < 2 * a.slotBytes ? 2 * a.slotBytes : -2 * a.slotBytes;
}

// ahead: bytes from a place to the same one in the slot after the next.
__device__ __forceinline__ void make_ready(float* p, int ahead) {
    asm volatile("st.relaxed.gpu.global.u32 [%0], %1;\n" ::"l"(reinterpret_cast<char*>(p) + ahead), "r"(~0u) : "memory");
}
__device__ __forceinline__ void put(float* p, float x) {
    asm volatile("st.relaxed.gpu.global.f32 [%0], %1;\n" ::"l"(p), "f"(x) : "memory");
}
__device__ __forceinline__ void put(void* p, int ahead, bf16 x) {
    char* next = static_cast<char*>(p) + ahead;
    asm volatile("st.relaxed.gpu.global.u16 [%0], %1;\n" ::"l"(next), "h"(static_cast<uint16_t>(0xffff)) : "memory");
    asm volatile("st.relaxed.gpu.global.u16 [%0], %1;\n" ::"l"(p), "h"(__bfloat16_as_ushort(x)) : "memory");
}
__device__ __forceinline__ void put(void* p, int ahead, uint32_t x) {  // two numbers in bf16
    char* next = static_cast<char*>(p) + ahead;
    asm volatile("st.relaxed.gpu.global.u32 [%0], %1;\n" ::"l"(next), "r"(~0u) : "memory");
    asm volatile("st.relaxed.gpu.global.u32 [%0], %1;\n" ::"l"(p), "r"(x) : "memory");
}
__device__ __forceinline__ void put(void* p, int ahead, uint2 x) {  // four numbers in bf16, or two in float
    char* next = static_cast<char*>(p) + ahead;
    asm volatile("st.relaxed.gpu.global.v2.u32 [%0], {%1, %1};\n" ::"l"(next), "r"(~0u) : "memory");
    asm volatile("st.relaxed.gpu.global.v2.u32 [%0], {%1, %2};\n" ::"l"(p), "r"(x.x), "r"(x.y) : "memory");
}
__device__ __forceinline__ void put(void* p, int ahead, uint4 x) {  // eight numbers in bf16
    char* next = static_cast<char*>(p) + ahead;
    asm volatile("st.relaxed.gpu.global.v4.u32 [%0], {%1, %1, %1, %1};\n" ::"l"(next), "r"(~0u) : "memory");
    asm volatile("st.relaxed.gpu.global.v4.u32 [%0], {%1, %2, %3, %4};\n" ::"l"(p), "r"(x.x), "r"(x.y), "r"(x.z), "r"(x.w)
                 : "memory");
}

}  // namespace peregrine
