package io.peregrine.data.jobs;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark session that is opened by whoever needs it first: a run with nothing to do never starts Spark.
 *
 * <p>Thread: one at a time. Closing stops a session that was opened here, and the next use opens another.
 */
public final class LazySpark implements AutoCloseable {
    private final String applicationName;
    private final boolean ours;
    private Optional<SparkSession> session;

    /** A session yet to be opened. */
    public LazySpark(String applicationName) {
        this(applicationName, true, Optional.empty());
    }

    private LazySpark(String applicationName, boolean ours, Optional<SparkSession> session) {
        this.applicationName = applicationName;
        this.ours = ours;
        this.session = session;
    }

    /** A session that somebody else opened and will stop. */
    static LazySpark opened(SparkSession session) {
        return new LazySpark("", false, Optional.of(session));
    }

    /** The session, opened now if it is not open yet. */
    public SparkSession session() {
        if (session.isEmpty()) {
            session = Optional.of(SparkSessions.open(applicationName));
        }
        return session.get();
    }

    @Override
    public void close() {
        if (ours) {
            session.ifPresent(SparkSession::stop);
            session = Optional.empty();
        }
    }
}
