/**
 * Does it matter when a model sees what is hard? The same sequences in three orders.
 *
 * <p>Read {@link io.peregrine.trainer.experiments.curriculum.SourceOrder} for the orders. The arms are those of {@code
 * experiments.arms}.
 */
package io.peregrine.trainer.experiments.curriculum;
