package io.peregrine.mixture.fit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;

/** Weighted linear least squares with a ridge, over rows that come one at a time. For a few dozen unknowns. */
public final class NormalEquations {
    private final double[][] products;
    private final double[] rightSide;

    /** @param unknowns how many numbers are asked for */
    public NormalEquations(int unknowns) {
        products = new double[unknowns][unknowns];
        rightSide = new double[unknowns];
    }

    /** One equation: {@code row . unknowns = value}, of this weight. */
    public void add(double[] row, double value, double weight) {
        for (int i = 0; i < row.length; i++) {
            double scaled = weight * row[i];
            rightSide[i] += scaled * value;
            for (int j = 0; j < row.length; j++) {
                products[i][j] += scaled * row[j];
            }
        }
    }

    /** Adds {@code strength * unknown^2} to what is made small. */
    public void addRidge(int unknown, double strength) {
        products[unknown][unknown] += strength;
    }

    /** The unknowns; empty if the equations do not determine them. */
    public Optional<List<Double>> solve() {
        try {
            double[] solution = new CholeskyDecomposition(new Array2DRowRealMatrix(products), 1e-9, 0)
                    .getSolver()
                    .solve(new ArrayRealVector(rightSide))
                    .toArray();
            return Arrays.stream(solution).allMatch(Double::isFinite)
                    ? Optional.of(Arrays.stream(solution).boxed().toList())
                    : Optional.empty();
        } catch (NonPositiveDefiniteMatrixException e) {
            return Optional.empty();
        }
    }
}
