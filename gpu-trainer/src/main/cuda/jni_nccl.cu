// The Java side of NCCL: io.peregrine.trainer.cuda.NativeNccl. A call returns 0 or NCCL's status and waits neither for the
// device nor for other ranks; what cannot be opened is a CudaException.
#include <cstring>
#include <stdexcept>

#include "jni.cuh"
#include "nccl.cuh"

using namespace peregrine;

#define NATIVE(type, name) extern "C" JNIEXPORT type JNICALL Java_io_peregrine_trainer_cuda_NativeNccl_##name

namespace {

constexpr int kInvalidArgument = 4;

// Open by then.
const Nccl& nccl() { return Nccl::open(""); }

}  // namespace

NATIVE(jint, open)(JNIEnv* env, jclass, jstring path) {
    try {
        return Nccl::open(string_of(env, path)).version();
    } catch (const std::exception& e) {
        env->ThrowNew(env->FindClass("io/peregrine/trainer/cuda/CudaException"), e.what());
        return 0;
    }
}

NATIVE(jstring, file)(JNIEnv* env, jclass) { return env->NewStringUTF(nccl().file().c_str()); }

NATIVE(jint, makeId)(JNIEnv* env, jclass, jbyteArray id) {
    NcclId made;
    if (env->GetArrayLength(id) != static_cast<jsize>(made.size())) return kInvalidArgument;
    int status = nccl().make_id(made);
    env->SetByteArrayRegion(id, 0, made.size(), reinterpret_cast<const jbyte*>(made.data()));
    return status;
}

NATIVE(jint, join)(JNIEnv* env, jclass, jbyteArray id, jint rank, jint size, jlongArray group) {
    NcclId of;
    env->GetByteArrayRegion(id, 0, of.size(), reinterpret_cast<jbyte*>(of.data()));
    void* joined = nullptr;
    int status = nccl().join(of, rank, size, &joined);
    jlong address = reinterpret_cast<jlong>(joined);
    env->SetLongArrayRegion(group, 0, 1, &address);
    return status;
}

NATIVE(jint, state)(JNIEnv*, jclass, jlong group) { return nccl().state(pointer<void>(group)); }

NATIVE(jint, sum)(JNIEnv*, jclass, jlong handle, jlong group, jint kind, jlong numbers, jlong count) {
    return nccl().sum(pointer<void>(group), context_of(handle).stream, static_cast<Kind>(kind), pointer<void>(numbers),
                      count);
}

NATIVE(jint, broadcast)(JNIEnv*, jclass, jlong handle, jlong group, jint kind, jlong numbers, jlong count, jint root) {
    return nccl().broadcast(pointer<void>(group), context_of(handle).stream, static_cast<Kind>(kind),
                            pointer<void>(numbers), count, root);
}

// In progress as long as the group or what is behind it on the device's stream is. A fault of the device is not told here.
NATIVE(jint, progress)(JNIEnv*, jclass, jlong handle, jlong group) {
    int state = nccl().state(pointer<void>(group));
    if (state) return state;
    return cudaStreamQuery(context_of(handle).stream) == cudaErrorNotReady ? Nccl::kInProgress : 0;
}

NATIVE(jint, finalize)(JNIEnv*, jclass, jlong group) { return nccl().finalize(pointer<void>(group)); }

NATIVE(jint, destroy)(JNIEnv*, jclass, jlong group) { return nccl().destroy(pointer<void>(group)); }

NATIVE(jint, abort)(JNIEnv*, jclass, jlong group) { return nccl().abort(pointer<void>(group)); }

NATIVE(jstring, errorText)(JNIEnv* env, jclass, jint status) {
    return env->NewStringUTF(nccl().error_text(status).c_str());
}
