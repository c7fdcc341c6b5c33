// The mixer's step and attention's in one kernel, side by side: by themselves each leaves most of the card idle for a few
// sequences. Clusters of both take turns, so that the one waits while the other streams states.
#include "decode_attention.cuh"
#include "decode_mixer.cuh"
#include "shared_memory.cuh"

namespace peregrine {
namespace {

static_assert(kMixThreads == kAttendThreads);

// kBlocks: on a multiprocessor at once. Many sequences want many, few want registers.
template <int kDim, int kPieces, int kBlocks>
__global__ void __launch_bounds__(kMixThreads, kBlocks)
    mix_kernel(const __grid_constant__ DecodeMixer<bf16> mixer, const __grid_constant__ AttentionStep<bf16> attention,
               int attentionClusters) {
    extern __shared__ float4 shared[];
    chain_begin();
    int cluster = blockIdx.x / kCluster, mixerClusters = gridDim.x / kCluster - attentionClusters;
    int pairs = min(attentionClusters, mixerClusters), of = cluster < 2 * pairs ? cluster / 2 : cluster - pairs;
    bool attends = cluster < 2 * pairs ? cluster % 2 == 0 : attentionClusters > mixerClusters;
    int block = of * kCluster + blockIdx.x % kCluster;
    if (attends) {
        int keyHeads = attention.shape.numKeyValueHeads, head = block / attention.splits;
        attend<kDim>(attention, block % attention.splits, head % keyHeads, head / keyHeads, shared);
        return;
    }
    int parts = ceil_div(mixer.shape.dHead, kMixOwn), heads = mixer.shape.nHeads, head = block / parts;
    if (head >= heads * mixer.shape.batch) return;  // rounded up to whole clusters
    mix_channels<bf16, 4, kPieces>(mixer, block % parts, head % heads, head / heads, reinterpret_cast<float*>(shared));
}

template <int kDim, int kPieces, int kBlocks = 2>
cudaError_t launch(cudaStream_t stream, const DecodeMixer<bf16>& mixer, const DecodeAttention<bf16>& attention) {
    AttentionStep<bf16> step = attention_step(attention);
    int attentionClusters = step.splits / kCluster * step.shape.numKeyValueHeads * step.shape.batch;
    int mixerBlocks = ceil_div(mixer.shape.dHead, kMixOwn) * mixer.shape.nHeads * mixer.shape.batch;
    size_t shared = max(attention_shared_bytes<kDim>(step.shape), mixer_shared_bytes(mixer.shape));
    if (cudaError_t status = allow_shared_memory<mix_kernel<kDim, kPieces, kBlocks>>(shared)) return status;
    dim3 grid((attentionClusters + ceil_div(mixerBlocks, kCluster)) * kCluster);
    return launch_chained(stream, mix_kernel<kDim, kPieces, kBlocks>, grid, dim3(kMixThreads), shared, kCluster, mixer, step,
                          attentionClusters);
}

template <typename T>
cudaError_t one_by_one(cudaStream_t stream, const DecodeMixer<T>& mixer, const DecodeAttention<T>& attention) {
    if (cudaError_t status = decode_mixer(stream, mixer)) return status;
    return decode_attention(stream, attention);
}

}  // namespace

template <>
cudaError_t decode_mix<float>(cudaStream_t stream, const DecodeMixer<float>& mixer,
                              const DecodeAttention<float>& attention) {
    return one_by_one(stream, mixer, attention);
}

template <>
cudaError_t decode_mix<bf16>(cudaStream_t stream, const DecodeMixer<bf16>& mixer,
                             const DecodeAttention<bf16>& attention) {
    int pieces = mixer_pieces(mixer);
    if (!attention_fits(attention) || pieces < 1 || pieces > 2) return one_by_one(stream, mixer, attention);
    if (attention.shape.headDim == 128) {
        return pieces == 1 ? launch<128, 1>(stream, mixer, attention) : launch<128, 2>(stream, mixer, attention);
    }
    if (pieces == 2) return launch<64, 2>(stream, mixer, attention);
    return mixer.shape.batch > 6 ? launch<64, 1, 3>(stream, mixer, attention) : launch<64, 1>(stream, mixer, attention);
}

}  // namespace peregrine
