package io.peregrine.mixture.window;

import io.peregrine.mixture.fit.LevenbergMarquardt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * A curve {@code amplitude * kernel(age) + floor} through the gaps, by least squares weighted with the inverse of their whole
 * covariance.
 *
 * @param kernel shape
 * @param hasFloor whether a part of the gap is never forgotten
 * @param parameters amplitude in nats, the kernel's own, and the floor in nats if there is one
 * @param covariance of the parameters; widened where the curve misses the gaps by more than their errors explain
 * @param chiSquare sum of squared residuals in standard errors
 * @param aicc Akaike's criterion with the correction for few points (Hurvich and Tsai, 1989): lower is better
 */
public record KernelFit(
        ForgettingKernel kernel,
        boolean hasFloor,
        List<Double> parameters,
        List<List<Double>> covariance,
        double chiSquare,
        double aicc) {
    public KernelFit {
        parameters = List.copyOf(parameters);
        covariance = covariance.stream().map(List::copyOf).toList();
    }

    /**
     * All fits of a curve that its points determine, the best first.
     *
     * @param kernels shapes to try, each with a floor and without
     */
    public static List<KernelFit> all(GapCurve curve, List<ForgettingKernel> kernels) {
        List<KernelFit> fits = new ArrayList<>();
        for (ForgettingKernel kernel : kernels) {
            fit(curve, kernel, false).ifPresent(fits::add);
            fit(curve, kernel, true).ifPresent(fits::add);
        }
        fits.sort(Comparator.comparingDouble(KernelFit::aicc));
        return fits;
    }

    /** The best curve of this form; empty if the points do not determine one. */
    static Optional<KernelFit> fit(GapCurve curve, ForgettingKernel kernel, boolean hasFloor) {
        int points = curve.points().size();
        int free = 1 + kernel.parameters() + (hasFloor ? 1 : 0);
        if (points < free + 2) { // the correction of the criterion divides by points - free - 1
            return Optional.empty();
        }
        Optional<Whitening> whitening = Whitening.of(curve.covariance());
        if (whitening.isEmpty()) {
            return Optional.empty();
        }
        Problem problem = new Problem(curve, kernel, hasFloor, free, whitening.get());
        List<double[]> starts = new ArrayList<>();
        double amplitude = curve.points().get(0).gap();
        for (double[] shape : kernel.starts(curve.youngestTokens(), curve.oldestTokens())) {
            double[] start = new double[free];
            start[0] = amplitude;
            System.arraycopy(shape, 0, start, 1, shape.length);
            starts.add(start);
        }
        return LevenbergMarquardt.minimize(problem, starts)
                .filter(LevenbergMarquardt.Solution::converged)
                .flatMap(solution -> of(problem, solution));
    }

    private static Optional<KernelFit> of(Problem problem, LevenbergMarquardt.Solution solution) {
        double[] at = solution.at().stream().mapToDouble(Double::doubleValue).toArray();
        int points = problem.residuals();
        double[][] jacobian = new double[points][at.length];
        problem.evaluate(at, new double[points], jacobian);
        double chiSquare = 2 * solution.cost();
        double widening = Math.max(1, chiSquare / (points - at.length));
        RealMatrix rows = new Array2DRowRealMatrix(jacobian);
        try {
            RealMatrix covariance = new CholeskyDecomposition(rows.transpose().multiply(rows), 1e-9, 0)
                    .getSolver()
                    .getInverse()
                    .scalarMultiply(widening);
            double aicc = chiSquare + 2.0 * at.length + 2.0 * at.length * (at.length + 1) / (points - at.length - 1.0);
            return Optional.of(new KernelFit(
                    problem.kernel,
                    problem.hasFloor,
                    solution.at(),
                    Arrays.stream(covariance.getData())
                            .map(row -> Arrays.stream(row).boxed().toList())
                            .toList(),
                    chiSquare,
                    aicc));
        } catch (NonPositiveDefiniteMatrixException e) {
            return Optional.empty(); // a direction in which nothing changes: the points do not determine the curve
        }
    }

    /** The gap at an age. */
    public double gap(double ageTokens) {
        double[] all = parameters.stream().mapToDouble(Double::doubleValue).toArray();
        return amplitude() * kernel.left(ageTokens, shape(kernel, all)) + floor();
    }

    /** The age at which half of what can be forgotten is; empty if that is older than an age. */
    public Optional<Double> halfLifeTokens(double oldestTokens) {
        double half = floor() + amplitude() / 2;
        double low = 0;
        double high = oldestTokens;
        if (!(amplitude() > 0) || gap(high) > half) {
            return Optional.empty();
        }
        for (int i = 0; i < FittedWindow.HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (gap(middle) > half) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Optional.of(high);
    }

    /** Derivatives of the gap by each parameter. */
    double[] gradient(double ageTokens) {
        return gradient(
                kernel,
                hasFloor,
                ageTokens,
                parameters.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Derivative of the gap by the logarithm of the age. */
    double slope(double ageTokens) {
        double[] all = parameters.stream().mapToDouble(Double::doubleValue).toArray();
        return amplitude() * kernel.slope(ageTokens, shape(kernel, all));
    }

    /** The gap just after a sequence was seen, less the floor. */
    public double amplitude() {
        return parameters.get(0);
    }

    /** What is never forgotten; 0 if the curve has no floor. */
    public double floor() {
        return hasFloor ? parameters.get(parameters.size() - 1) : 0;
    }

    /** How it is called. */
    public String title() {
        return kernel.title() + (hasFloor ? " + floor" : "");
    }

    private static double[] shape(ForgettingKernel kernel, double[] all) {
        return Arrays.copyOfRange(all, 1, 1 + kernel.parameters());
    }

    private static double[] gradient(ForgettingKernel kernel, boolean hasFloor, double age, double[] all) {
        double[] shape = shape(kernel, all);
        double[] gradient = new double[all.length];
        gradient[0] = kernel.left(age, shape);
        double[] byShape = kernel.gradient(age, shape);
        for (int i = 0; i < byShape.length; i++) {
            gradient[1 + i] = all[0] * byShape[i];
        }
        if (hasFloor) {
            gradient[all.length - 1] = 1;
        }
        return gradient;
    }

    /** Residuals whose errors are independent and of size 1. */
    private record Problem(
            GapCurve curve, ForgettingKernel kernel, boolean hasFloor, int parameters, Whitening whitening)
            implements LevenbergMarquardt.Problem {
        @Override
        public int residuals() {
            return curve.points().size();
        }

        @Override
        public void evaluate(double[] at, double[] residuals, double[][] jacobian) {
            double[] raw = new double[residuals.length];
            double[][] rows = new double[residuals.length][];
            for (int i = 0; i < raw.length; i++) {
                GapCurve.Point point = curve.points().get(i);
                double floor = hasFloor ? at[at.length - 1] : 0;
                raw[i] = at[0] * kernel.left(point.ageTokens(), shape(kernel, at)) + floor - point.gap();
                rows[i] = gradient(kernel, hasFloor, point.ageTokens(), at);
            }
            System.arraycopy(whitening.apply(raw), 0, residuals, 0, raw.length);
            for (int column = 0; column < at.length; column++) {
                double[] of = new double[raw.length];
                for (int i = 0; i < of.length; i++) {
                    of[i] = rows[i][column];
                }
                double[] white = whitening.apply(of);
                for (int i = 0; i < of.length; i++) {
                    jacobian[i][column] = white[i];
                }
            }
        }
    }
}
