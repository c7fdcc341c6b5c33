/**
 * The command {@code experiment}, and below it experiments on training.
 *
 * <p>{@code arms} trains what differs in one thing and compares it: the engine. {@code rates} (effective learning rate and
 * weight decay), {@code curriculum} and {@code reuse} say which arms there are and what is to be seen in them; {@code
 * compare} takes its arms from a file. Before: {@code trainer.train}. After: nothing but {@code cli}.
 */
package io.peregrine.trainer.experiments;
