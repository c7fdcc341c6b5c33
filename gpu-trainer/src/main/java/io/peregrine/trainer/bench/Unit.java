package io.peregrine.trainer.bench;

import java.util.Locale;

/** What a measured number counts, and which way is better. */
enum Unit {
    TOKENS_PER_SECOND("%,.0f tokens/s", true),
    MILLISECONDS("%.3f ms", false),
    GIBIBYTES("%.1f GiB", false);

    private final String format;
    private final boolean moreIsBetter;

    Unit(String format, boolean moreIsBetter) {
        this.format = format;
        this.moreIsBetter = moreIsBetter;
    }

    String text(double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** A goal as it is said: at least so many, or at most. */
    String goal(double value) {
        return (moreIsBetter ? ">= " : "<= ") + text(value);
    }

    /** How many times better a number is than another: 2 for half the time. */
    double timesBetter(double value, double than) {
        return moreIsBetter ? value / than : than / value;
    }
}
