#include "matmul.cuh"

#include <library_types.h>

#include <array>
#include <map>
#include <memory>
#include <stdexcept>

#include "library.cuh"
#include "owned.cuh"

namespace peregrine {
namespace {

// What is used of cublasLt.h, whose values are part of the library's binary interface (versions 12 and 13).
using Handle = void*;
using Descriptor = void*;
using Layout = void*;
using Preference = void*;
struct Algorithm {
    uint64_t data[8];
};
struct Heuristic {
    Algorithm algorithm;
    size_t workspaceBytes;
    int state;
    float wavesCount;
    int reserved[4];
};
constexpr int kCompute32F = 68;
constexpr int kTransposeA = 3, kTransposeB = 4;
constexpr int kPreferenceWorkspace = 1;
constexpr int kPreferenceAlignmentA = 5;  // B, C and D follow
constexpr int kNotSupported = 15;

constexpr size_t kWorkspaceBytes = 64 << 20;
constexpr int kOldestMajor = 12;

struct Api {
    // Opens the library. Throws std::runtime_error where it is missing or too old.
    explicit Api(const std::string& path);

    int (*create)(Handle*);
    int (*destroy)(Handle);
    size_t (*version)();
    int (*descriptorCreate)(Descriptor*, int, int);
    int (*descriptorSet)(Descriptor, int, const void*, size_t);
    int (*descriptorDestroy)(Descriptor);
    int (*layoutCreate)(Layout*, int, uint64_t, uint64_t, int64_t);
    int (*layoutDestroy)(Layout);
    int (*preferenceCreate)(Preference*);
    int (*preferenceSet)(Preference, int, const void*, size_t);
    int (*preferenceDestroy)(Preference);
    int (*heuristic)(Handle, Descriptor, Layout, Layout, Layout, Layout, Preference, int, Heuristic*, int*);
    int (*matmul)(Handle, Descriptor, const void*, const void*, Layout, const void*, Layout, const void*, const void*,
                  Layout, void*, Layout, const Algorithm*, void*, size_t, cudaStream_t);
};

Api::Api(const std::string& path) {
    Library library("cuBLASLt", path, {"libcublasLt.so.13", "libcublasLt.so.12"}, "peregrine.cuda.cublaslt");
    library.find("cublasLtCreate", create);
    library.find("cublasLtDestroy", destroy);
    library.find("cublasLtGetVersion", version);
    library.find("cublasLtMatmulDescCreate", descriptorCreate);
    library.find("cublasLtMatmulDescSetAttribute", descriptorSet);
    library.find("cublasLtMatmulDescDestroy", descriptorDestroy);
    library.find("cublasLtMatrixLayoutCreate", layoutCreate);
    library.find("cublasLtMatrixLayoutDestroy", layoutDestroy);
    library.find("cublasLtMatmulPreferenceCreate", preferenceCreate);
    library.find("cublasLtMatmulPreferenceSetAttribute", preferenceSet);
    library.find("cublasLtMatmulPreferenceDestroy", preferenceDestroy);
    library.find("cublasLtMatmulAlgoGetHeuristic", heuristic);
    library.find("cublasLtMatmul", matmul);
    size_t number = version();
    if (number / 10000 < kOldestMajor) {
        library.refuse("is version " + std::to_string(number) + ": must be at least " +
                       std::to_string(kOldestMajor * 10000));
    }
}

// Largest power of two up to 256 that divides an address: what an algorithm may assume of it.
uint32_t alignment_of(const void* p) {
    uintptr_t address = reinterpret_cast<uintptr_t>(p);
    uint32_t alignment = 256;
    while (alignment > 1 && address % alignment != 0) alignment /= 2;
    return alignment;
}

int data_type(Kind kind) { return kind == Kind::kBf16 ? CUDA_R_16BF : CUDA_R_32F; }

}  // namespace

struct Matmul::State {
    // All that an algorithm depends on.
    using Key = std::array<int64_t, 22>;
    struct Plan {
        Descriptor descriptor = nullptr;
        Layout layouts[4] = {};
        Algorithm algorithm = {};
        int status = 0;
    };

    explicit State(const std::string& path) : api(path) {}

    const Api api;
    Handle handle = nullptr;
    DeviceMemory workspace;
    std::map<Key, Plan> plans;

    ~State() {
        for (auto& entry : plans) {
            for (Layout layout : entry.second.layouts) {
                if (layout) api.layoutDestroy(layout);
            }
            if (entry.second.descriptor) api.descriptorDestroy(entry.second.descriptor);
        }
        if (handle) api.destroy(handle);
    }

    Plan make(const Operand* operands[4], bool transposeFirst, bool transposeSecond) {
        Plan plan;
        plan.status = api.descriptorCreate(&plan.descriptor, kCompute32F, CUDA_R_32F);
        int first = transposeFirst, second = transposeSecond;
        if (!plan.status) plan.status = api.descriptorSet(plan.descriptor, kTransposeA, &first, sizeof first);
        if (!plan.status) plan.status = api.descriptorSet(plan.descriptor, kTransposeB, &second, sizeof second);
        Preference preference = nullptr;
        if (!plan.status) plan.status = api.preferenceCreate(&preference);
        if (!plan.status) {
            plan.status = api.preferenceSet(preference, kPreferenceWorkspace, &kWorkspaceBytes, sizeof kWorkspaceBytes);
        }
        for (int i = 0; i < 4 && !plan.status; i++) {
            const Operand& o = *operands[i];
            // the library counts by columns: a row-major matrix is its transpose
            plan.status = api.layoutCreate(&plan.layouts[i], data_type(o.kind), o.columns, o.rows, o.stride);
            uint32_t alignment = alignment_of(o.data);
            if (!plan.status) {
                plan.status = api.preferenceSet(preference, kPreferenceAlignmentA + i, &alignment, sizeof alignment);
            }
        }
        if (!plan.status) {
            Heuristic best;
            int found = 0;
            plan.status = api.heuristic(handle, plan.descriptor, plan.layouts[0], plan.layouts[1], plan.layouts[2],
                                        plan.layouts[3], preference, 1, &best, &found);
            if (!plan.status) plan.status = found == 0 ? kNotSupported : best.state;
            plan.algorithm = best.algorithm;
        }
        if (preference) api.preferenceDestroy(preference);
        return plan;
    }
};

void Matmul::require_library(const std::string& path) { Api{path}; }

Matmul::Matmul(const std::string& path) : state(std::make_unique<State>(path)) {
    if (int status = state->api.create(&state->handle)) {
        throw std::runtime_error("cublasLtCreate failed with status " + std::to_string(status));
    }
    require(cudaMalloc(state->workspace.fresh(), kWorkspaceBytes), "no device memory for cuBLASLt's workspace");
}

Matmul::~Matmul() = default;

std::string Matmul::version() const {
    size_t version = state->api.version();
    return std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
           std::to_string(version % 100);
}

int Matmul::multiply(cudaStream_t stream, const Operand& a, bool transposeA, const Operand& b, bool transposeB,
                     float alpha, float beta, const Operand& c, const Operand& d) {
    if (d.rows == 0 || d.columns == 0) return 0;
    // row-major d = a b is column-major d^T = b^T a^T: the operands change places, and each is already transposed
    const Operand* operands[4] = {&b, &a, &c, &d};
    State::Key key{};
    int at = 0;
    for (const Operand* o : operands) {
        key[at++] = static_cast<int>(o->kind);
        key[at++] = o->rows;
        key[at++] = o->columns;
        key[at++] = o->stride;
        key[at++] = alignment_of(o->data);
    }
    key[at++] = transposeA * 2 + transposeB;
    key[at] = beta != 0;
    auto found = state->plans.find(key);
    if (found == state->plans.end()) found = state->plans.emplace(key, state->make(operands, transposeB, transposeA)).first;
    const State::Plan& plan = found->second;
    if (plan.status) return plan.status;
    return state->api.matmul(state->handle, plan.descriptor, &alpha, b.data, plan.layouts[0], a.data, plan.layouts[1],
                             &beta, c.data, plan.layouts[2], d.data, plan.layouts[3], &plan.algorithm, state->workspace,
                             kWorkspaceBytes, stream);
}

}  // namespace peregrine
