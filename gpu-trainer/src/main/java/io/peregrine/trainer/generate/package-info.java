/**
 * Text from a checkpoint, token by token.
 *
 * <p>Before: {@code trainer.checkpoint} and {@code trainer.model}, whose decode state holds keys and values, convolution
 * taps and scan states, so that a token costs the same however long the text before it. Read
 * {@link io.peregrine.trainer.generate.Sampling}, a pure function from logits to a token, then {@code Generator}.
 */
package io.peregrine.trainer.generate;
