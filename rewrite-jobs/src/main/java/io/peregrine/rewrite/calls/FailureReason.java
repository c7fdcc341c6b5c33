package io.peregrine.rewrite.calls;

import java.util.Locale;

/** Why an attempt brought no answer. */
public enum FailureReason {
    /** 429. */
    RATE_LIMITED(true, true, false),
    /** 5xx, and 408 and 409, which servers and proxies send for their own troubles. */
    SERVER_ERROR(true, true, true),
    /** No connection was made, so nothing was sent. */
    UNREACHABLE(true, true, false),
    /** The connection ended before the answer did. */
    CONNECTION_LOST(true, true, true),
    /** The time for one attempt was over. */
    TIMED_OUT(true, true, true),
    /** 2xx with a body that is no answer in JSON, or one cut short. */
    MALFORMED(true, false, true),
    /** 2xx with a body of another content type: a login page, a proxy's notice. */
    CONTENT_TYPE(true, false, true),
    /** 2xx without a choice or without its text. */
    NO_CHOICE(true, false, true),
    /** 2xx without usage, so that nobody knows the cost. Another attempt would lack it too. */
    NO_USAGE(false, false, true),
    /** The body had more bytes than allowed. Another would be as long. */
    TOO_LARGE(false, false, true),
    /** 401 or 403. */
    UNAUTHORIZED(false, false, false),
    /** Any other status: the request itself is not to the server's liking. */
    REFUSED(false, false, false),
    /** Not sent: it could have cost more than is left. */
    OVER_BUDGET(false, false, false);

    private final boolean retried;
    private final boolean slowsDown;
    private final boolean mayCost;

    FailureReason(boolean retried, boolean slowsDown, boolean mayCost) {
        this.retried = retried;
        this.slowsDown = slowsDown;
        this.mayCost = mayCost;
    }

    /** Whether another attempt may succeed. */
    public boolean retried() {
        return retried;
    }

    /** Whether it is a sign of load, so that fewer requests should be in flight. */
    public boolean slowsDown() {
        return slowsDown;
    }

    /** Whether the server may have done, and charged for, the work. */
    public boolean mayCost() {
        return mayCost;
    }

    /** As tables and manifests spell it, for example {@code rate-limited}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
