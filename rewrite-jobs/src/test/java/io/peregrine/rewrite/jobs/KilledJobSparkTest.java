package io.peregrine.rewrite.jobs;

import static io.peregrine.rewrite.jobs.ModelRewriteFixture.documents;
import static io.peregrine.rewrite.jobs.ModelRewriteFixture.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.jobs.SparkSessions;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.testing.ShortLivedJvm;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.rewrite.calls.FaultyServer;
import io.peregrine.rewrite.calls.FaultyServer.Fault;
import io.peregrine.rewrite.jobs.ModelRewriteFixture.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed, which no exception and no shutdown hook softens. */
@Tag("spark")
class KilledJobSparkTest {
    private static final int REQUESTS = 2_000;
    private static final int IN_FLIGHT = 512;

    @TempDir
    Path folder;

    @Test
    void whatAKilledProcessPaidIsNotPaidAgainAnd512InFlightFitInUnderAGigabyte() throws Exception {
        Path templates = ModelRewriteFixture.templates(folder.resolve("prompts"));
        Path root = folder.resolve("run");
        SparkSession spark = SparkTest.spark();
        ModelRewriteFixture.runner(spark, root).ensure(new ModelRewriteFixture.Given(documents(REQUESTS)));
        CountDownLatch half = new CountDownLatch(REQUESTS / 2);
        // In the second process, once enough have been answered to let as many go, none is before so many are there
        // together.
        CountDownLatch together = new CountDownLatch(IN_FLIGHT);
        AtomicBoolean killed = new AtomicBoolean();
        AtomicInteger arrived = new AtomicInteger();
        FaultyServer server = new FaultyServer(
                (number, request) -> {
                    half.countDown();
                    if (killed.get() && arrived.incrementAndGet() > 700) {
                        together.countDown();
                        await(together);
                    }
                    return number % 5 == 0 ? Fault.MALFORMED : Fault.NONE;
                },
                ModelRewriteFixture::answer);
        try (server) {
            Process first = child(root, templates, server, 8);
            assertThat(half.await(500, TimeUnit.SECONDS)).as(log()).isTrue();
            first.destroyForcibly().waitFor();
            killed.set(true);
            long paid = server.charged.get();
            Process second = child(root, templates, server, IN_FLIGHT);
            assertThat(second.waitFor(500, TimeUnit.SECONDS)).as(log()).isTrue();
            assertThat(second.exitValue()).as(log()).isZero();
            assertThat(together.getCount()).isZero();
            assertThat(paid).isGreaterThan(REQUESTS / 3);
            assertThat(server.charged.get()).isBetween((long) REQUESTS, REQUESTS + REQUESTS / 100L);
            StageManifest manifest = StageManifest.require(new RunLayout(root), Stage.REWRITE);
            assertThat(manifest.counts())
                    .containsEntry("requests", (long) REQUESTS)
                    .containsEntry("requests-answered", (long) REQUESTS)
                    .containsEntry("out", (long) REQUESTS);
            assertThat(manifest.counts().get("requests-answered-before")).isGreaterThanOrEqualTo(paid - 8);
            assertThat(manifest.counts().get("tokens-paid")).isGreaterThanOrEqualTo(16 * server.charged.get());
            assertThat(table(spark, root, "responses").stream()
                            .map(row -> row.<String>getAs("key"))
                            .distinct())
                    .hasSize(REQUESTS);
            assertThat(table(spark, root, "responses")).hasSize(REQUESTS);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(100, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private Process child(Path root, Path templates, FaultyServer server, int inFlight) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Spark's own heap is in it, which is most of it.
        command.add("-Xmx900m");
        command.addAll(ShortLivedJvm.ARGUMENTS);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-Djdk"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Stream.of(root, templates, server.endpoint().url(), inFlight)
                .map(String::valueOf)
                .forEach(command::add);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** The process: the job and nothing else. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            System.setProperty("spark.master", "local[2]");
            System.setProperty("spark.sql.shuffle.partitions", "2");
            SparkSession spark = SparkSessions.open("child");
            Settings settings = Settings.of(arguments[2], Path.of(arguments[1]), "plain")
                    .withInFlight(Integer.parseInt(arguments[3]));
            ModelRewriteFixture.runner(spark, Path.of(arguments[0])).ensure(ModelRewriteFixture.job(settings.model()));
            System.exit(0);
        }
    }
}
