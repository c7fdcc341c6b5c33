package io.peregrine.mixture.fit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.exception.ConvergenceException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.util.Pair;

/** Nonlinear least squares from several starts, the best of which counts. */
public final class LevenbergMarquardt {
    private static final int ITERATIONS_MAX = 200;

    private LevenbergMarquardt() {}

    /** What is to be made small: residuals, already multiplied by the roots of their weights. */
    public interface Problem {
        int parameters();

        int residuals();

        /**
         * Computes residuals and their derivatives.
         *
         * @param at parameters; not to be changed
         * @param residuals to be filled
         * @param jacobian to be filled: one row per residual, one column per parameter
         */
        void evaluate(double[] at, double[] residuals, double[][] jacobian);
    }

    /**
     * Where it ended.
     *
     * @param at parameters
     * @param cost half the sum of the squared residuals there
     * @param converged false if the iterations ran out first
     */
    public record Solution(List<Double> at, double cost, boolean converged) {
        public Solution {
            at = List.copyOf(at);
        }
    }

    /** The smallest cost over the starts; empty if none led to finite numbers. Of equal costs the first start wins. */
    public static Optional<Solution> minimize(Problem problem, List<double[]> starts) {
        Optional<Solution> best = Optional.empty();
        for (double[] start : starts) {
            Optional<Solution> found = minimize(problem, start);
            if (found.isPresent()
                    && (best.isEmpty() || found.get().cost() < best.get().cost())) {
                best = found;
            }
        }
        return best;
    }

    private static Optional<Solution> minimize(Problem problem, double[] start) {
        try {
            Optimum optimum = new LevenbergMarquardtOptimizer()
                    .optimize(new LeastSquaresBuilder()
                            .start(start)
                            .target(new double[problem.residuals()])
                            .model(point -> {
                                double[] residuals = new double[problem.residuals()];
                                double[][] jacobian = new double[problem.residuals()][problem.parameters()];
                                problem.evaluate(point.toArray(), residuals, jacobian);
                                return new Pair<>(
                                        new ArrayRealVector(residuals, false),
                                        new Array2DRowRealMatrix(jacobian, false));
                            })
                            .checker((iteration, before, after) -> iteration >= ITERATIONS_MAX)
                            .maxIterations(ITERATIONS_MAX + 1)
                            .maxEvaluations(Integer.MAX_VALUE)
                            .build());
            double cost = 0.5 * optimum.getCost() * optimum.getCost();
            if (!Double.isFinite(cost)) {
                return Optional.empty();
            }
            return Optional.of(new Solution(
                    Arrays.stream(optimum.getPoint().toArray()).boxed().toList(),
                    cost,
                    optimum.getIterations() < ITERATIONS_MAX));
        } catch (ConvergenceException e) {
            // Its own tests ask for more than doubles can give, or a Jacobian had no finite numbers: this start led
            // nowhere.
            return Optional.empty();
        }
    }
}
