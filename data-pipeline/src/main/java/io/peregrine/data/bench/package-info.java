/**
 * Measurements of this module's rules on one machine: the commands behind {@code BENCHMARKS.md}.
 *
 * <p>Each command stands by itself, reads documents or makes them up, prints what it did and how long it took, and never
 * writes to a run. Nothing depends on this package but the command line. No Spark here. Begin with {@link
 * io.peregrine.data.bench.MinHashBenchCommand}.
 */
package io.peregrine.data.bench;
