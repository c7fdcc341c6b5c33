package io.peregrine.rewrite.settings;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.rewrite.calls.Batches;
import java.time.Duration;

/** Requests in files. The bounds are OpenAI's, or below them. */
public record BatchConfig(
        @Key(unit = "requests", doc = "most requests of one file")
        int linesMax,

        @Key(unit = "bytes", doc = "most bytes of one file") long bytesMax,

        @Key(unit = "s", doc = "time between two questions for the state of a batch")
        double pollSeconds,

        @Key(
                unit = "s",
                doc = "time after which a batch that has not ended is no longer waited for; the next run asks again")
        double waitSeconds) {
    private static final int LINES_MAX = 50_000;
    private static final long BYTES_MAX = 100_000_000;

    public static final BatchConfig DEFAULTS = new BatchConfig(LINES_MAX, BYTES_MAX, 30, 172_800);

    public BatchConfig {
        if (linesMax < 1 || linesMax > LINES_MAX) {
            throw new ConfigException("lines-max", linesMax, "must be 1 to 50000 requests");
        }
        if (bytesMax < 1 || bytesMax > BYTES_MAX) {
            throw new ConfigException("bytes-max", bytesMax, "must be 1 to 100000000 bytes");
        }
        if (!(pollSeconds >= 0.001 && pollSeconds <= 3_600)) {
            throw new ConfigException("poll-seconds", pollSeconds, "must be 0.001 to 3600 s");
        }
        if (!(waitSeconds >= pollSeconds && waitSeconds <= 1e7)) {
            throw new ConfigException("wait-seconds", waitSeconds, "must be at least poll-seconds, and at most 10^7 s");
        }
    }

    /** As {@code calls} knows them. */
    public Batches.Limits limits() {
        return new Batches.Limits(
                linesMax, bytesMax, Duration.ofNanos((long) (pollSeconds * 1e9)), Duration.ofNanos((long)
                        (waitSeconds * 1e9)));
    }
}
