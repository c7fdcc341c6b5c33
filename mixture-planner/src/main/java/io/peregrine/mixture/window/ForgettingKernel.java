package io.peregrine.mixture.window;

import java.util.List;

/**
 * A way in which memory fades with age: 1 at age 0, and falling. Its parameters are logarithms, so that any real number will do.
 *
 * <p>Which of them holds is an open question, so all are fitted: exponential, a power law (Chang et al., arXiv:2406.11813), and
 * the average that AdamW's weights are of their past updates, which leaves no shape to choose.
 */
public sealed interface ForgettingKernel permits ExponentialKernel, PowerKernel, EmaKernel {
    /** How people call it. */
    String title();

    /** How many parameters it has. */
    int parameters();

    /** What is left at an age, in tokens. */
    double left(double ageTokens, double[] parameters);

    /** The derivatives of {@link #left} by each parameter. */
    double[] gradient(double ageTokens, double[] parameters);

    /** The derivative of {@link #left} by the logarithm of the age. */
    double slope(double ageTokens, double[] parameters);

    /** Parameters to begin a fit from, for ages in a range. */
    List<double[]> starts(double youngestTokens, double oldestTokens);
}
