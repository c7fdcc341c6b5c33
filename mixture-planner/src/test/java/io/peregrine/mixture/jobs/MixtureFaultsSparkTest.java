package io.peregrine.mixture.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.jobs.StageRunner;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.mixture.CapMode;
import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PackingMode;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.plan.HistoryFile;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds and changes that are stopped at their writes: what comes of them in the end is the same. */
@Tag("spark")
class MixtureFaultsSparkTest {
    private static final Map<String, Integer> DOCUMENTS = Map.of("web", 30, "code", 20);
    private static final MixtureConfig BEFORE = config("0.6", "0.4");
    private static final MixtureConfig AFTER = config("0.3", "0.7");

    @TempDir
    static Path folder;

    private static RunLayout planned;
    private static Map<String, String> payloads;

    @BeforeAll
    static void build() throws IOException {
        planned = new RunLayout(folder.resolve("planned"));
        runner(planned).ensure(new TokensStage(DOCUMENTS, 2, 0));
        runner(planned).ensure(MixtureJob.of(planned, BEFORE));
        RunLayout whole = copy("whole");
        runner(whole).ensure(new ShardJob());
        payloads = payloads(whole);
    }

    private static MixtureConfig config(String web, String code) {
        return new MixtureConfig(
                64,
                16,
                Optional.of(4_000L),
                Optional.empty(),
                PackingMode.BEST_FIT,
                1024,
                1024,
                0,
                CapMode.PROJECT,
                Map.of("web", StreamMix.of(new BigDecimal(web)), "code", StreamMix.of(new BigDecimal(code))),
                ScheduleConfig.DEFAULTS);
    }

    private static StageRunner runner(RunLayout layout) {
        return new StageRunner(SparkTest.spark(), layout, SeedStream.of(1), Progress.SILENT);
    }

    private static RunLayout copy(String name) throws IOException {
        RunLayout layout = new RunLayout(folder.resolve(name));
        try (Stream<Path> all = Files.walk(planned.root())) {
            for (Path from : all.sorted().toList()) {
                Files.copy(from, layout.root().resolve(planned.root().relativize(from)));
            }
        }
        return layout;
    }

    private static Map<String, String> payloads(RunLayout layout) {
        Map<String, String> payloads = new TreeMap<>();
        StageManifest.require(layout, Stage.SHARDS)
                .outputs()
                .forEach((name, table) -> payloads.put(name, table.payloadDigest()));
        return payloads;
    }

    /** A folder where a file is written beside its place before it is moved there: the file cannot be written. */
    private static Path inTheWayOf(Path file) throws IOException {
        return Files.createDirectories(file.resolveSibling("." + file.getFileName() + ".tmp"));
    }

    private static boolean stopsBefore(Path file, Runnable body) throws IOException {
        Path obstacle = inTheWayOf(file);
        try {
            body.run();
            return false;
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessage("cannot write " + file);
            return true;
        } finally {
            Files.delete(obstacle);
        }
    }

    @Test
    void aStoppedBuildIsMadeGoodByTheNext() throws IOException {
        // Before the first rows, before the commit of these is moved to its place, and between the two tables' commits;
        // Delta
        // writes five files for a table, and does without the last two, checksums, if it cannot.
        for (int writes : List.of(0, 2, 5)) {
            RunLayout layout = copy("build-" + writes);
            boolean stopped = StoppingFileSystem.stopsAfter(
                    writes, SparkTest.spark(), () -> runner(layout).ensure(new ShardJob()));
            assertThat(stopped).as("stopped after %d writes", writes).isTrue();
            assertThat(StageManifest.read(layout, Stage.SHARDS)).isEmpty();
            assertMadeGood(layout, "stopped after %d writes".formatted(writes));
        }
        RunLayout layout = copy("build-index");
        for (Path file : List.of(layout.shards().resolve(ShardIndex.FILE_NAME), layout.manifest(Stage.SHARDS))) {
            assertThat(stopsBefore(file, () -> runner(layout).ensure(new ShardJob())))
                    .isTrue();
            assertThat(file).doesNotExist();
        }
        assertMadeGood(layout, "stopped before the index and before the manifest");
    }

    /** The next build has what one that nobody stopped has, and what had been committed is not committed again. */
    private static void assertMadeGood(RunLayout layout, String when) {
        StageManifest manifest = runner(layout).ensure(new ShardJob());
        assertThat(payloads(layout)).as(when).isEqualTo(payloads);
        assertThat(manifest.outputs().values())
                .as(when)
                .extracting(TableVersion::version)
                .containsOnly(0L, TableVersion.PLAIN_FILE);
    }

    /** Whoever reads the plan meanwhile reads the old or the new one, and the change is made once, whoever plans next. */
    @Test
    void aStoppedChangeIsMadeOrNotMade() throws IOException {
        MixturePlan old = plan(planned);
        MixtureHistory changed = MixtureHistory.of(BEFORE)
                .with(new MixtureChange(
                        2, Optional.of(AFTER), Optional.empty(), "ada", "more code", "2026-01-01T00:00:00Z"));
        RunLayout whole = copy("change-whole");
        runner(whole).ensure(new MixtureJob(changed));
        String digest = plan(whole).digest();
        assertThat(digest).isNotEqualTo(old.digest());

        for (String file : List.of(HistoryFile.FILE_NAME, MixturePlan.FILE_NAME, StageManifest.FILE_NAME)) {
            RunLayout layout = copy("change-" + file);
            assertThat(stopsBefore(
                            layout.mixture().resolve(file), () -> runner(layout).ensure(new MixtureJob(changed))))
                    .isTrue();
            assertMadeOrNot(layout, changed, old.digest(), digest);
        }
        // Before the commit of the table plan is moved to its place, and between it and that of streams.
        for (int writes : List.of(2, 5)) {
            RunLayout layout = copy("change-" + writes);
            boolean stopped = StoppingFileSystem.stopsAfter(
                    writes, SparkTest.spark(), () -> runner(layout).ensure(new MixtureJob(changed)));
            assertThat(stopped).as("stopped after %d writes", writes).isTrue();
            assertMadeOrNot(layout, changed, old.digest(), digest);
        }
    }

    private static void assertMadeOrNot(RunLayout layout, MixtureHistory changed, String old, String after) {
        boolean made = HistoryFile.read(layout.mixture()).orElseThrow().equals(changed);
        assertThat(plan(layout).digest()).isIn(old, made ? after : old);
        runner(layout).ensure(made ? MixtureJob.of(layout, AFTER) : new MixtureJob(changed));
        assertThat(plan(layout).digest()).isEqualTo(after);
        assertThat(HistoryFile.read(layout.mixture())).contains(changed);
        assertThat(StageManifest.require(layout, Stage.MIXTURE).output("plan").rows())
                .isEqualTo(2L * plan(layout).counts().blocks());
    }

    private static MixturePlan plan(RunLayout layout) {
        return PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
    }
}
