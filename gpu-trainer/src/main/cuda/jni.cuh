// What the files of native functions share: strings, handles, addresses, and the choice of the element type.
#pragma once

#include <jni.h>

#include <string>

#include "context.cuh"
#include "elementwise.cuh"

namespace peregrine {

inline std::string string_of(JNIEnv* env, jstring text) {
    const char* bytes = env->GetStringUTFChars(text, nullptr);
    std::string copy(bytes);
    env->ReleaseStringUTFChars(text, bytes);
    return copy;
}

inline Context& context_of(jlong handle) { return *reinterpret_cast<Context*>(handle); }

template <typename T>
T* pointer(jlong address) {
    return reinterpret_cast<T*>(address);
}

template <typename T>
Matrix<T> matrix(jlong address, jlong stride) {
    return {pointer<T>(address), stride};
}

// Calls f with a value of the kind's element type.
template <typename F>
int with_kind(jint kind, F f) {
    return kind == static_cast<int>(Kind::kBf16) ? f(bf16{}) : f(0.f);
}

}  // namespace peregrine
