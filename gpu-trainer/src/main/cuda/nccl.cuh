// Sums and copies over the devices of several processes by NCCL, which is opened at run time: neither its header nor the
// library are needed to build, and one device alone does not need it to run.
#pragma once

#include <array>
#include <string>

#include "matmul.cuh"

namespace peregrine {

// What the ranks of a group agree on; rank 0 makes it and tells the others.
using NcclId = std::array<char, 128>;

class Nccl {
public:
    // Opens libnccl once per process: `path` if not empty, else by the loader's own search, else in the usual folders.
    // Throws std::runtime_error naming what was tried.
    static const Nccl& open(const std::string& path);

    // As ncclGetVersion counts: 22803 is 2.28.3.
    int version() const { return number; }
    std::string file() const { return path; }

    // All return 0 or NCCL's status, and wait for nobody: where others have to do something first they return kInProgress, and
    // the group is to be asked for its state until that is another one.
    static constexpr int kInProgress = 7;
    int make_id(NcclId& id) const;
    // In progress until every rank of `size` has called it. Uses the calling thread's device.
    int join(const NcclId& id, int rank, int size, void** group) const;
    int state(void* group) const;
    // Calls of a group on one stream happen in their order. In progress: not on the stream yet.
    int sum(void* group, cudaStream_t stream, Kind kind, void* numbers, size_t count) const;  // in place
    int broadcast(void* group, cudaStream_t stream, Kind kind, void* numbers, size_t count, int root) const;
    // In progress until the group's work is done; then it may be destroyed.
    int finalize(void* group) const;
    int destroy(void* group) const;
    // Gives up what is under way, on the device too, and the group with it: what remains after an error.
    int abort(void* group) const;

    // What the status is called, and what NCCL said last in this process, which outlives the error.
    std::string error_text(int status) const;

private:
    explicit Nccl(const std::string& path);

    int (*getVersion)(int*);
    int (*getUniqueId)(NcclId*);
    int (*commInitRankConfig)(void**, int, NcclId, int, void*);  // the id by value, as NCCL's struct of 128 characters is
    int (*commGetAsyncError)(void*, int*);
    int (*allReduce)(const void*, void*, size_t, int, int, void*, cudaStream_t);
    int (*broadcastNumbers)(const void*, void*, size_t, int, int, void*, cudaStream_t);
    int (*commFinalize)(void*);
    int (*commDestroy)(void*);
    int (*commAbort)(void*);
    const char* (*getErrorString)(int);
    const char* (*getLastError)(void*);
    int number = 0;
    std::string path;
};

}  // namespace peregrine
