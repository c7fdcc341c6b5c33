package io.peregrine.mixture.scaling;

/**
 * A law with all its numbers.
 *
 * @param form what repeated tokens are worth
 * @param floor E, the loss of a model without limits on data without limits
 * @param paramsScale A
 * @param paramsExponent a
 * @param tokensScale B
 * @param tokensExponent b
 * @param repeat R* or P, as the form has it; 0 if it has none
 */
public record ScalingLaw(
        ScalingForm form,
        double floor,
        double paramsScale,
        double paramsExponent,
        double tokensScale,
        double tokensExponent,
        double repeat) {
    /** The loss of a run; the loss that it has is not looked at. */
    public double loss(ScalingRun run) {
        double tokens = form.effectiveTokens(run.uniqueTokens(), run.repetitions(), repeat);
        return floor
                + paramsScale * Math.pow(run.params(), -paramsExponent)
                + tokensScale * Math.pow(tokens, -tokensExponent)
                + form.penalty(run, repeat);
    }
}
