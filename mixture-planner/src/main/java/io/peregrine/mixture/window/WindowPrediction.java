package io.peregrine.mixture.window;

import io.peregrine.data.ConfigException;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * The timescale that the optimizer alone sets: AdamW's weights are an average of their updates over {@code 1 / (eta lambda)}
 * steps, so that memory should last {@code M ~ k * batch tokens / (eta lambda)}. With Falcon-H1's effective learning rate that
 * is {@code k * batch tokens / eta_eff^2}: it moves with the noise level and not by itself with the number of parameters.
 *
 * @param batchTokens tokens of a step
 * @param etaLambda learning rate times weight decay, which is {@code eta_eff^2}; in the mean over the steps that the ages cover
 *     where a schedule changes it; {@code > 0}
 */
public record WindowPrediction(double batchTokens, double etaLambda) {
    public WindowPrediction {
        positive("batch-tokens", batchTokens);
        positive("learning-rate * weight-decay", etaLambda);
    }

    /** {@code batch tokens / eta_eff^2}: the window if the factor {@code k} is 1. */
    public double tokens() {
        return batchTokens / etaLambda;
    }

    /**
     * A run on the axes of the prediction.
     *
     * @param predictedTokens {@link WindowPrediction#tokens}
     * @param measuredTokens the window
     */
    public record Run(double predictedTokens, double measuredTokens) {}

    /**
     * A straight line through runs on logarithmic axes.
     *
     * @param slope 1 if the prediction holds
     * @param slopeError its standard error; not a number for two runs, which a line always meets
     * @param factor {@code k}: geometric mean of measured over predicted windows
     */
    public record Law(double slope, double slopeError, double factor) {}

    /** The line; empty if there are not two runs that differ in their prediction. */
    public static Optional<Law> law(List<Run> runs) {
        SimpleRegression line = new SimpleRegression();
        double logFactor = 0;
        for (Run run : runs) {
            line.addData(Math.log(run.predictedTokens()), Math.log(run.measuredTokens()));
            logFactor += Math.log(run.measuredTokens() / run.predictedTokens()) / runs.size();
        }
        return Double.isFinite(line.getSlope())
                ? Optional.of(new Law(line.getSlope(), line.getSlopeStdErr(), Math.exp(logFactor)))
                : Optional.empty();
    }

    private static void positive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new ConfigException(key, value, "must be > 0 for a prediction of the window");
        }
    }
}
