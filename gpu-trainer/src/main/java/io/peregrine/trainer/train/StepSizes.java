package io.peregrine.trainer.train;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.LayerObserver;

/**
 * The step sizes dt that a model's scans take on a batch, over all layers and heads.
 *
 * @param mean of all
 * @param largest of all
 */
record StepSizes(double mean, double largest) {

    /** Costs a pass forward. */
    static StepSizes of(FalconH1Model model, TokenBatch batch) {
        Sums sums = new Sums();
        model.observe(batch, (name, activation) -> {
            if (name.endsWith("." + LayerObserver.STEP_SIZES)) {
                sums.add(activation.get().toFloats());
            }
        });
        return new StepSizes(sums.sum / sums.count, sums.largest);
    }

    private static final class Sums {
        private double sum;
        private long count;
        private double largest;

        void add(float[] values) {
            for (float value : values) {
                sum += value;
                largest = Math.max(largest, value); // not a number stays not a number
            }
            count += values.length;
        }
    }
}
