package io.peregrine.data.testing;

import io.peregrine.data.jobs.SparkSessions;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** The Spark session that the tests of one JVM share. Tag a test that uses it {@code @Tag("spark")}. */
public final class SparkTest {
    private static final int CORES = 2;

    private SparkTest() {}

    /** A session with Delta on two local cores. */
    public static synchronized SparkSession spark() {
        return open("local[" + CORES + "]");
    }

    /** Runs something on a session with this many cores; the shared session is opened anew afterwards. */
    public static synchronized <T> T withCores(int cores, Supplier<T> body) {
        return withMaster("local[" + cores + "]", body);
    }

    /** The same on any master, such as {@code local[2,4]}, on which a task may fail three times. */
    public static synchronized <T> T withMaster(String master, Supplier<T> body) {
        close();
        open(master);
        try {
            return body.get();
        } finally {
            close();
        }
    }

    /**
     * Plans are interpreted, which is what they mean compiled: for tests' few rows a fifth of the time went into compiling them.
     * Runs in processes of their own, as of the quickstart, compile them.
     */
    private static SparkSession open(String master) {
        System.setProperty("spark.sql.shuffle.partitions", "2");
        System.setProperty("spark.sql.codegen.wholeStage", "false");
        System.setProperty("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        if (SparkSession.getDefaultSession().isEmpty()) {
            System.setProperty("spark.master", master);
        }
        return SparkSessions.open("test");
    }

    private static void close() {
        if (SparkSession.getDefaultSession().isDefined()) {
            SparkSession.getDefaultSession().get().stop();
        }
    }
}
