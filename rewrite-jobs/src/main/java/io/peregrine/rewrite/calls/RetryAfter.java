package io.peregrine.rewrite.calls;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After}, RFC 9110 section 10.2.3: seconds or a date. */
final class RetryAfter {
    /** A server that asks for more is taken to ask for this: a mistyped date must not hold a run for years. */
    static final Duration MAX = Duration.ofHours(1);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private RetryAfter() {}

    /**
     * @param value the header
     * @param now the server's {@code Date} if it sent one, so that its clock is compared with itself
     * @return the wait, 0 to an hour, or empty if the header says nothing that can be read
     */
    static Optional<Duration> parse(String value, Instant now) {
        String stripped = value.strip();
        if (SECONDS.matcher(stripped).matches()) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(stripped))));
        }
        return date(stripped).map(until -> bounded(Duration.between(now, until)));
    }

    /** A date of HTTP, or empty. */
    static Optional<Instant> date(String value) {
        try {
            return Optional.of(ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
