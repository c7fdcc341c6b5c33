package io.peregrine.data.rules;

/** Which values break a rule; a value on the limit never does, and neither does NaN. */
public enum Side {
    BELOW,
    ABOVE;

    /** Whether a value is on the bad side of a limit. */
    public boolean broken(double value, double limit) {
        return this == BELOW ? value < limit : value > limit;
    }
}
