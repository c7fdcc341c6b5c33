package io.peregrine.mixture.window;

import io.peregrine.data.seed.SeedStream;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;

/** Turns numbers with a covariance into independent ones of variance 1, and back. */
final class Whitening {
    private final double[][] factor;

    private Whitening(double[][] factor) {
        this.factor = factor;
    }

    /** Of a covariance; empty if it is none, such as where two numbers are the same. */
    static Optional<Whitening> of(List<List<Double>> covariance) {
        int size = covariance.size();
        double[][] matrix = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                matrix[i][j] = covariance.get(i).get(j);
            }
        }
        if (size == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Whitening(new CholeskyDecomposition(new Array2DRowRealMatrix(matrix), 1e-9, 0)
                    .getL()
                    .getData()));
        } catch (NonPositiveDefiniteMatrixException e) {
            return Optional.empty();
        }
    }

    /** Solves {@code factor * white = values}. */
    double[] apply(double[] values) {
        double[] white = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double rest = values[i];
            for (int j = 0; j < i; j++) {
                rest -= factor[i][j] * white[j];
            }
            white[i] = rest / factor[i][i];
        }
        return white;
    }

    /** Normal numbers with the covariance. */
    double[] draw(SeedStream walk) {
        double[] white = new double[factor.length];
        double[] drawn = new double[factor.length];
        for (int i = 0; i < white.length; i++) {
            white[i] = walk.nextGaussian();
            for (int j = 0; j <= i; j++) {
                drawn[i] += factor[i][j] * white[j];
            }
        }
        return drawn;
    }
}
