/**
 * Measured speed, on this machine: what {@code ./peregrine bench} prints.
 *
 * <p>Before: {@code trainer.model}, {@code trainer.ops}. Read {@link io.peregrine.trainer.bench.CpuBenchmark}.
 */
package io.peregrine.trainer.bench;
