/**
 * Text from a checkpoint, token by token.
 *
 * <p>Before: {@code trainer.checkpoint} and {@code trainer.model}, whose decode state holds keys and values, convolution
 * taps and scan states. Read {@link io.peregrine.trainer.generate.Sampling}, a pure function from logits to a token, then
 * {@link io.peregrine.trainer.generate.Generator}, then {@link io.peregrine.trainer.generate.GenerateCommand}.
 */
package io.peregrine.trainer.generate;
