package io.peregrine.trainer.train;

import java.util.Locale;

/**
 * A spike of the training loss.
 *
 * @param step at which it was one; not done if the loss is not finite
 * @param firstStep first of the high losses in a row
 * @param tokensBefore tokens trained on before that step
 * @param loss of {@code step}, nats per token
 * @param median of the losses before
 * @param deviations how many robust standard deviations the loss is above the median; infinite if loss or gradient is not
 *     finite
 * @param position first position of the plan that has not been read
 */
public record Spike(
        long step, long firstStep, long tokensBefore, double loss, double median, double deviations, long position) {

    /** In words, for people. */
    String said() {
        if (Double.isInfinite(deviations)) {
            return "step %,d: loss or gradient is not finite".formatted(step);
        }
        return String.format(
                Locale.ROOT,
                "step %,d: loss %.3f is %.1f robust deviations above the median %.3f, since step %,d",
                step,
                loss,
                deviations,
                median,
                firstStep);
    }
}
