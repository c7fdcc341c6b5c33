/**
 * The command {@code experiment}, and below it questions put to a run. Each experiment writes into {@code
 * 95-experiments/NAME} of the run and does nothing twice.
 *
 * <p>{@code arms} trains what differs in one thing and compares it: the engine. {@code rates} (effective learning rate and
 * weight decay), {@code curriculum} and {@code reuse} say which arms there are and what is to be seen in them; {@code
 * compare} takes its arms from a file. {@code window} trains nothing: it asks the checkpoints of a training how long
 * they remember. Before: {@code trainer.train}. After: nothing but {@code cli}.
 */
package io.peregrine.trainer.experiments;
