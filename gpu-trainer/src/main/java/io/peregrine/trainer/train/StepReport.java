package io.peregrine.trainer.train;

/**
 * What one optimizer step was.
 *
 * @param step number of the step, from 1
 * @param tokens tokens trained on so far, padding left out
 * @param sequences of the step
 * @param loss mean over the step's predictions, nats per token
 * @param learningRate peak rate times the schedule's factor
 * @param weightDecay of matrices, likewise
 * @param gradientNorm global norm before clipping
 * @param parameterNorm global norm of the parameters before the step
 * @param tokensPerSecond tokens of this step per second of wall clock since the step before, without what was measured and
 *     saved in between; see {@link StepClock}
 * @param loaderWaitSeconds for which the step waited for its batch, of these
 * @param gflops floating-point operations of the model per second of the same, in 10^9; see {@link ModelFlops}
 * @param mfu the share of that in what the device's datasheet promises; null where that is not known
 * @param memoryBytes the device's memory in tensors; null where there is none of its own
 * @param memoryMostBytes the most of it that was in tensors at once; null likewise
 * @param norms by kind of parameter; null but for every {@code train.norms-every} steps
 */
public record StepReport(
        long step,
        long tokens,
        int sequences,
        double loss,
        double learningRate,
        double weightDecay,
        double gradientNorm,
        double parameterNorm,
        double tokensPerSecond,
        double loaderWaitSeconds,
        double gflops,
        Double mfu,
        Long memoryBytes,
        Long memoryMostBytes,
        Norms norms) {}
