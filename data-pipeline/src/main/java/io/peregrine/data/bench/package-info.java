/**
 * Measurements of this module's rules on one machine: the commands behind {@code BENCHMARKS.md}.
 *
 * <p>Each command stands by itself, reads documents or makes them up, prints what it did and how long it took, and never
 * writes to a run. No Spark here: whole stages are measured in {@code jobs.bench}, which makes its documents with what is
 * here; nothing else but the command line depends on this package. Begin with {@link
 * io.peregrine.data.bench.MinHashBenchCommand}.
 */
package io.peregrine.data.bench;
