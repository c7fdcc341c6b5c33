package io.peregrine.trainer.train;

/**
 * What one optimizer step was.
 *
 * @param step number of the step, from 1
 * @param tokens tokens trained on so far, padding left out
 * @param loss mean over the step's predictions, nats per token
 * @param learningRate peak rate times the schedule's factor
 * @param gradientNorm global norm before clipping
 * @param tokensPerSecond tokens of this step per second of wall clock
 * @param gflops floating-point operations of the model per second of wall clock, in 10^9
 */
public record StepReport(
        long step,
        long tokens,
        double loss,
        double learningRate,
        double gradientNorm,
        double tokensPerSecond,
        double gflops) {}
