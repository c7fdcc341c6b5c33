// The Java side of decoding: io.peregrine.trainer.cuda.NativeDecode. As in jni.cu, a call returns 0 or a cudaError and does
// not wait for the device.
#include "decode.cuh"
#include "jni.cuh"

#include <iterator>
#include <vector>

using namespace peregrine;

#define NATIVE(type, name) extern "C" JNIEXPORT type JNICALL Java_io_peregrine_trainer_cuda_NativeDecode_##name

namespace {

constexpr int kMostProducts = 2;

// Several products side by side: `fields` numbers of each in one array, its scale in another.
struct Products {
    int count;
    jlong fields[kMostProducts * 8];
    jfloat scales[kMostProducts];
};

bool take(JNIEnv* env, jlongArray fields, int perProduct, jfloatArray scales, Products& to) {
    to.count = env->GetArrayLength(scales);
    if (to.count > kMostProducts || env->GetArrayLength(fields) != to.count * perProduct) return false;
    env->GetLongArrayRegion(fields, 0, to.count * perProduct, to.fields);
    env->GetFloatArrayRegion(scales, 0, to.count, to.scales);
    return true;
}

// Numbers and addresses as NativeDecode.java lists them.
template <int kCount>
struct Fields {
    jlong f[kCount];

    bool take(JNIEnv* env, jlongArray fields) {
        if (env->GetArrayLength(fields) != kCount) return false;
        env->GetLongArrayRegion(fields, 0, kCount, f);
        return true;
    }
    int number(int i) const { return static_cast<int>(f[i]); }
};

struct MixerFields : Fields<21> {
    jfloat scales[4];

    bool take(JNIEnv* env, jlongArray fields, jfloatArray taken) {
        if (env->GetArrayLength(taken) != std::size(scales)) return false;
        env->GetFloatArrayRegion(taken, 0, std::size(scales), scales);
        return Fields::take(env, fields);
    }

    template <typename T>
    DecodeMixer<T> as() const {
        DecodeMixerShape shape{number(0), number(1), number(2), number(3), number(4), number(5), number(6)};
        DecodeMixerParameters with{pointer<const float>(f[7]),  pointer<const float>(f[8]),  pointer<const float>(f[9]),
                                   scales[0],                   pointer<const float>(f[10]), scales[1],
                                   scales[2],                   pointer<const float>(f[11]), pointer<const float>(f[12]),
                                   scales[3]};
        return {shape, with, pointer<const T>(f[13]), f[14], pointer<const int>(f[15]), pointer<T>(f[16]),
                pointer<float>(f[17]), f[18] != 0, pointer<T>(f[19]), f[20]};
    }
};

struct AttentionFields : Fields<15> {
    jfloat keyScale;

    bool take(JNIEnv* env, jlongArray fields, jfloat scale) {
        keyScale = scale;
        return Fields::take(env, fields);
    }

    template <typename T>
    DecodeAttention<T> as() const {
        return {{number(0), number(1), number(2), number(3), number(4)}, pointer<const T>(f[5]), f[6],
                pointer<const float2>(f[7]), keyScale, pointer<const int>(f[8]), pointer<T>(f[9]), pointer<T>(f[10]),
                pointer<float>(f[11]), pointer<int>(f[12]), pointer<T>(f[13]), f[14]};
    }
};

}  // namespace

NATIVE(jboolean, productFits)(JNIEnv*, jclass, jlong data, jlong stride, jint columns) {
    return decode_product_fits(pointer<const void>(data), stride, columns);
}

// products: weight, rows, columns, y, yStride, exact of each.
NATIVE(jint, normed)(JNIEnv* env, jclass, jlong handle, jint batch, jlong h, jlong hStride, jlong gain, jfloat epsilon,
                     jlongArray products, jfloatArray scales) {
    constexpr int kFields = 6;
    Products taken;
    if (!take(env, products, kFields, scales, taken)) return cudaErrorInvalidValue;
    DecodeProduct list[kMostProducts];
    for (int i = 0; i < taken.count; i++) {
        const jlong* f = taken.fields + i * kFields;
        list[i] = {pointer<const bf16>(f[0]), static_cast<int>(f[1]), static_cast<int>(f[2]), taken.scales[i],
                   pointer<void>(f[3]), f[4], f[5] != 0};
    }
    return decode_normed(context_of(handle).stream, batch, pointer<const bf16>(h), hStride, pointer<const float>(gain),
                         epsilon, list, taken.count);
}

NATIVE(jint, gated)(JNIEnv*, jclass, jlong handle, jint batch, jlong h, jlong hStride, jlong gain, jfloat epsilon,
                    jlong weight, jint width, jint hidden, jfloat gateScale, jlong out, jlong outStride) {
    return decode_gated(context_of(handle).stream, batch, pointer<const bf16>(h), hStride, pointer<const float>(gain),
                        epsilon, pointer<const bf16>(weight), width, hidden, gateScale, pointer<bf16>(out), outStride);
}

// terms: x, xStride, weight, columns of each.
NATIVE(jint, add)(JNIEnv* env, jclass, jlong handle, jint batch, jlongArray terms, jfloatArray scales, jlong h,
                  jlong hStride, jint hidden) {
    constexpr int kFields = 4;
    Products taken;
    if (!take(env, terms, kFields, scales, taken)) return cudaErrorInvalidValue;
    DecodeTerm list[kMostProducts];
    for (int i = 0; i < taken.count; i++) {
        const jlong* f = taken.fields + i * kFields;
        list[i] = {pointer<const bf16>(f[0]), f[1], pointer<const bf16>(f[2]), static_cast<int>(f[3]), taken.scales[i]};
    }
    return decode_add(context_of(handle).stream, batch, list, taken.count, pointer<bf16>(h), hStride, hidden);
}

NATIVE(jint, mixer)(JNIEnv* env, jclass, jlong handle, jint kind, jlongArray mixer, jfloatArray mixerScales) {
    MixerFields m;
    if (!m.take(env, mixer, mixerScales)) return cudaErrorInvalidValue;
    return with_kind(kind, [&](auto t) { return decode_mixer(context_of(handle).stream, m.as<decltype(t)>()); });
}

NATIVE(jint, attention)(JNIEnv* env, jclass, jlong handle, jint kind, jlongArray attention, jfloat keyScale) {
    AttentionFields a;
    if (!a.take(env, attention, keyScale)) return cudaErrorInvalidValue;
    return with_kind(kind, [&](auto t) { return decode_attention(context_of(handle).stream, a.as<decltype(t)>()); });
}

NATIVE(jint, mix)(JNIEnv* env, jclass, jlong handle, jint kind, jlongArray mixer, jfloatArray mixerScales,
                  jlongArray attention, jfloat keyScale) {
    MixerFields m;
    AttentionFields a;
    if (!m.take(env, mixer, mixerScales) || !a.take(env, attention, keyScale)) return cudaErrorInvalidValue;
    return with_kind(kind, [&](auto t) {
        return decode_mix(context_of(handle).stream, m.as<decltype(t)>(), a.as<decltype(t)>());
    });
}

// As NativeDecode.java lists them.
static DecodeFlowShape flow_shape(JNIEnv* env, jintArray numbers, jfloat epsilon) {
    constexpr int kCount = 13;
    jint n[kCount]{};
    if (env->GetArrayLength(numbers) == kCount) env->GetIntArrayRegion(numbers, 0, kCount, n);
    return {n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], epsilon};
}

NATIVE(jint, flowTokens)(JNIEnv*, jclass) { return kFlowTokens; }

NATIVE(jboolean, flowFits)(JNIEnv* env, jclass, jlong handle, jintArray shape) {
    if (context_of(handle).enter()) return false;
    return decode_flow_fits(flow_shape(env, shape, 0));
}

NATIVE(jlong, flowBytes)(JNIEnv* env, jclass, jlong handle, jintArray shape) {
    if (context_of(handle).enter()) return 0;
    return decode_flow_bytes(flow_shape(env, shape, 0));
}

NATIVE(jint, flowPrepare)(JNIEnv* env, jclass, jlong handle, jintArray shape, jlong memory) {
    return decode_flow_prepare(context_of(handle).stream, flow_shape(env, shape, 0), pointer<void>(memory));
}

// addresses: kAddresses of each layer, numbers: kNumbers of each.
NATIVE(jint, flow)(JNIEnv* env, jclass, jlong handle, jintArray shapeNumbers, jfloat epsilon, jlongArray addresses,
                   jfloatArray numbers, jlongArray endFields, jfloat embeddingScale, jfloat headScale, jint tokens,
                   jlong angles, jlong memory) {
    constexpr int kAddresses = 18, kNumbers = 11;
    DecodeFlowShape shape = flow_shape(env, shapeNumbers, epsilon);
    if (env->GetArrayLength(addresses) != shape.layers * kAddresses ||
        env->GetArrayLength(numbers) != shape.layers * kNumbers) {
        return cudaErrorInvalidValue;
    }
    std::vector<DecodeLayer> layers(shape.layers);
    for (int l = 0; l < shape.layers; l++) {
        jlong f[kAddresses];
        jfloat n[kNumbers];
        env->GetLongArrayRegion(addresses, l * kAddresses, kAddresses, f);
        env->GetFloatArrayRegion(numbers, l * kNumbers, kNumbers, n);
        layers[l] = {pointer<const float>(f[0]),
                     pointer<const bf16>(f[1]),
                     pointer<const bf16>(f[2]),
                     {pointer<const float>(f[3]), pointer<const float>(f[4]), pointer<const float>(f[5]), n[0],
                      pointer<const float>(f[6]), n[1], n[2], pointer<const float>(f[7]), pointer<const float>(f[8]), n[3]},
                     pointer<bf16>(f[9]),
                     pointer<float>(f[10]),
                     pointer<bf16>(f[11]),
                     pointer<bf16>(f[12]),
                     pointer<const bf16>(f[13]),
                     pointer<const bf16>(f[14]),
                     pointer<const float>(f[15]),
                     pointer<const bf16>(f[16]),
                     pointer<const bf16>(f[17]),
                     n[4], n[5], n[6], n[7], n[8], n[9], n[10]};
    }
    constexpr int kEnds = 9;
    if (env->GetArrayLength(endFields) != kEnds) return cudaErrorInvalidValue;
    jlong e[kEnds];
    env->GetLongArrayRegion(endFields, 0, kEnds, e);
    DecodeEnds ends = {pointer<const float>(e[0]), embeddingScale, pointer<int>(e[1]), pointer<int>(e[2]), pointer<int>(e[3]),
                       pointer<const float>(e[4]), pointer<const bf16>(e[5]), headScale, static_cast<int>(e[6]),
                       static_cast<int>(e[7]), pointer<float>(e[8])};
    return decode_flow(context_of(handle).stream, shape, layers.data(), ends, tokens, pointer<const float2>(angles),
                       pointer<void>(memory));
}

NATIVE(jint, fillWindow)(JNIEnv*, jclass, jlong handle, jint kind, jlong x, jlong xStride, jlong rows, jint channels,
                         jint taps, jlong scale, jlong window) {
    cudaStream_t stream = context_of(handle).stream;
    return with_kind(kind, [&](auto t) {
        using T = decltype(t);
        return decode_fill_window<T>(stream, pointer<const T>(x), xStride, rows, channels, taps,
                                     pointer<const float>(scale), pointer<T>(window));
    });
}

NATIVE(jlong, attentionPartialBytes)(JNIEnv*, jclass, jint batch, jint numHeads, jint numKeyValueHeads, jint headDim,
                                     jint capacity) {
    return decode_attention_partial_bytes({batch, numHeads, numKeyValueHeads, headDim, capacity});
}

NATIVE(jlong, attentionCounters)(JNIEnv*, jclass, jint batch, jint numHeads, jint numKeyValueHeads, jint headDim,
                                 jint capacity) {
    return decode_attention_counters({batch, numHeads, numKeyValueHeads, headDim, capacity});
}

NATIVE(jint, next)(JNIEnv*, jclass, jlong handle, jint batch, jlong scores, jlong stride, jint vocab, jlong ids,
                   jlong chosen, jlong positions, jint capacity) {
    return decode_next(context_of(handle).stream, batch, pointer<const float>(scores), stride, vocab, pointer<int>(ids),
                       pointer<int>(chosen), pointer<int>(positions), capacity);
}

// Recording ----------------------------------------------------------------------------------------------------------

NATIVE(jint, beginGraph)(JNIEnv*, jclass, jlong handle) { return context_of(handle).begin_graph(); }

// The graph of what was asked for since, or minus the status.
NATIVE(jlong, endGraph)(JNIEnv*, jclass, jlong handle) {
    cudaGraphExec_t graph = nullptr;
    cudaError_t status = context_of(handle).end_graph(&graph);
    return status ? -static_cast<jlong>(status) : reinterpret_cast<jlong>(graph);
}

NATIVE(jint, launchGraph)(JNIEnv*, jclass, jlong handle, jlong graph) {
    return context_of(handle).launch(pointer<CUgraphExec_st>(graph));
}

NATIVE(jint, releaseGraph)(JNIEnv*, jclass, jlong graph) { return cudaGraphExecDestroy(pointer<CUgraphExec_st>(graph)); }
