package io.peregrine.data.math;

import io.peregrine.data.config.Key;
import java.io.Serializable;

/** Settings of the family math. */
public record MathConfig(
        @Key(doc = "writes formulas in one notation: $...$ and $$...$$, without comments, labels and spacing commands")
        boolean normalizeLatex)
        implements Serializable {
    public static final MathConfig DEFAULTS = new MathConfig(true);
}
