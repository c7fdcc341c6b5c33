package io.peregrine.mixture.optimize;

import io.peregrine.data.DataException;
import io.peregrine.mixture.fit.LevenbergMarquardt;
import io.peregrine.mixture.fit.LevenbergMarquardt.Solution;
import io.peregrine.mixture.fit.NormalEquations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code L(w) = c + k exp(sum_j t_j w_j)} (Ye et al., arXiv 2403.16952), with {@code k > 0}: convex in the weights.
 *
 * <p>Weights sum to 1, so that the same number added to every {@code t_j} and taken from {@code log k} changes nothing; the
 * ridge on the {@code t_j} picks the set that sums to 0.
 */
public final class ExponentialLaw implements MixingLaw {
    /** Where the floor c starts: this many times the spread of the losses below the smallest of them. */
    private static final List<Double> FLOOR_STARTS = List.of(0.02, 0.1, 0.5, 2.0);

    private final double floor;
    private final double logScale;
    private final double[] sensitivities;
    private final boolean converged;

    /**
     * A law that is known.
     *
     * @param floor {@code c}
     * @param logScale {@code log k}
     * @param sensitivities {@code t_j} by source
     */
    public ExponentialLaw(double floor, double logScale, List<Double> sensitivities) {
        this(floor, logScale, sensitivities.stream().mapToDouble(t -> t).toArray(), true);
    }

    private ExponentialLaw(double floor, double logScale, double[] sensitivities, boolean converged) {
        this.floor = floor;
        this.logScale = logScale;
        this.sensitivities = sensitivities;
        this.converged = converged;
    }

    /**
     * Fits the law by least squares: four starts of {@code c}, for each of them {@code log(L - c)} by linear least squares,
     * and from there all parameters at once.
     *
     * @param ridge added to the sum of squared residuals for each {@code t_j^2}, {@code > 0}
     * @throws DataException if no start leads anywhere
     */
    static ExponentialLaw fit(ProxyRuns runs, int target, double ridge) {
        double[] losses = runs.losses(target);
        double least = Arrays.stream(losses).min().orElseThrow();
        double spread = Math.max(Arrays.stream(losses).max().orElseThrow() - least, 1e-6 * least);
        List<double[]> starts = new ArrayList<>();
        for (double below : FLOOR_STARTS) {
            starts.add(start(runs, losses, least - below * spread, ridge));
        }
        Solution solution = LevenbergMarquardt.minimize(new Residuals(runs, losses, ridge), starts)
                .orElseThrow(() -> new DataException(
                        "target %s: no exponential law can be fitted to these %d losses (%s..%s): look for outliers"
                                .formatted(runs.targets().get(target), losses.length, least, least + spread)));
        double[] at = solution.at().stream().mapToDouble(p -> p).toArray();
        return new ExponentialLaw(at[0], at[1], Arrays.copyOfRange(at, 2, at.length), solution.converged());
    }

    private static double[] start(ProxyRuns runs, double[] losses, double floor, double ridge) {
        int sources = runs.sources().size();
        NormalEquations equations = new NormalEquations(sources + 1);
        double[] row = new double[sources + 1];
        row[0] = 1;
        for (int run = 0; run < losses.length; run++) {
            System.arraycopy(runs.weights(run), 0, row, 1, sources);
            double above = losses[run] - floor;
            equations.add(row, Math.log(above), above * above); // an error of L is one of log(L - c) over L - c
        }
        for (int source = 1; source <= sources; source++) {
            equations.addRidge(source, ridge);
        }
        List<Double> linear = equations.solve().orElseThrow(() -> new IllegalStateException("a ridge determines all"));
        double[] start = new double[sources + 2];
        start[0] = floor;
        for (int i = 0; i <= sources; i++) {
            start[i + 1] = linear.get(i);
        }
        return start;
    }

    @Override
    public double loss(double[] weights) {
        return floor + excess(weights);
    }

    @Override
    public void addGradient(double[] weights, double scale, double[] gradient) {
        double excess = scale * excess(weights);
        for (int i = 0; i < sensitivities.length; i++) {
            gradient[i] += excess * sensitivities[i];
        }
    }

    private double excess(double[] weights) {
        double exponent = logScale;
        for (int i = 0; i < sensitivities.length; i++) {
            exponent += sensitivities[i] * weights[i];
        }
        return Math.exp(exponent);
    }

    /** The loss that no mixture goes below. */
    public double floor() {
        return floor;
    }

    /** What one more unit of a source's weight adds to the logarithm of the loss above the floor; below 0 it helps. */
    public List<Double> sensitivities() {
        return Arrays.stream(sensitivities).boxed().toList();
    }

    /** False if the fit's iterations ran out before it stood still. */
    public boolean converged() {
        return converged;
    }

    /** Parameters: c, log k, then the t_j. Residuals: the runs, then the ridge. */
    private static final class Residuals implements LevenbergMarquardt.Problem {
        private final ProxyRuns runs;
        private final double[] losses;
        private final double ridge;

        Residuals(ProxyRuns runs, double[] losses, double ridge) {
            this.runs = runs;
            this.losses = losses;
            this.ridge = ridge;
        }

        @Override
        public int parameters() {
            return runs.sources().size() + 2;
        }

        @Override
        public int residuals() {
            return losses.length + runs.sources().size();
        }

        @Override
        public void evaluate(double[] at, double[] residuals, double[][] jacobian) {
            int sources = runs.sources().size();
            for (int run = 0; run < losses.length; run++) {
                double[] weights = runs.weights(run);
                double exponent = at[1];
                for (int j = 0; j < sources; j++) {
                    exponent += at[2 + j] * weights[j];
                }
                double excess = Math.exp(exponent);
                residuals[run] = at[0] + excess - losses[run];
                jacobian[run][0] = 1;
                jacobian[run][1] = excess;
                for (int j = 0; j < sources; j++) {
                    jacobian[run][2 + j] = excess * weights[j];
                }
            }
            double root = Math.sqrt(ridge);
            for (int j = 0; j < sources; j++) {
                residuals[losses.length + j] = root * at[2 + j];
                jacobian[losses.length + j][2 + j] = root;
            }
        }
    }
}
