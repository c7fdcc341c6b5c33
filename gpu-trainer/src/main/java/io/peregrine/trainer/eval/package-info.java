/**
 * How good a model is on sequences it was not trained on: nats per token, and bits per byte of text, which models with
 * other tokenizers can be held against.
 *
 * <p>Before: {@code trainer.loader} (what is held out), {@code trainer.model}. After: {@code trainer.train} measures now
 * and then. Read {@link io.peregrine.trainer.eval.ValidationLoss}.
 */
package io.peregrine.trainer.eval;
