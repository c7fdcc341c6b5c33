/**
 * From the mixture plan and the Delta shards to batches of tokens, the same on every machine and after every resume.
 *
 * <p>Before: {@code io.peregrine.mixture} (plan, order, shards). After: {@code trainer.train}, and {@code trainer.export}
 * for other trainers. The loader has no state
 * but a position in the plan: which sequences follow from a position is arithmetic, and reading ahead changes nothing.
 * Tables are read at the versions the plan names, through Delta Kernel; there is no Spark here.
 *
 * <p>Read {@link io.peregrine.trainer.loader.TokenBatch}, then {@code TokenBatches}, then
 * {@link io.peregrine.trainer.loader.ShardTable}.
 */
package io.peregrine.trainer.loader;
