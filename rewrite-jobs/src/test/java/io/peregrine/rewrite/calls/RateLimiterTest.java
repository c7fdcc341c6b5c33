package io.peregrine.rewrite.calls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void requestsPerMinuteHoldOverAnHour() {
        RateLimiter limiter = new RateLimiter(600, 1e12, 1000, 0);
        assertThat(granted(limiter, 3600 * SECOND, 10)).isBetween(36_000L, 36_010L);
    }

    @Test
    void tokensPerMinuteHoldOverAnHourEvenForRequestsLargerThanABurst() {
        // A burst is 1,000 tokens, a request 5,000: 12 of them a minute.
        RateLimiter limiter = new RateLimiter(1e9, 60_000, 1000, 0);
        assertThat(granted(limiter, 3600 * SECOND, 5_000)).isBetween(719L, 722L);
    }

    @Test
    void tokensThatWereNotUsedAreGivenBack() {
        RateLimiter limiter = new RateLimiter(1e9, 60_000, 10, 0);
        assertThat(limiter.acquire(1_500, 0)).isZero();
        assertThat(limiter.acquire(1_000, 1)).isPositive();
        limiter.succeeded(1_500, 100);
        assertThat(limiter.acquire(1_000, 2)).isZero();
    }

    @Test
    void theWindowDoublesUpToTheFirstSignOfLoadThenGrowsByOneARound() {
        RateLimiter limiter = new RateLimiter(1e12, 1e15, 64, 0);
        assertThat(limiter.window()).isEqualTo(8);
        round(limiter, 8, SECOND);
        assertThat(limiter.window()).isEqualTo(16);
        round(limiter, 16, 2 * SECOND);
        assertThat(limiter.window()).isEqualTo(32);
        acquire(limiter, 32, 3 * SECOND);
        assertThat(limiter.acquire(1, 3 * SECOND)).isEqualTo(Long.MAX_VALUE);
        // A round of failures is one sign, not 32.
        for (int i = 0; i < 32; i++) {
            limiter.slowDown(3 * SECOND, 0, 4 * SECOND + i);
        }
        assertThat(limiter.window()).isEqualTo(16);
        assertThat(limiter.inFlight()).isZero();
        round(limiter, 17, 5 * SECOND);
        assertThat(limiter.window()).isEqualTo(17);
    }

    @Test
    void theWindowStaysBetweenOneAndItsMost() {
        RateLimiter limiter = new RateLimiter(1e12, 1e15, 12, 0);
        round(limiter, 100, SECOND);
        assertThat(limiter.window()).isEqualTo(12);
        for (int i = 0; i < 40; i++) {
            acquire(limiter, 1, (4 + i) * SECOND);
            limiter.slowDown((4 + i) * SECOND, 0, (4 + i) * SECOND);
        }
        assertThat(limiter.window()).isEqualTo(1);
    }

    @Test
    void retryAfterClosesForEverybodyAndAnEarlierEndDoesNotOpen() {
        RateLimiter limiter = new RateLimiter(1e12, 1e15, 64, 0);
        limiter.acquire(1, 0);
        limiter.acquire(1, 0);
        limiter.slowDown(0, 7 * SECOND, SECOND);
        limiter.slowDown(0, 2 * SECOND, SECOND);
        assertThat(limiter.acquire(1, SECOND)).isEqualTo(7 * SECOND);
        assertThat(limiter.acquire(1, 8 * SECOND - 1)).isEqualTo(1);
        assertThat(limiter.acquire(1, 8 * SECOND)).isZero();
    }

    @Test
    void aClockThatStartsBelowZeroIsAsGood() {
        RateLimiter limiter = new RateLimiter(60, 1e12, 4, Long.MAX_VALUE - SECOND);
        assertThat(limiter.acquire(1, Long.MAX_VALUE - SECOND)).isZero();
        assertThat(limiter.acquire(1, Long.MAX_VALUE - SECOND / 2)).isBetween(SECOND / 2 - 1, SECOND / 2 + 1);
        assertThat(limiter.acquire(1, Long.MIN_VALUE + SECOND / 2)).isZero();
    }

    private static void round(RateLimiter limiter, int n, long now) {
        for (int i = 0; i < n; i++) {
            acquire(limiter, 1, now);
            limiter.succeeded(1, 1);
        }
    }

    private static void acquire(RateLimiter limiter, int n, long now) {
        for (int i = 0; i < n; i++) {
            assertThat(limiter.acquire(1, now)).isZero();
        }
    }

    /** Asks again when told to, until the end; each request ends at once. */
    private static long granted(RateLimiter limiter, long end, long tokens) {
        long granted = 0;
        for (long now = 0; now < end; ) {
            long wait = limiter.acquire(tokens, now);
            if (wait == 0) {
                granted++;
                limiter.succeeded(tokens, tokens);
            } else {
                now += wait;
            }
        }
        return granted;
    }

    @Test
    void aShareThatGrowsOrShrinksHoldsFromThenOn() {
        RateLimiter limiter = new RateLimiter(600, 1e12, 1000, 0);
        limiter.rates(60, 1e12, 0);
        assertThat(limiter.acquire(1, 0)).isZero();
        assertThat(limiter.acquire(1, 0)).isEqualTo(SECOND);
        limiter.rates(600, 1e12, 0);
        assertThat(limiter.acquire(1, 0)).isEqualTo(SECOND / 10);
    }
}
