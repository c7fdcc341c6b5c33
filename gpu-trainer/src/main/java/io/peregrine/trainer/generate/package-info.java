/**
 * Text from a checkpoint, token by token.
 *
 * <p>Before: {@code trainer.checkpoint} and {@code trainer.model}, whose decode state holds keys and values, convolution
 * taps and scan states. Read {@link io.peregrine.trainer.generate.Sampling}, a pure function from logits to a token, then
 * {@link io.peregrine.trainer.generate.GenerationLoop}, which continues texts side by side, and its users: {@link
 * io.peregrine.trainer.generate.Generator} for {@link io.peregrine.trainer.generate.GenerateCommand}, and {@code
 * trainer.serve}.
 */
package io.peregrine.trainer.generate;
