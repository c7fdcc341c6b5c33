package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;

/** Checks that several settings of this package share. */
final class ConfigRules {
    private ConfigRules() {}

    /** Refuses values below a bound, and NaN. */
    static void atLeast(String key, double value, double least, String unit) {
        if (!(value >= least)) {
            throw new ConfigException(key, value, "must be >= %s %s".formatted(plain(least), unit));
        }
    }

    /** Refuses what is not a share of something. */
    static void share(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new ConfigException(key, value, "must be 0 to 1");
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
