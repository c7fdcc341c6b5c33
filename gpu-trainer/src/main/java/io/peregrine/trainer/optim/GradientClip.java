package io.peregrine.trainer.optim;

import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.OptimOps;

/** Global norms, and clipping by them: all gradients as one vector, scaled down when it is too long. */
public final class GradientClip {
    private GradientClip() {}

    /** Euclidean norm of all gradients together; tensors are added up in the model's order, always the same. */
    public static double globalNorm(Parameters parameters, OptimOps ops) {
        return Math.sqrt(ops.sumOfSquares(
                parameters.all().stream().map(Parameter::gradient).toList()));
    }

    /** Euclidean norm of all parameters together. */
    public static double parameterNorm(Parameters parameters, OptimOps ops) {
        return Math.sqrt(
                ops.sumOfSquares(parameters.all().stream().map(Parameter::value).toList()));
    }

    /**
     * The factor that brings a gradient of this norm down to the limit.
     *
     * @param norm norm of the gradient, at least 0
     * @param clipNorm largest norm that passes unscaled, above 0
     * @return {@code clipNorm / norm}, or 1 for a shorter gradient
     */
    public static double coefficient(double norm, double clipNorm) {
        return norm <= clipNorm ? 1.0 : clipNorm / norm;
    }
}
