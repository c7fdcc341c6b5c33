package io.peregrine.mixture.scaling;

/** What repeated tokens are worth; the formulas stand in the package's description. */
public enum ScalingForm {
    /** {@code D' = D}. */
    FRESH("fresh", ""),
    /** {@code D' = U + U R* (1 - exp(-R / R*))}. */
    EFFECTIVE_DATA("effective data", "R*"),
    /** {@code D' = D}, and {@code P R N / U} is added. */
    PENALTY("penalty", "P");

    private final String title;
    private final String coefficient;

    ScalingForm(String title, String coefficient) {
        this.title = title;
        this.coefficient = coefficient;
    }

    /** How people call it. */
    public String title() {
        return title;
    }

    /** Name of the coefficient of repetition; empty if it has none. */
    public String coefficient() {
        return coefficient;
    }

    /** How many numbers are fitted. */
    int parameters() {
        return this == FRESH ? 5 : 6;
    }

    /** D', what the tokens of a run are worth in fresh ones. */
    double effectiveTokens(double uniqueTokens, double repetitions, double repeat) {
        if (this != EFFECTIVE_DATA) {
            return uniqueTokens * (1 + repetitions);
        }
        return uniqueTokens * (1 - repeat * Math.expm1(-repetitions / repeat));
    }

    /** The derivative of {@code log D'} by {@code log R*}. */
    double slopeOfEffectiveTokens(double uniqueTokens, double repetitions, double repeat) {
        if (this != EFFECTIVE_DATA) {
            return 0;
        }
        double x = repetitions / repeat;
        return uniqueTokens
                * repeat
                * (-Math.expm1(-x) - x * Math.exp(-x))
                / effectiveTokens(uniqueTokens, repetitions, repeat);
    }

    /** What is added to the loss. */
    double penalty(ScalingRun run, double repeat) {
        return this == PENALTY ? repeat * exposure(run) : 0;
    }

    /** What the penalty's coefficient multiplies. */
    static double exposure(ScalingRun run) {
        return run.repetitions() * run.params() / run.uniqueTokens();
    }
}
