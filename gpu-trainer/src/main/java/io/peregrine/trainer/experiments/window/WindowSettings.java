package io.peregrine.trainer.experiments.window;

import io.peregrine.data.ConfigException;

/**
 * How much is measured.
 *
 * @param bins bins of age, at most
 * @param perBin sequences of each bin and source
 * @param checkpoints how many checkpoints are looked at
 * @param eps the gap that counts as forgotten, nats per token
 */
record WindowSettings(int bins, int perBin, int checkpoints, double eps) {
    /** A policy, not a measurement: half a percent of a nat per token is about what the last percent of fresh tokens gains. */
    static final double EPS = 0.005;

    private static final int PER_BIN_MAX = 100_000;
    private static final int CHECKPOINTS_MAX = 100;

    /** Sizes that somebody has tried. */
    enum Preset {
        /** Minutes on two cores, for a model of a few hundred thousand parameters. */
        SMALL(new WindowSettings(8, 64, 3, EPS)),

        /** Minutes on one card, for a model of some ten million parameters. */
        GPU(new WindowSettings(14, 800, 5, EPS));

        private final WindowSettings settings;

        Preset(WindowSettings settings) {
            this.settings = settings;
        }

        WindowSettings settings() {
            return settings;
        }
    }

    WindowSettings {
        range("--per-bin", perBin, 2, PER_BIN_MAX, "sequences");
        range("--checkpoints", checkpoints, 1, CHECKPOINTS_MAX, "checkpoints");
        if (!(eps > 0) || Double.isInfinite(eps)) {
            throw new ConfigException("--eps", eps, "must be > 0 nats per token");
        }
    }

    /** Controls of each source: one set for all bins, so that its noise does not dominate theirs. */
    int controls() {
        return 2 * perBin;
    }

    private static void range(String key, int value, int min, int max, String unit) {
        if (value < min || value > max) {
            throw new ConfigException(key, value, "must be %d..%d %s".formatted(min, max, unit));
        }
    }
}
