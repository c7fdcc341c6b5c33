package io.peregrine.rewrite.calls;

/**
 * Says when the next request may go. There is one per JVM and set of endpoints, so that more tasks in an executor do not
 * mean more requests. Three bounds hold together: requests per minute, tokens per minute, and requests in flight; the last
 * moves by additive increase and multiplicative decrease between 1 and its maximum. Up to the first sign of load it doubles
 * with each round, for 512 in flight would else take 131,000 requests to reach.
 *
 * <p>Time is an argument, in nanoseconds of any monotonic clock. Thread: safe.
 */
public final class RateLimiter {
    private static final double NANOS_PER_MINUTE = 60e9;
    /** What may go at once after a pause, as a share of a minute's allowance. */
    private static final double BURST = 1.0 / 60;

    private static final double DECREASE = 0.5;
    private static final double WINDOW_FIRST = 8;

    private double requestsPerMinute;
    private double tokensPerMinute;
    private final int inFlightMax;

    private double requests;
    private double tokens;
    private long filledAt;
    private double window;
    private boolean slowStart = true;
    private int inFlight;
    private long decreasedAt;
    private long closedUntil;

    /**
     * @param requestsPerMinute above 0
     * @param tokensPerMinute above 0, of prompts and answers together
     * @param inFlightMax at least 1
     * @param now the time
     */
    public RateLimiter(double requestsPerMinute, double tokensPerMinute, int inFlightMax, long now) {
        requirePositive(requestsPerMinute, tokensPerMinute, inFlightMax);
        this.requestsPerMinute = requestsPerMinute;
        this.tokensPerMinute = tokensPerMinute;
        this.inFlightMax = inFlightMax;
        this.requests = requestsBurst();
        this.tokens = tokensPerMinute * BURST;
        this.filledAt = now;
        this.window = Math.min(WINDOW_FIRST, inFlightMax);
        this.decreasedAt = now;
        this.closedUntil = now;
    }

    private static void requirePositive(double requestsPerMinute, double tokensPerMinute, int inFlightMax) {
        if (!(requestsPerMinute > 0) || !(tokensPerMinute > 0) || inFlightMax < 1) {
            throw new IllegalArgumentException("a limiter of %s requests/min, %s tokens/min, %d in flight: must be > 0"
                    .formatted(requestsPerMinute, tokensPerMinute, inFlightMax));
        }
    }

    /** Sets other rates from now on, where the share of this JVM in those of the whole job has changed. */
    public synchronized void rates(double requestsPerMinuteNow, double tokensPerMinuteNow, long now) {
        requirePositive(requestsPerMinuteNow, tokensPerMinuteNow, inFlightMax);
        fill(now);
        requestsPerMinute = requestsPerMinuteNow;
        tokensPerMinute = tokensPerMinuteNow;
        fill(now);
    }

    /**
     * Takes a place for a request, or says how long to wait before asking again. A request may run its bucket into debt, so
     * that one with more tokens than a burst goes too; the debt is waited off by the next.
     *
     * @param tokensOfRequest the most it can take
     * @return 0 if it may go; else nanoseconds, at least 1. {@link Long#MAX_VALUE} if only the end of another can help
     */
    public synchronized long acquire(long tokensOfRequest, long now) {
        if (inFlight >= (int) window) {
            return Long.MAX_VALUE;
        }
        fill(now);
        double wait = Math.max(closedUntil - now, 0);
        wait = Math.max(wait, (1 - requests) * NANOS_PER_MINUTE / requestsPerMinute);
        if (tokens <= 0) {
            wait = Math.max(wait, -tokens * NANOS_PER_MINUTE / tokensPerMinute + 1);
        }
        if (wait > 0) {
            return (long) Math.max(1, Math.ceil(wait));
        }
        requests -= 1;
        tokens -= tokensOfRequest;
        inFlight++;
        return 0;
    }

    /** A request ended without a sign of load. After a first sign of load a whole window of such requests admits one more. */
    public synchronized void succeeded(long tokensOfRequest, long tokensUsed) {
        inFlight--;
        // What was taken for an answer of the greatest length and not used is given back.
        tokens = Math.min(tokensPerMinute * BURST, tokens + Math.max(0, tokensOfRequest - tokensUsed));
        window = Math.min(inFlightMax, window + (slowStart ? 1 : 1 / window));
    }

    /**
     * A request ended with a sign of load: the window halves. Requests that were already out when it last halved tell
     * nothing new.
     *
     * @param sentAt when it was sent
     * @param retryAfter nanoseconds in which nobody may send; 0 if the server did not say
     */
    public synchronized void slowDown(long sentAt, long retryAfter, long now) {
        inFlight--;
        slowStart = false;
        if (sentAt - decreasedAt >= 0) {
            window = Math.max(1, window * DECREASE);
            decreasedAt = now;
        }
        if (now + retryAfter - closedUntil > 0) {
            closedUntil = now + retryAfter;
        }
    }

    /** Requests that may be in flight together. */
    public synchronized int window() {
        return (int) window;
    }

    /** Requests in flight. */
    public synchronized int inFlight() {
        return inFlight;
    }

    private double requestsBurst() {
        return Math.max(1, requestsPerMinute * BURST);
    }

    private void fill(long now) {
        double minutes = Math.max(0, now - filledAt) / NANOS_PER_MINUTE;
        requests = Math.min(requestsBurst(), requests + minutes * requestsPerMinute);
        tokens = Math.min(tokensPerMinute * BURST, tokens + minutes * tokensPerMinute);
        filledAt = now;
    }
}
