package io.peregrine.mixture.optimize;

import io.peregrine.data.DataException;
import io.peregrine.mixture.fit.NormalEquations;
import java.util.Arrays;
import java.util.List;

/**
 * The rival: {@code L(w) = sum_j b_j w_j}. Weights sum to 1, so that a constant would say nothing that the {@code b_j} do
 * not say together.
 */
public final class LinearLaw implements MixingLaw {
    private final double[] slopes;

    private LinearLaw(double[] slopes) {
        this.slopes = slopes;
    }

    /**
     * Fits the law by least squares.
     *
     * @param ridge strength of the pull of every {@code b_j} towards the mean loss
     * @throws DataException if the runs do not determine it
     */
    static LinearLaw fit(ProxyRuns runs, int target, double ridge) {
        int sources = runs.sources().size();
        double[] losses = runs.losses(target);
        double mean = Arrays.stream(losses).average().orElseThrow();
        NormalEquations equations = new NormalEquations(sources);
        for (int run = 0; run < losses.length; run++) {
            equations.add(runs.weights(run), losses[run] - mean, 1);
        }
        for (int source = 0; source < sources; source++) {
            equations.addRidge(source, ridge);
        }
        List<Double> offsets = equations
                .solve()
                .orElseThrow(() -> new DataException(("target %s: %d runs do not determine a linear law of %d sources: "
                                + "give more runs or a ridge > 0")
                        .formatted(runs.targets().get(target), losses.length, sources)));
        return new LinearLaw(
                offsets.stream().mapToDouble(offset -> mean + offset).toArray());
    }

    @Override
    public double loss(double[] weights) {
        double sum = 0;
        for (int i = 0; i < slopes.length; i++) {
            sum += slopes[i] * weights[i];
        }
        return sum;
    }

    @Override
    public void addGradient(double[] weights, double scale, double[] gradient) {
        for (int i = 0; i < slopes.length; i++) {
            gradient[i] += scale * slopes[i];
        }
    }
}
