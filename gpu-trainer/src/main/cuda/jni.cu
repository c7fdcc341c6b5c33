// The Java side of every operation: io.peregrine.trainer.cuda.Native. One call per fused operation; addresses are longs,
// matrices an address and a stride. A call returns 0, a cudaError, or kCublas plus a cuBLAS status; it does not wait for
// the device unless it says so.
#include "jni.cuh"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "attention.cuh"
#include "conv.cuh"
#include "embedding.cuh"
#include "loss.cuh"
#include "norm.cuh"
#include "optim.cuh"
#include "rotary.cuh"
#include "scan.cuh"

using namespace peregrine;

#define NATIVE(type, name) extern "C" JNIEXPORT type JNICALL Java_io_peregrine_trainer_cuda_Native_##name

namespace {

constexpr int kCublas = 100000;

// status: a cudaError, 0 where none is behind it.
void raise(JNIEnv* env, const char* message, int status) {
    jclass type = env->FindClass("io/peregrine/trainer/cuda/CudaException");
    jmethodID make = type ? env->GetMethodID(type, "<init>", "(Ljava/lang/String;I)V") : nullptr;
    jstring text = make ? env->NewStringUTF(message) : nullptr;
    jobject made = text ? env->NewObject(type, make, text, status) : nullptr;
    if (made) env->Throw(static_cast<jthrowable>(made));  // else another exception is on its way
}

}  // namespace

NATIVE(jint, driverVersion)(JNIEnv*, jclass) {
    int version = 0;
    return cudaDriverGetVersion(&version) ? 0 : version;
}

// The runtime is linked in; a driver of its major version or a later one has all that it calls.
NATIVE(jint, oldestDriverVersion)(JNIEnv*, jclass) { return CUDART_VERSION / 1000 * 1000; }

NATIVE(jstring, probe)(JNIEnv* env, jclass) {
    int count = 0;
    cudaError_t status = cudaGetDeviceCount(&count);
    if (status == cudaSuccess && count > 0) return nullptr;
    cudaGetLastError();
    return env->NewStringUTF(status ? cudaGetErrorString(status) : "the driver sees no device");
}

NATIVE(jint, deviceCount)(JNIEnv*, jclass) {
    int count = 0;
    return cudaGetDeviceCount(&count) == cudaSuccess ? count : 0;
}

// Needs no context on the device, and makes none.
NATIVE(jint, capability)(JNIEnv*, jclass, jint device) {
    int major = 0, minor = 0;
    cudaError_t status = cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device);
    if (!status) status = cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device);
    if (status) cudaGetLastError();
    return status ? -static_cast<jint>(status) : major * 10 + minor;
}

NATIVE(jstring, name)(JNIEnv* env, jclass, jint device) {
    cudaDeviceProp properties;
    if (cudaGetDeviceProperties(&properties, device)) {
        cudaGetLastError();
        return env->NewStringUTF("a device without a name");
    }
    return env->NewStringUTF(properties.name);
}

// Needs no device.
NATIVE(jstring, cublasFault)(JNIEnv* env, jclass, jstring cublas) {
    try {
        Matmul::require_library(string_of(env, cublas));
        return nullptr;
    } catch (const std::exception& e) {
        return env->NewStringUTF(e.what());
    }
}

NATIVE(jlong, open)(JNIEnv* env, jclass, jint device, jstring cublas, jlong mostBlockMemory) {
    try {
        return reinterpret_cast<jlong>(new Context(device, string_of(env, cublas), mostBlockMemory));
    } catch (const DeviceError& e) {
        cudaGetLastError();
        raise(env, e.what(), e.status);
    } catch (const std::exception& e) {
        raise(env, e.what(), 0);
    }
    return 0;
}

NATIVE(void, close)(JNIEnv*, jclass, jlong handle) { delete &context_of(handle); }

NATIVE(jstring, describe)(JNIEnv* env, jclass, jlong handle) {
    Context& context = context_of(handle);
    cudaDeviceProp properties;
    if (cudaGetDeviceProperties(&properties, context.device)) return env->NewStringUTF("unknown device");
    int driver = 0, runtime = 0;
    cudaDriverGetVersion(&driver);
    cudaRuntimeGetVersion(&runtime);
    auto version = [](int v) { return std::to_string(v / 1000) + "." + std::to_string(v % 1000 / 10); };
    std::string text = std::string(properties.name) + ", sm_" + std::to_string(properties.major) +
                       std::to_string(properties.minor) + ", CUDA " + version(runtime) + " (driver for " +
                       version(driver) + "), cuBLASLt " + context.matmul->version();
    return env->NewStringUTF(text.c_str());
}

NATIVE(jstring, errorText)(JNIEnv* env, jclass, jint status) {
    if (status >= kCublas) return env->NewStringUTF(("cuBLAS status " + std::to_string(status - kCublas)).c_str());
    cudaError_t error = static_cast<cudaError_t>(status);
    std::string text = std::string(cudaGetErrorName(error)) + ": " + cudaGetErrorString(error);
    return env->NewStringUTF(text.c_str());
}

// Shared memory that a block may have.
NATIVE(jlong, blockMemory)(JNIEnv*, jclass, jlong handle) {
    return static_cast<jlong>(context_of(handle).blockMemory);
}

// Makes the calling thread use the context's device.
NATIVE(jint, enter)(JNIEnv*, jclass, jlong handle) { return context_of(handle).enter(); }

// Memory -------------------------------------------------------------------------------------------------------------

NATIVE(jint, freeBytes)(JNIEnv* env, jclass, jlongArray freeAndTotal) {
    size_t free = 0, total = 0;
    cudaError_t status = cudaMemGetInfo(&free, &total);
    jlong values[2] = {static_cast<jlong>(free), static_cast<jlong>(total)};
    env->SetLongArrayRegion(freeAndTotal, 0, 2, values);
    return status;
}

// The address, or minus the status.
NATIVE(jlong, allocate)(JNIEnv*, jclass, jlong bytes) {
    void* memory = nullptr;
    cudaError_t status = cudaMalloc(&memory, bytes);
    if (status) cudaGetLastError();  // out of memory is the caller's to report, once
    return status ? -static_cast<jlong>(status) : reinterpret_cast<jlong>(memory);
}

NATIVE(jint, release)(JNIEnv*, jclass, jlong address) { return cudaFree(pointer<void>(address)); }

// Memory of the host that no other process can push out: the address, or minus the status.
NATIVE(jlong, allocatePinned)(JNIEnv*, jclass, jlong bytes) {
    void* memory = nullptr;
    cudaError_t status = cudaMallocHost(&memory, bytes);
    if (status) cudaGetLastError();
    return status ? -static_cast<jlong>(status) : reinterpret_cast<jlong>(memory);
}

NATIVE(jobject, pinnedBuffer)(JNIEnv* env, jclass, jlong address, jlong bytes) {
    return env->NewDirectByteBuffer(pointer<void>(address), bytes);
}

NATIVE(jint, releasePinned)(JNIEnv*, jclass, jlong address) { return cudaFreeHost(pointer<void>(address)); }

NATIVE(jlong, scratchBytes)(JNIEnv*, jclass, jlong handle) {
    return static_cast<jlong>(context_of(handle).scratch_bytes());
}

NATIVE(jlong, refusedScratch)(JNIEnv*, jclass, jlong handle) {
    return static_cast<jlong>(context_of(handle).refused_scratch());
}

NATIVE(jint, zero)(JNIEnv*, jclass, jlong handle, jlong address, jlong bytes) {
    return cudaMemsetAsync(pointer<void>(address), 0, bytes, context_of(handle).stream);
}

NATIVE(jint, uploadFloats)(JNIEnv* env, jclass, jlong handle, jlong target, jfloatArray source, jint offset, jint count) {
    std::vector<float> host(count);
    env->GetFloatArrayRegion(source, offset, count, host.data());
    return context_of(handle).upload(pointer<void>(target), host.data(), count * sizeof(float));
}

NATIVE(jint, uploadInts)(JNIEnv* env, jclass, jlong handle, jlong target, jintArray source, jint count) {
    std::vector<jint> host(count);
    env->GetIntArrayRegion(source, 0, count, host.data());
    return context_of(handle).upload(pointer<void>(target), host.data(), count * sizeof(jint));
}

NATIVE(jint, uploadBytes)(JNIEnv* env, jclass, jlong handle, jlong target, jobject source, jlong bytes) {
    return context_of(handle).upload(pointer<void>(target), env->GetDirectBufferAddress(source), bytes);
}

// Waits.
NATIVE(jint, downloadFloats)(JNIEnv* env, jclass, jlong handle, jlong source, jfloatArray target, jint offset, jint count) {
    return context_of(handle).download(
        pointer<void>(source), count * sizeof(jfloat), [&](const char* piece, size_t bytes, size_t at) {
            env->SetFloatArrayRegion(target, offset + static_cast<jint>(at / sizeof(jfloat)),
                                     static_cast<jint>(bytes / sizeof(jfloat)), reinterpret_cast<const jfloat*>(piece));
        });
}

// Into a direct buffer, from its byte `at` on. Waits.
NATIVE(jint, downloadBytes)(JNIEnv* env, jclass, jlong handle, jlong source, jobject target, jlong at, jlong bytes) {
    cudaStream_t stream = context_of(handle).stream;
    char* host = static_cast<char*>(env->GetDirectBufferAddress(target)) + at;
    cudaError_t status = cudaMemcpyAsync(host, pointer<void>(source), bytes, cudaMemcpyDeviceToHost, stream);
    return status ? status : cudaStreamSynchronize(stream);
}

// Waits.
NATIVE(jint, downloadInts)(JNIEnv* env, jclass, jlong handle, jlong source, jintArray target, jint count) {
    return context_of(handle).download(
        pointer<void>(source), count * sizeof(jint), [&](const char* piece, size_t bytes, size_t at) {
            env->SetIntArrayRegion(target, static_cast<jint>(at / sizeof(jint)),
                                   static_cast<jint>(bytes / sizeof(jint)), reinterpret_cast<const jint*>(piece));
        });
}

// Waits.
NATIVE(jint, downloadDoubles)(JNIEnv* env, jclass, jlong handle, jlong source, jdoubleArray target, jint count) {
    return context_of(handle).download(
        pointer<void>(source), count * sizeof(jdouble), [&](const char* piece, size_t bytes, size_t at) {
            env->SetDoubleArrayRegion(target, static_cast<jint>(at / sizeof(jdouble)),
                                      static_cast<jint>(bytes / sizeof(jdouble)),
                                      reinterpret_cast<const jdouble*>(piece));
        });
}

// Waits for everything asked for so far.
NATIVE(jint, synchronize)(JNIEnv*, jclass, jlong handle) { return cudaStreamSynchronize(context_of(handle).stream); }

NATIVE(jint, fill)(JNIEnv*, jclass, jlong handle, jint kind, jlong x, jlong stride, jlong rows, jint columns, jfloat value) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) { return fill(stream, matrix<decltype(t)>(x, stride), rows, columns, value); });
}

NATIVE(jint, copy)(JNIEnv*, jclass, jlong handle, jint fromKind, jlong from, jlong fromStride, jint toKind, jlong to,
                   jlong toStride, jlong rows, jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(fromKind, [&](auto f) {
        return with_kind(toKind, [&](auto t) {
            return copy<decltype(f), decltype(t)>(stream, matrix<const decltype(f)>(from, fromStride),
                                                  matrix<decltype(t)>(to, toStride), rows, columns);
        });
    });
}

NATIVE(jint, add)(JNIEnv*, jclass, jlong handle, jint kind, jlong from, jlong fromStride, jlong to, jlong toStride,
                  jlong rows, jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return add<T>(stream, matrix<const T>(from, fromStride), matrix<T>(to, toStride), rows, columns);
    });
}

// Products -----------------------------------------------------------------------------------------------------------

NATIVE(jint, matmul)(JNIEnv*, jclass, jlong handle, jint kindA, jlong a, jlong rowsA, jlong columnsA, jlong strideA,
                     jboolean transposeA, jint kindB, jlong b, jlong rowsB, jlong columnsB, jlong strideB,
                     jboolean transposeB, jfloat alpha, jfloat beta, jint kindD, jlong c, jlong strideC, jlong d,
                     jlong rowsD, jlong columnsD, jlong strideD) {
    Context& context = context_of(handle);
    auto kind = [](jint k) { return static_cast<Kind>(k); };
    Operand operandA{pointer<void>(a), kind(kindA), rowsA, columnsA, strideA};
    Operand operandB{pointer<void>(b), kind(kindB), rowsB, columnsB, strideB};
    Operand operandC{pointer<void>(c), kind(kindD), rowsD, columnsD, strideC};
    Operand operandD{pointer<void>(d), kind(kindD), rowsD, columnsD, strideD};
    int status = context.matmul->multiply(context.stream, operandA, transposeA, operandB, transposeB, alpha, beta,
                                          operandC, operandD);
    return status ? kCublas + status : 0;
}

NATIVE(jint, addBias)(JNIEnv*, jclass, jlong handle, jint kind, jlong bias, jfloat scale, jlong y, jlong stride,
                      jlong rows, jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        return add_bias(stream, pointer<const float>(bias), scale, matrix<decltype(t)>(y, stride), rows, columns);
    });
}

NATIVE(jint, biasBackward)(JNIEnv*, jclass, jlong handle, jint kind, jlong dy, jlong stride, jfloat scale, jlong dBias,
                           jlong rows, jint columns) {
    Context& context = context_of(handle);
    void* workspace;
    if (cudaError_t status = context.scratch(bias_backward_workspace_bytes(columns), &workspace)) return status;
    return with_kind(kind, [&](auto t) {
        return bias_backward(context.stream, matrix<const decltype(t)>(dy, stride), scale, pointer<float>(dBias), rows,
                             columns, workspace);
    });
}

// Norms and gates ----------------------------------------------------------------------------------------------------

NATIVE(jint, rms)(JNIEnv*, jclass, jlong handle, jint kind, jlong x, jlong xStride, jlong gain, jfloat epsilon, jlong y,
                  jlong yStride, jlong rows, jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return rms<T>(stream, matrix<const T>(x, xStride), pointer<const float>(gain), epsilon, matrix<T>(y, yStride),
                      rows, columns);
    });
}

NATIVE(jint, rmsBackward)(JNIEnv*, jclass, jlong handle, jint kind, jlong x, jlong xStride, jlong gain, jfloat epsilon,
                          jlong dy, jlong dyStride, jlong dx, jlong dxStride, jlong dGain, jlong rows, jint columns) {
    Context& context = context_of(handle);
    void* workspace;
    if (cudaError_t status = context.scratch(rms_backward_workspace_bytes(columns), &workspace)) return status;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return rms_backward<T>(context.stream, matrix<const T>(x, xStride), pointer<const float>(gain), epsilon,
                               matrix<const T>(dy, dyStride), matrix<T>(dx, dxStride), pointer<float>(dGain), rows,
                               columns, workspace);
    });
}

NATIVE(jint, gatedRms)(JNIEnv*, jclass, jlong handle, jint kind, jlong y, jlong yStride, jlong z, jlong zStride,
                       jfloat zScale, jlong gain, jint groups, jfloat epsilon, jlong out, jlong outStride, jlong rows,
                       jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return gated_rms<T>(stream, matrix<const T>(y, yStride), matrix<const T>(z, zStride), zScale,
                            pointer<const float>(gain), groups, epsilon, matrix<T>(out, outStride), rows, columns);
    });
}

NATIVE(jint, gatedRmsBackward)(JNIEnv*, jclass, jlong handle, jint kind, jlong y, jlong yStride, jlong z, jlong zStride,
                               jfloat zScale, jlong gain, jint groups, jfloat epsilon, jlong dOut, jlong dOutStride,
                               jlong dy, jlong dyStride, jlong dz, jlong dzStride, jlong dGain, jlong rows,
                               jint columns) {
    Context& context = context_of(handle);
    void* workspace;
    if (cudaError_t status = context.scratch(rms_backward_workspace_bytes(columns), &workspace)) return status;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return gated_rms_backward<T>(context.stream, matrix<const T>(y, yStride), matrix<const T>(z, zStride), zScale,
                                     pointer<const float>(gain), groups, epsilon, matrix<const T>(dOut, dOutStride),
                                     matrix<T>(dy, dyStride), matrix<T>(dz, dzStride), pointer<float>(dGain), rows,
                                     columns, workspace);
    });
}

NATIVE(jint, gate)(JNIEnv*, jclass, jlong handle, jint kind, jlong value, jlong valueStride, jlong gateAddress,
                   jlong gateStride, jfloat gateScale, jlong out, jlong outStride, jlong rows, jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return gate<T>(stream, matrix<const T>(value, valueStride), matrix<const T>(gateAddress, gateStride), gateScale,
                       matrix<T>(out, outStride), rows, columns);
    });
}

NATIVE(jint, gateBackward)(JNIEnv*, jclass, jlong handle, jint kind, jlong value, jlong valueStride, jlong gateAddress,
                           jlong gateStride, jfloat gateScale, jlong dOut, jlong dOutStride, jlong dValue,
                           jlong dValueStride, jlong dGate, jlong dGateStride, jlong rows, jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return gate_backward<T>(stream, matrix<const T>(value, valueStride), matrix<const T>(gateAddress, gateStride),
                                gateScale, matrix<const T>(dOut, dOutStride), matrix<T>(dValue, dValueStride),
                                matrix<T>(dGate, dGateStride), rows, columns);
    });
}

// Convolution, positions, step sizes ---------------------------------------------------------------------------------

NATIVE(jint, convForward)(JNIEnv*, jclass, jlong handle, jint kind, jint batch, jint seqLen, jint channels, jint taps,
                          jlong x, jlong xStride, jlong scale, jlong weight, jlong bias, jlong documentStart, jlong out,
                          jlong outStride) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return conv_forward<T>(stream, {batch, seqLen, channels, taps}, matrix<const T>(x, xStride),
                               pointer<const float>(scale), pointer<const float>(weight), pointer<const float>(bias),
                               pointer<const int>(documentStart), matrix<T>(out, outStride));
    });
}

NATIVE(jint, convBackward)(JNIEnv*, jclass, jlong handle, jint kind, jint batch, jint seqLen, jint channels, jint taps,
                           jlong x, jlong xStride, jlong scale, jlong weight, jlong bias, jlong documentStart,
                           jlong dOut, jlong dOutStride, jlong dx, jlong dxStride, jlong dWeight, jlong dBias) {
    Context& context = context_of(handle);
    ConvShape shape{batch, seqLen, channels, taps};
    void* workspace;
    if (cudaError_t status = context.scratch(conv_backward_workspace_bytes(shape), &workspace)) return status;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return conv_backward<T>(context.stream, shape, matrix<const T>(x, xStride), pointer<const float>(scale),
                                pointer<const float>(weight), pointer<const float>(bias),
                                pointer<const int>(documentStart), matrix<const T>(dOut, dOutStride),
                                matrix<T>(dx, dxStride), pointer<float>(dWeight), pointer<float>(dBias), workspace);
    });
}

NATIVE(jint, rotate)(JNIEnv*, jclass, jlong handle, jint kind, jlong x, jlong stride, jlong rows, jint heads,
                     jint headDim, jlong table, jint firstScaled, jfloat scale, jint seqLen, jboolean inverse) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        return rotate(stream, matrix<decltype(t)>(x, stride), rows, heads, headDim, pointer<const float2>(table), firstScaled,
                      scale, seqLen, inverse);
    });
}

NATIVE(jint, stepSizes)(JNIEnv*, jclass, jlong handle, jint kind, jlong raw, jlong rawStride, jfloat scale, jlong bias,
                        jfloat low, jfloat high, jlong dt, jlong dtStride, jlong rows, jint heads) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return step_sizes<T>(stream, matrix<const T>(raw, rawStride), scale, pointer<const float>(bias), low, high,
                             matrix<float>(dt, dtStride), rows, heads);
    });
}

NATIVE(jint, stepSizesBackward)(JNIEnv*, jclass, jlong handle, jint kind, jlong raw, jlong rawStride, jfloat scale,
                                jlong bias, jfloat low, jfloat high, jlong dDt, jlong dDtStride, jlong dRaw,
                                jlong dRawStride, jlong dBias, jlong rows, jint heads) {
    Context& context = context_of(handle);
    void* workspace;
    if (cudaError_t status = context.scratch(step_sizes_backward_workspace_bytes(heads), &workspace)) return status;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return step_sizes_backward<T>(context.stream, matrix<const T>(raw, rawStride), scale, pointer<const float>(bias),
                                      low, high, matrix<const float>(dDt, dDtStride), matrix<T>(dRaw, dRawStride),
                                      pointer<float>(dBias), rows, heads, workspace);
    });
}

// Mixers -------------------------------------------------------------------------------------------------------------

NATIVE(jint, attentionForward)(JNIEnv*, jclass, jlong handle, jint kind, jint batch, jint seqLen, jint numHeads,
                               jint numKeyValueHeads, jint headDim, jlong q, jlong qStride, jlong k, jlong kStride,
                               jlong v, jlong vStride, jlong documentStart, jlong out, jlong outStride,
                               jlong logSumExp) {
    Context& context = context_of(handle);
    AttentionShape shape{batch, seqLen, numHeads, numKeyValueHeads, headDim};
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return attention_forward<T>(context.stream, context.blockMemory, shape, pointer<const T>(q), qStride,
                                    pointer<const T>(k), kStride, pointer<const T>(v), vStride,
                                    pointer<const int>(documentStart), pointer<T>(out), outStride,
                                    pointer<float>(logSumExp));
    });
}

NATIVE(jboolean, attentionOnWgmma)(JNIEnv*, jclass, jlong handle, jint headDim) {
    Context& context = context_of(handle);
    return context.enter() == cudaSuccess && attention_on_wgmma(headDim, context.blockMemory);
}

NATIVE(jint, attentionBackward)(JNIEnv*, jclass, jlong handle, jint kind, jint batch, jint seqLen, jint numHeads,
                                jint numKeyValueHeads, jint headDim, jlong q, jlong qStride, jlong k, jlong kStride,
                                jlong v, jlong vStride, jlong documentStart, jlong documentEnd, jlong out,
                                jlong outStride, jlong logSumExp, jlong dOut, jlong dOutStride, jlong dq, jlong dqStride,
                                jlong dk, jlong dkStride, jlong dv, jlong dvStride) {
    Context& context = context_of(handle);
    AttentionShape shape{batch, seqLen, numHeads, numKeyValueHeads, headDim};
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        void* workspace;
        if (cudaError_t status = context.scratch(attention_backward_workspace_bytes(shape, sizeof(T)), &workspace)) {
            return status;
        }
        return attention_backward<T>(context.stream, context.blockMemory, shape, pointer<const T>(q), qStride,
                                     pointer<const T>(k), kStride, pointer<const T>(v), vStride,
                                     pointer<const int>(documentStart), pointer<const int>(documentEnd),
                                     pointer<const T>(out), outStride, pointer<const float>(logSumExp),
                                     pointer<const T>(dOut), dOutStride, pointer<T>(dq), dqStride, pointer<T>(dk),
                                     dkStride, pointer<T>(dv), dvStride, workspace);
    });
}

namespace {

// The sum, and behind it the loss of each row.
size_t cross_entropy_workspace_bytes(int64_t rows) { return sizeof(double) + rows * sizeof(float); }

size_t element_size(jint kind) { return kind == static_cast<int>(Kind::kBf16) ? sizeof(bf16) : sizeof(float); }

template <typename T>
ScanInputs<T> scan_inputs(jlong x, jlong xStride, jlong b, jlong bStride, jlong c, jlong cStride, jlong dt,
                          jlong dtStride, jlong aLog, jlong dSkip) {
    return {pointer<const T>(x),      xStride,  pointer<const T>(b),        bStride,
            pointer<const T>(c),      cStride,  pointer<const float>(dt),   dtStride,
            pointer<const float>(aLog), pointer<const float>(dSkip)};
}

}  // namespace

// Needs no device.
NATIVE(jlong, scanBlockMemory)(JNIEnv*, jclass, jint kind, jint nHeads, jint dHead, jint nGroups, jint dState) {
    return static_cast<jlong>(scan_block_memory({1, 1, nHeads, dHead, nGroups, dState}, element_size(kind)));
}

// Needs no device.
NATIVE(jboolean, scanOnTensorCores)(JNIEnv*, jclass, jint kind, jint nHeads, jint dHead, jint nGroups, jint dState,
                                    jlong blockMemory) {
    return scan_on_tensor_cores({1, 1, nHeads, dHead, nGroups, dState}, element_size(kind), blockMemory);
}

// Needs no device.
NATIVE(jlong, scanMemoryBytes)(JNIEnv*, jclass, jint kind, jint batch, jint seqLen, jint nHeads, jint dHead, jint nGroups,
                               jint dState, jlong blockMemory) {
    ScanShape shape{batch, seqLen, nHeads, dHead, nGroups, dState};
    return static_cast<jlong>(scan_memory_bytes(shape, element_size(kind), blockMemory));
}

NATIVE(jint, scanForward)(JNIEnv*, jclass, jlong handle, jint kind, jint batch, jint seqLen, jint nHeads, jint dHead,
                          jint nGroups, jint dState, jlong x, jlong xStride, jlong b, jlong bStride, jlong c,
                          jlong cStride, jlong dt, jlong dtStride, jlong aLog, jlong dSkip, jlong documentStart,
                          jlong biasedStart, jlong y, jlong yStride, jlong memory, jlong finalState) {
    Context& context = context_of(handle);
    ScanShape shape{batch, seqLen, nHeads, dHead, nGroups, dState};
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        void* workspace;
        size_t bytes = scan_workspace_bytes(shape, sizeof(T), context.blockMemory, false);
        if (cudaError_t status = context.scratch(bytes, &workspace)) return status;
        return scan_forward<T>(context.stream, context.blockMemory, shape,
                               scan_inputs<T>(x, xStride, b, bStride, c, cStride, dt, dtStride, aLog, dSkip),
                               pointer<const int>(documentStart), pointer<const int>(biasedStart), pointer<T>(y), yStride,
                               pointer<void>(memory), pointer<float>(finalState), workspace);
    });
}

NATIVE(jint, scanBackward)(JNIEnv*, jclass, jlong handle, jint kind, jint batch, jint seqLen, jint nHeads, jint dHead,
                           jint nGroups, jint dState, jlong x, jlong xStride, jlong b, jlong bStride, jlong c,
                           jlong cStride, jlong dt, jlong dtStride, jlong aLog, jlong dSkip, jlong documentStart,
                           jlong biasedStart, jlong memory, jlong dy, jlong dyStride, jlong dx, jlong dxStride, jlong db,
                           jlong dbStride, jlong dc, jlong dcStride, jlong dDt, jlong dDtStride, jlong dALog,
                           jlong dDSkip) {
    Context& context = context_of(handle);
    ScanShape shape{batch, seqLen, nHeads, dHead, nGroups, dState};
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        void* workspace;
        size_t bytes = scan_workspace_bytes(shape, sizeof(T), context.blockMemory, true);
        if (cudaError_t status = context.scratch(bytes, &workspace)) return status;
        return scan_backward<T>(context.stream, context.blockMemory, shape,
                                scan_inputs<T>(x, xStride, b, bStride, c, cStride, dt, dtStride, aLog, dSkip),
                                pointer<const int>(documentStart), pointer<const int>(biasedStart),
                                pointer<const void>(memory), pointer<const T>(dy), dyStride, pointer<T>(dx), dxStride,
                                pointer<T>(db), dbStride, pointer<T>(dc), dcStride, pointer<float>(dDt), dDtStride,
                                pointer<float>(dALog), pointer<float>(dDSkip), workspace);
    });
}

// Needs no device. Which operations take scratch memory is to be seen by the calls of Context::scratch in this file.
NATIVE(jlong, stepScratchBytes)(JNIEnv* env, jclass, jint kind, jlong blockMemory, jintArray sizes) {
    constexpr int kSizes = 13;
    if (env->GetArrayLength(sizes) != kSizes) return -1;
    jint s[kSizes];
    env->GetIntArrayRegion(sizes, 0, kSizes, s);
    ScanShape scan{s[0], s[1], s[2], s[3], s[4], s[5]};
    AttentionShape attention{s[0], s[1], s[6], s[7], s[8]};
    ConvShape conv{s[0], s[1], s[9], s[10]};
    int64_t rows = static_cast<int64_t>(s[0]) * s[1];
    return static_cast<jlong>(std::max({scan_workspace_bytes(scan, element_size(kind), blockMemory, false),
                                        scan_workspace_bytes(scan, element_size(kind), blockMemory, true),
                                        step_sizes_backward_workspace_bytes(scan.nHeads),
                                        attention_backward_workspace_bytes(attention, element_size(kind)),
                                        conv_backward_workspace_bytes(conv), rms_backward_workspace_bytes(s[11]),
                                        bias_backward_workspace_bytes(s[12]), cross_entropy_workspace_bytes(rows)}));
}

// Tokens, loss, optimizer --------------------------------------------------------------------------------------------

NATIVE(jint, embeddingForward)(JNIEnv*, jclass, jlong handle, jint kind, jlong table, jlong ids, jfloat multiplier,
                               jlong out, jlong outStride, jlong rows, jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        return embedding_forward(stream, pointer<const float>(table), pointer<const int>(ids), multiplier,
                                 matrix<decltype(t)>(out, outStride), rows, columns);
    });
}

NATIVE(jint, embeddingBackward)(JNIEnv*, jclass, jlong handle, jint kind, jlong dOut, jlong dOutStride, jlong uniqueIds,
                                jlong first, jlong order, jint unique, jfloat multiplier, jlong dTable, jint columns) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return embedding_backward<T>(stream, matrix<const T>(dOut, dOutStride), pointer<const int>(uniqueIds),
                                     pointer<const int>(first), pointer<const int>(order), unique, multiplier,
                                     pointer<float>(dTable), columns);
    });
}

// Waits, and leaves the sum of the losses in `sum`.
NATIVE(jint, crossEntropy)(JNIEnv* env, jclass, jlong handle, jint kind, jlong logits, jlong stride, jlong targets,
                           jlong rows, jint vocab, jboolean withGradient, jfloat gradScale, jfloat zLoss, jdoubleArray sum) {
    Context& context = context_of(handle);
    void* workspace;
    if (cudaError_t status = context.scratch(cross_entropy_workspace_bytes(rows), &workspace)) return status;
    double* total = static_cast<double*>(workspace);
    float* losses = reinterpret_cast<float*>(total + 1);
    int status = with_kind(kind, [&](auto t) {
        return cross_entropy(context.stream, matrix<decltype(t)>(logits, stride), pointer<const int>(targets), rows,
                             vocab, withGradient, gradScale, zLoss, losses);
    });
    if (!status) status = sum_to_double(context.stream, losses, rows, total);
    double host = 0;
    if (!status) status = context.download(total, sizeof host, [&](const char* piece, size_t bytes, size_t) {
            std::memcpy(&host, piece, bytes);
        });
    if (!status) env->SetDoubleArrayRegion(sum, 0, 1, &host);
    return status;
}

NATIVE(jint, adamTensorBytes)(JNIEnv*, jclass) { return sizeof(AdamTensor); }

NATIVE(jint, adamw)(JNIEnv*, jclass, jlong handle, jlong tensors, jlong pieceTensor, jlong pieceStart, jint pieces) {
    return adamw(context_of(handle).stream, pointer<const AdamTensor>(tensors), pointer<const int>(pieceTensor),
                 pointer<const int64_t>(pieceStart), pieces);
}

NATIVE(jint, zeroGradients)(JNIEnv*, jclass, jlong handle, jlong tensors, jlong pieceTensor, jlong pieceStart,
                            jint pieces) {
    return zero_gradients(context_of(handle).stream, pointer<const AdamTensor>(tensors), pointer<const int>(pieceTensor),
                          pointer<const int64_t>(pieceStart), pieces);
}

// Waits, and leaves the sum of the squares of all gradients in `sum`.
NATIVE(jint, squares)(JNIEnv* env, jclass, jlong handle, jlong tensors, jlong pieceTensor, jlong pieceStart, jint pieces,
                      jdoubleArray sum) {
    Context& context = context_of(handle);
    void* workspace;
    if (cudaError_t status = context.scratch((pieces + 1) * sizeof(double), &workspace)) return status;
    double* sums = static_cast<double*>(workspace);
    cudaError_t status = squares(context.stream, pointer<const AdamTensor>(tensors), pointer<const int>(pieceTensor),
                                 pointer<const int64_t>(pieceStart), pieces, sums + 1);
    if (!status) status = total(context.stream, sums + 1, pieces, sums);
    double host = 0;
    if (!status) status = context.download(sums, sizeof host, [&](const char* piece, size_t bytes, size_t) {
            std::memcpy(&host, piece, bytes);
        });
    if (!status) env->SetDoubleArrayRegion(sum, 0, 1, &host);
    return status;
}
