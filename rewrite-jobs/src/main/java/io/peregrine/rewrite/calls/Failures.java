package io.peregrine.rewrite.calls;

import com.openai.core.http.Headers;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Tells failures of the client apart. */
final class Failures {
    private static final int DETAIL_CHARACTERS_MAX = 300;

    private Failures() {}

    /**
     * @param fault what the client's future failed with; a fault that is none of the network or the server is thrown on
     * @param redactor takes secrets out of what a server said, before it is cut
     */
    static Attempt.Failed of(Throwable fault, Duration latency, UnaryOperator<String> redactor) {
        Optional<Duration> retryAfter = Optional.empty();
        FailureReason reason;
        String detail;
        OpenAIServiceException said = find(fault, OpenAIServiceException.class);
        OpenAIInvalidDataException invalid = find(fault, OpenAIInvalidDataException.class);
        if (said != null) {
            reason = ofStatus(said.statusCode());
            detail = "status " + said.statusCode() + ": " + said.body();
            retryAfter = retryAfter(said.headers());
        } else if (find(fault, OpenAIIoException.class) != null) {
            IOException cause = find(fault, IOException.class);
            reason = ofIo(fault, cause);
            detail = cause == null ? fault.toString() : cause.toString();
        } else if (invalid != null) {
            // Its causes quote the body at length: the kind of fault is enough.
            reason = FailureReason.MALFORMED;
            detail = String.valueOf(invalid.getMessage());
        } else {
            throw fault instanceof RuntimeException bug ? bug : new IllegalStateException(fault);
        }
        return new Attempt.Failed(reason, shortened(redactor.apply(detail)), retryAfter, latency);
    }

    /** What a status that is no success says. */
    static FailureReason ofStatus(int status) {
        if (status == 429) {
            return FailureReason.RATE_LIMITED;
        }
        if (status >= 500 || status == 408 || status == 409) {
            return FailureReason.SERVER_ERROR;
        }
        return status == 401 || status == 403 ? FailureReason.UNAUTHORIZED : FailureReason.REFUSED;
    }

    private static FailureReason ofIo(Throwable fault, IOException cause) {
        if (cause instanceof BoundedJson.WrongContentType) {
            return FailureReason.CONTENT_TYPE;
        }
        if (cause instanceof BoundedJson.TooLarge) {
            return FailureReason.TOO_LARGE;
        }
        if (cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException) {
            return FailureReason.UNREACHABLE;
        }
        return find(fault, InterruptedIOException.class) != null
                ? FailureReason.TIMED_OUT
                : FailureReason.CONNECTION_LOST;
    }

    private static Optional<Duration> retryAfter(Headers headers) {
        Instant now = headers.values("date").stream()
                .findFirst()
                .flatMap(RetryAfter::date)
                .orElseGet(Instant::now);
        return headers.values("retry-after").stream().findFirst().flatMap(value -> RetryAfter.parse(value, now));
    }

    private static <T extends Throwable> T find(Throwable fault, Class<T> kind) {
        int depth = 0;
        for (Throwable cause = fault; cause != null && depth < 32; cause = cause.getCause(), depth++) {
            if (kind.isInstance(cause)) {
                return kind.cast(cause);
            }
        }
        return null;
    }

    private static String shortened(String detail) {
        return detail.length() <= DETAIL_CHARACTERS_MAX ? detail : detail.substring(0, DETAIL_CHARACTERS_MAX) + "...";
    }
}
