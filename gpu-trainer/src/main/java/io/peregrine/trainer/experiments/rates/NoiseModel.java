package io.peregrine.trainer.experiments.rates;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * The toy model of stochastic dynamics: parameters that begin at zero, and AdamW, the code that trains, on gradients that
 * are independent draws of the standard normal distribution. Each step adds about the rate times a draw and takes away the
 * rate times the decay, so that the mean square goes to {@code S^2 = rate / (2 decay)} as {@code S^2 (1 - exp(-2 rate decay
 * t))}.
 *
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>, section 3.2, equations 10 to 13
 */
final class NoiseModel {
    private static final int NUMBERS = 2048;
    private static final double TIME_CONSTANTS = 6;
    private static final int CURVE_POINTS = 60;
    /** Beyond this share of the equilibrium the distance to it is mostly the draws' noise. */
    private static final double FITTED_SHARE = 0.8;

    /**
     * A point of a curve.
     *
     * @param x steps times rate times decay
     * @param y root mean square over that of the equilibrium predicted
     */
    record CurvePoint(double x, double y) {}

    /**
     * What the parameters came to.
     *
     * @param learningRate of every step
     * @param weightDecay of every step
     * @param rms root mean square in the mean of the last third
     * @param relaxationSteps time constant of the way there, fitted: that of a deviation, twice that of a mean square
     * @param curve root mean square along the run
     */
    record Settled(
            double learningRate, double weightDecay, double rms, double relaxationSteps, List<CurvePoint> curve) {
        Settled {
            curve = List.copyOf(curve);
        }

        /** What {@link #rms} should be. */
        double predicted() {
            return Math.sqrt(learningRate / (2 * weightDecay));
        }

        /** What {@link #relaxationSteps} should be. */
        double predictedSteps() {
            return 1 / (learningRate * weightDecay);
        }
    }

    private NoiseModel() {}

    /**
     * Runs the model for six time constants.
     *
     * @param ops who computes
     * @param draws gradients
     */
    static Settled run(double learningRate, double weightDecay, Ops ops, SeedStream draws) {
        Shape shape = Shape.of(1, NUMBERS);
        Tensor value = ops.allocateExact(shape);
        Tensor gradient = ops.allocateExact(shape);
        Tensor first = ops.allocateExact(shape);
        Tensor second = ops.allocateExact(shape);
        AdamConfig adam = AdamConfig.DEFAULTS;
        double perStep = learningRate * weightDecay;
        int steps = (int) Math.ceil(TIME_CONSTANTS / perStep);
        float[] noise = new float[NUMBERS];
        List<Double> meanSquares = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            for (int i = 0; i < NUMBERS; i++) {
                noise[i] = (float) draws.nextGaussian();
            }
            gradient.write(0, 0, noise, 0, NUMBERS);
            ops.optim()
                    .adamw(
                            value,
                            gradient,
                            first,
                            second,
                            new OptimOps.AdamW(
                                    learningRate, adam.beta1(), adam.beta2(), adam.epsilon(), weightDecay, step, 1));
            meanSquares.add(ops.optim().sumOfSquares(value) / NUMBERS);
        }
        double settled = meanSquares.subList(steps - steps / 3, steps).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        return new Settled(
                learningRate,
                weightDecay,
                Math.sqrt(settled),
                relaxation(meanSquares, settled),
                curve(meanSquares, perStep, Math.sqrt(learningRate / (2 * weightDecay))));
    }

    /** {@code -ln(1 - square / settled) = 2 t / tau}, a line through the origin. */
    private static double relaxation(List<Double> meanSquares, double settled) {
        SimpleRegression line = new SimpleRegression(false);
        for (int i = 0; i < meanSquares.size() && meanSquares.get(i) < FITTED_SHARE * settled; i++) {
            line.addData(i + 1, -Math.log(1 - meanSquares.get(i) / settled));
        }
        return 2 / line.getSlope();
    }

    private static List<CurvePoint> curve(List<Double> meanSquares, double perStep, double predicted) {
        List<CurvePoint> curve = new ArrayList<>();
        int every = Math.max(1, meanSquares.size() / CURVE_POINTS);
        for (int i = every - 1; i < meanSquares.size(); i += every) {
            curve.add(new CurvePoint((i + 1) * perStep, Math.sqrt(meanSquares.get(i)) / predicted));
        }
        return curve;
    }
}
