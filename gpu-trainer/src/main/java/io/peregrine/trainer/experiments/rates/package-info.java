/**
 * Effective learning rate and effective weight decay as two controls that act apart: a grid over both, the norms that
 * parameters come to, and the same in a model of nothing but noise.
 *
 * <p>Read {@link io.peregrine.trainer.experiments.rates.NoiseModel} for what is expected, {@link
 * io.peregrine.trainer.experiments.rates.NormFit} for how a grid is held against it, {@link
 * io.peregrine.trainer.experiments.rates.RatesCommand} for the command. The arms are those of {@code experiments.arms}.
 */
package io.peregrine.trainer.experiments.rates;
