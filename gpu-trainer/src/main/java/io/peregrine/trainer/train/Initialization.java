package io.peregrine.trainer.train;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.optim.ParameterKind;
import io.peregrine.trainer.tensor.Tensor;

/**
 * The weights a run begins with.
 *
 * <p>Matrices and embeddings are normal with one standard deviation for every width, since width sits in the model's
 * forward multipliers. The mixer's own parameters follow Mamba-2 (its reference implementation's defaults): step sizes
 * log-uniform in [0.001, 0.1] through the inverse of softplus, decays {@code -A} uniform in [1, 16], skip and norm gains
 * 1, the convolution uniform in +-1/sqrt(taps). Each tensor draws from a stream of its own name, so that its values do
 * not depend on which others there are.
 *
 * @see <a href="https://arxiv.org/abs/2405.21060">Mamba-2</a>
 */
public final class Initialization {
    private static final double MATRIX_STD = 0.02;
    private static final double DT_MIN = 1e-3;
    private static final double DT_MAX = 0.1;
    private static final double DT_FLOOR = 1e-4;
    private static final double A_MIN = 1;
    private static final double A_MAX = 16;

    private Initialization() {}

    /** Sets every parameter; the same seed gives the same values. */
    public static void initialize(Parameters parameters, SeedStream seed) {
        for (Parameter parameter : parameters) {
            fill(parameter, seed.child(parameter.name()));
        }
    }

    private static void fill(Parameter parameter, SeedStream draws) {
        Tensor value = parameter.value();
        switch (ParameterKind.of(parameter.name())) {
            case EMBEDDING, LM_HEAD, QKV, ATTENTION_OUT, SSM_IN, SSM_OUT, MLP_GATE, MLP_UP, MLP_DOWN ->
                fill(value, () -> MATRIX_STD * draws.nextGaussian());
            case INPUT_NORM, PRE_FF_NORM, FINAL_NORM, SSM_NORM, D -> value.fill(1);
            case CONV_WEIGHT -> {
                double bound = 1 / Math.sqrt(value.columns());
                fill(value, () -> bound * (2 * draws.nextDouble() - 1));
            }
            case CONV_BIAS, BIAS -> value.fill(0);
            case DT_BIAS -> fill(value, () -> inverseSoftplus(stepSize(draws.nextDouble())));
            case A_LOG -> fill(value, () -> StrictMath.log(A_MIN + (A_MAX - A_MIN) * draws.nextDouble()));
        }
    }

    private static double stepSize(double uniform) {
        double log = StrictMath.log(DT_MIN) + uniform * (StrictMath.log(DT_MAX) - StrictMath.log(DT_MIN));
        return Math.max(DT_FLOOR, StrictMath.exp(log));
    }

    /** The {@code x} with {@code log(1 + exp(x)) = y}. */
    private static double inverseSoftplus(double y) {
        return y + StrictMath.log(-StrictMath.expm1(-y));
    }

    private static void fill(Tensor value, java.util.function.DoubleSupplier draw) {
        float[] numbers = new float[value.columns()]; // rounded to float, so that every backend begins alike
        for (int row = 0; row < value.rows(); row++) {
            for (int column = 0; column < numbers.length; column++) {
                numbers[column] = (float) draw.getAsDouble();
            }
            value.write(row, 0, numbers, 0, numbers.length);
        }
    }
}
