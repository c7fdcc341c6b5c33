#include "nccl.cuh"

#include <climits>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "library.cuh"

namespace peregrine {
namespace {

// What is used of nccl.h, whose values are part of the library's binary interface (version 2).
constexpr int kFloat32 = 7, kBfloat16 = 9;
constexpr int kSum = 0;

constexpr int kUnset = INT_MIN;

// ncclConfig_t of version 2.18: later ones take it for that, and set what has come since as they like.
struct Config {
    size_t size = sizeof(Config);
    unsigned magic = 0xcafebeef;
    unsigned version = 21800;
    int blocking = 0;
    int clusterSize = kUnset, leastBlocks = kUnset, mostBlocks = kUnset;
    const char* network = nullptr;
    int splitShare = kUnset;
    int behind = kUnset;
};
static_assert(sizeof(Config) == 48, "no gaps, in which a later version would read something");

int data_type(Kind kind) { return kind == Kind::kBf16 ? kBfloat16 : kFloat32; }

}  // namespace

Nccl::Nccl(const std::string& path) {
    Library library("NCCL", path, {"libnccl.so.2"}, "peregrine.cuda.nccl");
    library.find("ncclGetVersion", getVersion);
    library.find("ncclGetUniqueId", getUniqueId);
    library.find("ncclCommInitRankConfig", commInitRankConfig);
    library.find("ncclCommGetAsyncError", commGetAsyncError);
    library.find("ncclAllReduce", allReduce);
    library.find("ncclBroadcast", broadcastNumbers);
    library.find("ncclCommFinalize", commFinalize);
    library.find("ncclCommDestroy", commDestroy);
    library.find("ncclCommAbort", commAbort);
    library.find("ncclGetErrorString", getErrorString);
    library.find("ncclGetLastError", getLastError);
    this->path = library.file();
    if (int status = getVersion(&number)) {
        throw std::runtime_error("ncclGetVersion failed with status " + std::to_string(status));
    }
}

const Nccl& Nccl::open(const std::string& path) {
    static std::mutex mutex;
    static std::unique_ptr<Nccl> opened;
    std::lock_guard<std::mutex> lock(mutex);
    if (!opened) opened.reset(new Nccl(path));
    return *opened;
}

int Nccl::make_id(NcclId& id) const { return getUniqueId(&id); }

int Nccl::join(const NcclId& id, int rank, int size, void** group) const {
    Config config;
    return commInitRankConfig(group, size, id, rank, &config);
}

int Nccl::state(void* group) const {
    int state = 0;
    int status = commGetAsyncError(group, &state);
    return status ? status : state;
}

int Nccl::sum(void* group, cudaStream_t stream, Kind kind, void* numbers, size_t count) const {
    return allReduce(numbers, numbers, count, data_type(kind), kSum, group, stream);
}

int Nccl::broadcast(void* group, cudaStream_t stream, Kind kind, void* numbers, size_t count, int root) const {
    return broadcastNumbers(numbers, numbers, count, data_type(kind), root, group, stream);
}

int Nccl::finalize(void* group) const { return commFinalize(group); }
int Nccl::destroy(void* group) const { return commDestroy(group); }
int Nccl::abort(void* group) const { return commAbort(group); }

std::string Nccl::error_text(int status) const {
    std::string last = getLastError(nullptr);  // of the process: NCCL keeps none per group
    return getErrorString(status) + (last.empty() ? "" : " (" + last + ")");
}

}  // namespace peregrine
