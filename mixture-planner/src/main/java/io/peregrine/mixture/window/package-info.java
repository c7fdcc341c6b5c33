/**
 * The memorization window: how many tokens of training it takes until a model that saw a sequence once does no better on it
 * than on one that it never saw. Here is what needs no model: which sequences to measure, and what their losses say.
 *
 * <p>Before: {@code mixture.order}, from which it follows when a sequence was trained on. After: {@code
 * trainer.experiments.window}, which measures the losses and writes the report; {@code mixture.plan}, which keeps repeats a
 * window apart.
 *
 * <p>Reading order. Selection: {@link io.peregrine.mixture.window.TrainedSteps} (ages), {@link
 * io.peregrine.mixture.window.AgeBins}, {@link io.peregrine.mixture.window.SequenceSampler}. Estimation: {@link
 * io.peregrine.mixture.window.RetentionSample} (losses, paired), {@link io.peregrine.mixture.window.GapEstimator} (the
 * retention gap by age, with intervals), {@link io.peregrine.mixture.window.GapCurve}, {@link
 * io.peregrine.mixture.window.Balance} (whether the controls are any). From the curve follow, each by itself:
 * {@link io.peregrine.mixture.window.KernelFit} and {@link io.peregrine.mixture.window.FittedWindow}, {@link
 * io.peregrine.mixture.window.Certificate}, {@link io.peregrine.mixture.window.ChangePoint}, {@link
 * io.peregrine.mixture.window.Equivalence}. {@link io.peregrine.mixture.window.WindowPrediction} is what the optimizer alone
 * would predict; {@link io.peregrine.mixture.window.WindowCaps} is what a run file takes.
 *
 * <p>The retention gap of a sequence {@code x} of age {@code a} at checkpoint {@code T}, with {@code T0} a checkpoint before it
 * was trained on and controls {@code c} of the same stream and length that were never trained on (difference in differences;
 * Lesci et al., arXiv:2406.04327):
 *
 * <pre>
 * G(a; T) = mean over x [l(T0, x) - l(T, x)]  -  mean over c [l(T0, c) - l(T, c)]      nats per token
 * W(eps)  = the least age from which on G is at most eps
 * </pre>
 *
 * <p>Everything here is floating point and decides nothing: a window becomes part of a plan when a person writes it into a run
 * file. Whatever cannot be told from the data is a case of a sealed type that says so, never a number.
 */
package io.peregrine.mixture.window;
