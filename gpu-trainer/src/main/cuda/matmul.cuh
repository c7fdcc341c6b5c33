// Matrix products by cuBLASLt, which is opened at run time: neither its headers nor the library are needed to build.
#pragma once

#include <memory>
#include <string>

#include "elementwise.cuh"

namespace peregrine {

enum class Kind : int { kFloat = 0, kBf16 = 1 };

// Row-major operands: `rows` x `columns` elements as they lie in memory.
struct Operand {
    void* data;
    Kind kind;
    int64_t rows, columns, stride;
};

class Matmul {
public:
    // Opens libcublasLt: `path` if not empty, else by the loader's own search, else in the usual folders. Throws
    // std::runtime_error naming what was tried, or DeviceError.
    explicit Matmul(const std::string& path);
    // Throws as the constructor does where the library is missing or too old. Needs no device.
    static void require_library(const std::string& path);
    ~Matmul();
    Matmul(const Matmul&) = delete;
    Matmul& operator=(const Matmul&) = delete;

    // d = alpha * op(a) op(b) + beta * c, op transposing where asked; c may be d. Sums in float. Returns 0 or a cuBLAS
    // status. The algorithm for a shape is chosen once, by the library's own ranking and not by timing, so that two
    // runs choose alike and agree bit for bit.
    int multiply(cudaStream_t stream, const Operand& a, bool transposeA, const Operand& b, bool transposeB, float alpha,
                 float beta, const Operand& c, const Operand& d);

    // For example 13.1.2.
    std::string version() const;

private:
    struct State;
    std::unique_ptr<State> state;
};

}  // namespace peregrine
