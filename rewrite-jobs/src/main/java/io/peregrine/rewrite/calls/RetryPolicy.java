package io.peregrine.rewrite.calls;

import io.peregrine.data.seed.SeedStream;
import java.io.Serializable;
import java.time.Duration;

/**
 * How often and when a request is tried again.
 *
 * @param attemptsMax most attempts of a request, at least 1
 * @param first wait after the first attempt, doubled for each further one
 * @param longest wait, unless the server asks for more
 */
public record RetryPolicy(int attemptsMax, Duration first, Duration longest) implements Serializable {
    public RetryPolicy {
        if (attemptsMax < 1 || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("%d attempts, waits of %s to %s: must be >= 1, >= 0 and in order"
                    .formatted(attemptsMax, first, longest));
        }
    }

    /**
     * The wait before the next attempt: half of the doubled wait and a share of the other half that belongs to the request,
     * so that requests which failed together do not come back together.
     *
     * @param attempts that were made, at least 1
     */
    Duration wait(RequestKey key, int attempts) {
        long doubled = Math.min(longest.toNanos(), first.toNanos() << Math.min(attempts - 1, 20));
        double share = (SeedStream.mix(key.bits() ^ attempts) >>> 11) * 0x1p-53;
        return Duration.ofNanos((long) (doubled / 2.0 * (1 + share)));
    }
}
