package io.peregrine.mixture.scaling;

import io.peregrine.mixture.fit.LevenbergMarquardt;
import io.peregrine.mixture.fit.LevenbergMarquardt.Solution;
import io.peregrine.mixture.fit.NormalEquations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Fits a form to runs: Huber's loss of the difference of logarithms by weighted least squares, repeated with weights {@code
 * min(1, corner / |residual|)} until nothing moves.
 *
 * <p>Parameters are log E, the logarithms of both power laws at the runs' middle (so that scale and exponent are not
 * entangled), the exponents, and log R* or log P. For given exponents and R* the loss is linear in the rest: a grid over
 * those few, solved exactly at each point, gives the starts.
 */
final class ScalingFit {
    /** Where Huber's loss turns from square to linear, in units of log loss (arXiv 2203.15556, section D.2). */
    static final double CORNER = 1e-3;

    private static final List<Double> EXPONENTS = List.of(0.1, 0.2, 0.3, 0.4, 0.55, 0.75);
    private static final List<Double> REPEATS = List.of(1.0, 4.0, 16.0, 64.0);
    private static final int STARTS = 5;
    private static final int REWEIGHTINGS_MAX = 60;
    private static final double STANDS_STILL = 1e-10;

    private final ScalingForm form;
    private final List<ScalingRun> runs;
    private final double middleParams;
    private final double middleTokens;

    ScalingFit(ScalingForm form, List<ScalingRun> runs) {
        this.form = form;
        this.runs = List.copyOf(runs);
        this.middleParams = runs.stream()
                .mapToDouble(run -> Math.log(run.params()))
                .average()
                .orElseThrow();
        this.middleTokens = runs.stream()
                .mapToDouble(run -> Math.log(run.tokens()))
                .average()
                .orElseThrow();
    }

    /** The best law from a grid of starts; empty if none led anywhere. */
    Optional<ScalingLaw> fromGrid() {
        List<double[]> grid = new ArrayList<>();
        for (double a : EXPONENTS) {
            for (double b : EXPONENTS) {
                for (double repeat : form == ScalingForm.EFFECTIVE_DATA ? REPEATS : List.of(1.0)) {
                    linear(a, b, repeat).ifPresent(grid::add);
                }
            }
        }
        return grid.stream()
                .sorted(Comparator.comparingDouble(this::cost))
                .limit(STARTS)
                .flatMap(start -> robust(start).stream())
                .min(Comparator.comparingDouble(this::cost))
                .map(this::law);
    }

    /** The law that is reached from another one. */
    Optional<ScalingLaw> from(ScalingLaw start) {
        double[] at = new double[form.parameters()];
        at[0] = Math.log(start.floor());
        at[1] = Math.log(start.paramsScale()) - start.paramsExponent() * middleParams;
        at[2] = start.paramsExponent();
        at[3] = Math.log(start.tokensScale()) - start.tokensExponent() * middleTokens;
        at[4] = start.tokensExponent();
        if (at.length > 5) {
            at[5] = Math.log(start.repeat());
        }
        return robust(at).map(this::law);
    }

    private ScalingLaw law(double[] at) {
        return new ScalingLaw(
                form,
                Math.exp(at[0]),
                Math.exp(at[1] + at[2] * middleParams),
                at[2],
                Math.exp(at[3] + at[4] * middleTokens),
                at[4],
                at.length > 5 ? Math.exp(at[5]) : 0);
    }

    /** The parameters that are best for given exponents and R*, by linear least squares of relative errors. */
    private Optional<double[]> linear(double a, double b, double repeat) {
        int unknowns = form == ScalingForm.PENALTY ? 4 : 3;
        NormalEquations equations = new NormalEquations(unknowns);
        double exposureScale =
                runs.stream().mapToDouble(ScalingForm::exposure).max().orElseThrow();
        for (ScalingRun run : runs) {
            double tokens = form.effectiveTokens(run.uniqueTokens(), run.repetitions(), repeat);
            double[] row = new double[unknowns];
            row[0] = 1;
            row[1] = Math.exp(-a * (Math.log(run.params()) - middleParams));
            row[2] = Math.exp(-b * (Math.log(tokens) - middleTokens));
            if (unknowns > 3) {
                row[3] = ScalingForm.exposure(run) / exposureScale;
            }
            equations.add(row, run.loss(), 1 / (run.loss() * run.loss()));
        }
        double least = 1e-3 * runs.stream().mapToDouble(ScalingRun::loss).min().orElseThrow();
        return equations.solve().map(found -> {
            double[] at = new double[form.parameters()];
            at[0] = Math.log(Math.max(least, found.get(0)));
            at[1] = Math.log(Math.max(least, found.get(1)));
            at[2] = a;
            at[3] = Math.log(Math.max(least, found.get(2)));
            at[4] = b;
            if (at.length > 5) {
                at[5] = Math.log(unknowns > 3 ? Math.max(least, found.get(3)) / exposureScale : repeat);
            }
            return at;
        });
    }

    private Optional<double[]> robust(double[] start) {
        double[] at = start;
        double cost = cost(at);
        for (int i = 0; i < REWEIGHTINGS_MAX; i++) {
            Optional<Solution> solution = LevenbergMarquardt.minimize(new Weighted(weights(at)), List.of(at));
            if (solution.isEmpty()) {
                return Optional.empty();
            }
            double[] next = solution.get().at().stream().mapToDouble(p -> p).toArray();
            double nextCost = cost(next);
            if (!(nextCost < cost * (1 - STANDS_STILL))) {
                return Optional.of(nextCost < cost ? next : at);
            }
            at = next;
            cost = nextCost;
        }
        return Optional.of(at);
    }

    private double[] weights(double[] at) {
        return Arrays.stream(residuals(at))
                .map(residual -> Math.min(1, CORNER / Math.abs(residual)))
                .toArray();
    }

    private double[] residuals(double[] at) {
        ScalingLaw law = law(at);
        return runs.stream()
                .mapToDouble(run -> Math.log(law.loss(run) / run.loss()))
                .toArray();
    }

    private double cost(double[] at) {
        return Arrays.stream(residuals(at))
                .map(Math::abs)
                .map(r -> r <= CORNER ? 0.5 * r * r : CORNER * (r - 0.5 * CORNER))
                .sum();
    }

    /** Differences of logarithms under fixed weights. */
    private final class Weighted implements LevenbergMarquardt.Problem {
        private final double[] weights;

        Weighted(double[] weights) {
            this.weights = weights;
        }

        @Override
        public int parameters() {
            return form.parameters();
        }

        @Override
        public int residuals() {
            return runs.size();
        }

        @Override
        public void evaluate(double[] at, double[] residuals, double[][] jacobian) {
            double repeat = at.length > 5 ? Math.exp(at[5]) : 0;
            for (int i = 0; i < residuals.length; i++) {
                ScalingRun run = runs.get(i);
                double root = Math.sqrt(weights[i]);
                double logParams = Math.log(run.params()) - middleParams;
                double logTokens =
                        Math.log(form.effectiveTokens(run.uniqueTokens(), run.repetitions(), repeat)) - middleTokens;
                double floor = Math.exp(at[0]);
                double byParams = Math.exp(at[1] - at[2] * logParams);
                double byTokens = Math.exp(at[3] - at[4] * logTokens);
                double penalty = form.penalty(run, repeat);
                double loss = floor + byParams + byTokens + penalty;
                residuals[i] = root * Math.log(loss / run.loss());
                double scale = root / loss;
                jacobian[i][0] = scale * floor;
                jacobian[i][1] = scale * byParams;
                jacobian[i][2] = -scale * byParams * logParams;
                jacobian[i][3] = scale * byTokens;
                jacobian[i][4] = -scale * byTokens * logTokens;
                if (at.length > 5) {
                    double slope = form.slopeOfEffectiveTokens(run.uniqueTokens(), run.repetitions(), repeat);
                    jacobian[i][5] = scale * (penalty - byTokens * at[4] * slope);
                }
            }
        }
    }
}
