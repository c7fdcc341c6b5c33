/**
 * Commands about a model's shape, before there is a model: {@code ./peregrine model}. The rules are in {@code trainer.model};
 * {@code train.MemoryPlan} and {@code train.ModelFlops} count.
 */
package io.peregrine.trainer.model.cli;
