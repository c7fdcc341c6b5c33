package io.peregrine.trainer.experiments.window;

import io.peregrine.mixture.window.EmaKernel;
import io.peregrine.mixture.window.TrainedSteps;
import io.peregrine.mixture.window.WindowPrediction;
import io.peregrine.trainer.optim.EffectiveRates;
import io.peregrine.trainer.train.TrainedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the schedule of a run alone says about forgetting, {@code mixture.window}'s {@link EmaKernel} and prediction. */
final class OptimizerMemory {
    /** A curve of this many points is a curve. */
    private static final int POINTS_MAX = 4096;

    private OptimizerMemory() {}

    /** What weight decay has left, at a checkpoint, of the update of every step; empty if a run has no weight decay. */
    static Optional<EmaKernel> kernel(TrainedRun run, TrainedSteps steps, int atStep, double tokensPerSequence) {
        int stride = 1 + atStep / POINTS_MAX;
        List<Double> ages = new ArrayList<>(List.of(0.0));
        List<Double> logs = new ArrayList<>(List.of(0.0));
        double log = 0;
        for (int step = atStep; step >= 1; step--) {
            if ((atStep - step) % stride == 0 || step == 1) {
                ages.add(steps.ageSequences(step, atStep) * tokensPerSequence);
                logs.add(log);
            }
            Optional<EffectiveRates> rates = run.rates(step);
            if (rates.isEmpty()) {
                return Optional.empty();
            }
            log += Math.log1p(-square(rates.get().elr()));
        }
        return Optional.of(new EmaKernel(ages, logs));
    }

    /** The prediction for a checkpoint, from the steps whose sequences are measured there; empty without weight decay. */
    static Optional<WindowPrediction> prediction(
            TrainedRun run, TrainedSteps steps, int fromStep, int atStep, double tokensPerSequence) {
        double sum = 0;
        for (int step = fromStep; step <= atStep; step++) {
            Optional<EffectiveRates> rates = run.rates(step);
            if (rates.isEmpty()) {
                return Optional.empty();
            }
            sum += square(rates.get().elr());
        }
        int count = atStep - fromStep + 1;
        double batchTokens = steps.ageSequences(fromStep, atStep) * tokensPerSequence / count;
        return Optional.of(new WindowPrediction(batchTokens, sum / count));
    }

    private static double square(double x) {
        return x * x;
    }
}
