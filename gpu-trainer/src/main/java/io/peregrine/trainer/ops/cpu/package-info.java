/**
 * The operations, fast, on the CPU in float32.
 *
 * <p>Every matrix product is OpenBLAS's, on one thread each; what runs in parallel are tiles of our own, whose sizes
 * depend on the shapes and never on the number of threads. Sums over tiles run in tile order. So results are the same bit
 * for bit whatever the number of threads, on one kind of processor. The scan is evaluated in chunks and attention in
 * blocks of queries, both as matrix products.
 *
 * <p>Tensors lie outside the Java heap, where OpenBLAS works on them in place (measured on two cores at 2048 x 1024 x 256:
 * 150 GFLOP/s per core against 118 with arrays, which are copied for each call). Loops copy rows into arrays and back,
 * because the compiler makes vector instructions of loops over arrays only (measured: 0.18 ns per number with the copies,
 * 0.31 over direct buffers).
 *
 * <p>Read {@link io.peregrine.trainer.ops.cpu.CpuOps}, {@link io.peregrine.trainer.ops.cpu.Workers}, {@link
 * io.peregrine.trainer.ops.cpu.Blas}; then any family beside its twin in {@code ops.reference}.
 */
package io.peregrine.trainer.ops.cpu;
