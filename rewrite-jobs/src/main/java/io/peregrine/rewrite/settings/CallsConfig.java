package io.peregrine.rewrite.settings;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.rewrite.calls.RetryPolicy;
import java.time.Duration;

/** How fast, how many at once, how often again. */
public record CallsConfig(
        @Key(unit = "requests/min", doc = "most requests of the whole job, whatever the number of executors")
        double requestsPerMinute,

        @Key(unit = "tokens/min", doc = "most tokens of the whole job, of prompts and answers together")
        double tokensPerMinute,

        @Key(unit = "requests", doc = "most requests in flight of one executor, whatever the number of its tasks")
        int inFlight,

        @Key(unit = "attempts", doc = "most attempts of one request")
        int attempts,

        @Key(
                unit = "s",
                doc = "wait after the first attempt, doubled for each further one; a server's Retry-After comes first")
        double firstWaitSeconds,

        @Key(unit = "s", doc = "longest such wait") double longestWaitSeconds,

        @Key(unit = "s", doc = "time for one attempt, from connecting to the end of the answer")
        double timeoutSeconds,

        @Key(unit = "bytes", doc = "most bytes of one response")
        int responseBytesMax,

        @Key(
                unit = "requests",
                doc = "requests after which responses go from the tasks' logs to the table; what a task holds in memory"
                        + " when it is tried again grows with it")
        int commitRequests) {
    public static final CallsConfig DEFAULTS =
            new CallsConfig(60_000, 100_000_000, 64, 6, 1, 60, 600, 4_000_000, 50_000);

    public CallsConfig {
        positive("requests-per-minute", requestsPerMinute);
        positive("tokens-per-minute", tokensPerMinute);
        if (inFlight < 1 || inFlight > 65_536) {
            throw new ConfigException("in-flight", inFlight, "must be 1 to 65536 requests");
        }
        if (attempts < 1 || attempts > 100) {
            throw new ConfigException("attempts", attempts, "must be 1 to 100");
        }
        if (!(firstWaitSeconds >= 0 && firstWaitSeconds <= 3_600)) {
            throw new ConfigException("first-wait-seconds", firstWaitSeconds, "must be 0 to 3600 s");
        }
        if (!(longestWaitSeconds >= firstWaitSeconds && longestWaitSeconds <= 86_400)) {
            throw new ConfigException(
                    "longest-wait-seconds",
                    longestWaitSeconds,
                    "must be at least first-wait-seconds, %s, and at most 86400 s".formatted(firstWaitSeconds));
        }
        if (!(timeoutSeconds >= 0.001 && timeoutSeconds <= 86_400)) {
            throw new ConfigException("timeout-seconds", timeoutSeconds, "must be 0.001 to 86400 s");
        }
        if (responseBytesMax < 1_000) {
            throw new ConfigException("response-bytes-max", responseBytesMax, "must be at least 1000 bytes");
        }
        if (commitRequests < 1) {
            throw new ConfigException("commit-requests", commitRequests, "must be > 0");
        }
    }

    private static void positive(String key, double value) {
        if (!(value > 0 && value <= 1e15)) {
            throw new ConfigException(key, value, "must be > 0 and at most 10^15");
        }
    }

    /** How often and when again. */
    public RetryPolicy retries() {
        return new RetryPolicy(attempts, seconds(firstWaitSeconds), seconds(longestWaitSeconds));
    }

    /** Time for one attempt. */
    public Duration timeout() {
        return seconds(timeoutSeconds);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
