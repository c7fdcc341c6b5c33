package io.peregrine.mixture.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.jobs.StageRunner;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.mixture.CapMode;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.PackingMode;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardLease;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A run that was built three times: versions 0 and 2 of the stream web have sequences of 64 tokens, version 1 of 32; the
 * stream old was in the first build only. Version 1 is in the index of a release.
 */
@Tag("spark")
class MixtureGcSparkTest {
    private static final Map<String, Integer> BEFORE = Map.of("web", 20, "old", 10);
    private static final Map<String, Integer> AFTER = Map.of("web", 20);

    @TempDir
    static Path folder;

    private static RunLayout built;

    @TempDir
    Path own;

    private RunLayout layout;

    @BeforeAll
    static void build() throws IOException {
        built = new RunLayout(folder.resolve("built"));
        build(BEFORE, 64);
        build(AFTER, 32);
        Path releases = Files.createDirectories(built.shards().resolve(TableReferences.RELEASES));
        Files.copy(built.shards().resolve(ShardIndex.FILE_NAME), releases.resolve("first.json"));
        build(AFTER, 64);
    }

    private static void build(Map<String, Integer> documents, int sequenceLength) {
        Map<String, StreamMix> streams = new TreeMap<>();
        documents.keySet().forEach(name -> streams.put(name, StreamMix.of(new BigDecimal(1.0 / documents.size()))));
        MixtureConfig config = new MixtureConfig(
                sequenceLength,
                16,
                Optional.of(3_000L),
                Optional.empty(),
                PackingMode.BEST_FIT,
                50,
                4,
                0,
                CapMode.PROJECT,
                streams,
                ScheduleConfig.DEFAULTS);
        StageRunner runner = new StageRunner(SparkTest.spark(), built, SeedStream.of(1), Progress.SILENT);
        runner.ensure(new TokensStage(documents, 1, 0));
        runner.ensure(MixtureJob.of(built, config));
        runner.ensure(new ShardJob());
    }

    /** A copy of the run, for one test to do with as it likes. */
    private RunLayout copy() throws IOException {
        layout = new RunLayout(own.resolve("run"));
        try (Stream<Path> all = Files.walk(built.root())) {
            for (Path from : all.sorted().toList()) {
                Files.copy(from, layout.root().resolve(built.root().relativize(from)));
            }
        }
        return layout;
    }

    /** In a year; what was built is old by then. */
    private String gc(String... options) throws IOException {
        Path runFile =
                Files.writeString(own.resolve("run.yaml"), "run: gc\nroot: %s\nseed: 1\n".formatted(layout.root()));
        StringWriter out = new StringWriter();
        Clock inAYear = Clock.offset(Clock.systemUTC(), Duration.ofDays(365));
        CommandLine command = new CommandLine(new MixtureGcCommand(inAYear)).setOut(new PrintWriter(out, true));
        AtomicReference<Exception> thrown = new AtomicReference<>();
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            thrown.set(failure);
            return 1;
        });
        String[] arguments =
                Stream.concat(Stream.of(runFile.toString()), Stream.of(options)).toArray(String[]::new);
        int code = command.execute(arguments);
        if (thrown.get() instanceof RuntimeException refused) {
            throw refused;
        }
        assertThat(code).isZero();
        return out.toString();
    }

    private TreeSet<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(layout.root())) {
            TreeSet<String> files = new TreeSet<>();
            all.filter(Files::isRegularFile)
                    .map(file -> layout.root().relativize(file).toString())
                    .filter(name -> !name.equals(".lock"))
                    .forEach(files::add);
            return files;
        }
    }

    /** Rows of a version of the table of web, read to the last byte. */
    private long rows(String root, long version) {
        return SparkTest.spark()
                .read()
                .format("delta")
                .option("versionAsOf", version)
                .load(Path.of(root).resolve("70-shards/web").toString())
                .selectExpr("max(n_tok)", "max(length(tokens))", "count(*)")
                .head()
                .getLong(2);
    }

    private boolean readable(String root, long version) {
        try {
            return rows(root, version) > 0;
        } catch (Exception e) { // Spark throws what Java does not see declared
            return false;
        }
    }

    @Test
    void whatSomethingRefersToStaysAndWhatNothingRefersToGoes() throws IOException {
        copy();
        TreeSet<String> before = files();
        String said = gc();
        assertThat(files()).as("without --delete").isEqualTo(before);
        assertThat(said)
                .contains("keeps    70-shards/web version 1: 70-shards/releases/first.json")
                .contains("keeps    70-shards/web version 2: 70-shards/index.json, 70-shards/manifest.json")
                .containsPattern(
                        "garbage  70-shards/web version 0: \\d+ files, [\\d,]+ bytes: superseded at .* by version 1")
                .containsPattern("garbage  70-shards/old: \\d+ files, .* bytes: the whole table: no stream of the plan")
                .contains("garbage  60-mixture/plan version 0:", "garbage  60-mixture/streams version 1:")
                .contains("nothing was removed, --delete does it");

        assertThat(gc("--delete")).contains("removes  70-shards/old");
        String root = layout.root().toString();
        assertThat(readable(root, 0)).isFalse();
        assertThat(rows(root, 1)).isPositive();
        assertThat(rows(root, 2)).isPositive();
        assertThat(layout.shards().resolve("old")).doesNotExist();
        TreeSet<String> gone = new TreeSet<>(before);
        gone.removeAll(files());
        assertThat(gone)
                .allMatch(name ->
                        name.startsWith("70-shards/old/") || name.endsWith(".parquet") || name.endsWith(".crc"));
        assertThat(gone).noneMatch(name -> name.startsWith("70-shards/web/_delta_log"));
        assertThat(gc("--delete")).as("once more").contains("in all   0 files, 0 bytes");
    }

    /** What is built again after it is what was built before it: nothing that a build takes over has gone. */
    @Test
    void theNextBuildFindsEverythingAsItWas() throws IOException {
        copy();
        String index = Files.readString(layout.shards().resolve(ShardIndex.FILE_NAME));
        Files.delete(layout.manifest(Stage.SHARDS));
        gc("--delete", "--retain-hours", "0");
        StageRunner runner = new StageRunner(SparkTest.spark(), layout, SeedStream.of(1), Progress.SILENT);
        runner.ensure(new ShardJob());
        assertThat(Files.readString(layout.shards().resolve(ShardIndex.FILE_NAME)))
                .isEqualTo(index);
    }

    @Test
    void aReaderAndTheRetentionKeepVersionsToo() throws IOException {
        copy();
        Path index = layout.shards().resolve(ShardIndex.FILE_NAME);
        byte[] current = Files.readAllBytes(index);
        Files.writeString(
                index, Files.readString(index).replaceFirst("\"version\" : 2(,\\s+\"rows\")", "\"version\" : 0$1"));
        try (ShardLease reader = ShardLease.take(layout)) {
            Files.write(index, current);
            assertThat(gc("--delete")).contains("keeps    70-shards/web version 0: 70-shards/leases/lease-");
            assertThat(rows(layout.root().toString(), 0)).isPositive();
        }
        String year = Integer.toString(24 * 366);
        assertThat(gc("--delete", "--retain-hours", year))
                .contains("keeps    70-shards/web version 0: in force until ");
        assertThat(rows(layout.root().toString(), 0)).isPositive();
        assertThat(gc("--delete")).contains("removes  70-shards/web version 0");
    }

    @Test
    void whatIsLeftOfStoppedProcessesGoesAndWhatIsOfOthersStays() throws IOException {
        copy();
        Path web = layout.shards().resolve("web");
        Path orphan = Files.writeString(web.resolve("part-00000-orphan.parquet"), "half a file");
        Path halfCommit = Files.writeString(web.resolve("_delta_log/.00000000000000000003.json.x.tmp"), "{");
        Path halfIndex = Files.writeString(layout.shards().resolve(".index.json.tmp"), "{");
        Path leaving = Files.createDirectories(layout.shards().resolve(".gc-math/_delta_log"));
        Files.writeString(leaving.resolve("00000000000000000000.json"), "{}");
        Path lease = Files.createDirectories(layout.shards().resolve("leases")).resolve("lease-7.json");
        Files.createFile(lease);
        Path notes = Files.writeString(layout.shards().resolve("NOTES.md"), "mine");
        Path mine = Files.createDirectories(layout.shards().resolve("mine"));
        Files.writeString(mine.resolve("plot.png"), "mine");
        Path linked = Files.writeString(own.resolve("elsewhere.parquet"), "not of this run");
        Files.createSymbolicLink(web.resolve("link.parquet"), linked);

        assertThat(gc("--delete")).contains("in no commit: left by a task or a build that was stopped");
        assertThat(List.of(orphan, halfCommit, halfIndex, leaving, lease))
                .allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(List.of(notes, mine.resolve("plot.png"), linked, web.resolve("link.parquet")))
                .allSatisfy(path -> assertThat(path).exists());
    }

    /** Stopped after each file that it removes: all that is referred to can be read, and the next call does the rest. */
    @Test
    void stoppedAnywhereEverythingReferredToCanBeRead() throws IOException {
        copy();
        TreeSet<String> before = files();
        gc("--delete");
        TreeSet<String> gone = new TreeSet<>(before);
        TreeSet<String> left = files();
        gone.removeAll(left);
        int stops = 0;
        for (String last : gone) {
            if (!last.endsWith(".parquet") || stops++ % 3 != 0) {
                continue;
            }
            restore(before);
            for (String name : gone.headSet(last, true)) {
                Files.delete(layout.root().resolve(name));
            }
            assertThat(MixtureGarbage.find(
                                    layout, Clock.systemUTC().instant().plus(Duration.ofDays(365)), Duration.ZERO)
                            .kept())
                    .as("stopped after %s", last)
                    .extracting(MixtureGarbage.Kept::version)
                    .contains(1L, 2L);
            gc("--delete");
            assertThat(files()).isEqualTo(left);
        }
        assertThat(stops).isGreaterThan(3);
    }

    private void restore(TreeSet<String> names) throws IOException {
        for (String name : names) {
            Path file = layout.root().resolve(name);
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.copy(built.root().resolve(name), file);
            }
        }
    }

    @Test
    void whatCannotBeReadRemovesNothing() throws IOException {
        copy();
        TreeSet<String> before = files();
        Path release = layout.shards().resolve(TableReferences.RELEASES).resolve("first.json");
        String intact = Files.readString(release);
        Files.writeString(release, intact.substring(0, 100));
        assertRefused(before, "70-shards/releases/first.json: not a shard index");
        Files.writeString(release, intact.replaceFirst("\"version\" : 2", "\"version\" : 9"));
        assertRefused(before, "format peregrine-shards version 9");
        Files.writeString(release, intact.replaceFirst("\"version\" : 1(,\\s+\"rows\")", "\"version\" : 9$1"));
        assertRefused(before, "70-shards/web: version 9, which is referred to, cannot be read");
        Files.writeString(release, intact);
        try (RunLock lock = RunLock.take(layout)) {
            assertRefused(before, "another process is working on this run");
        }
        assertThatThrownBy(() -> gc("--delete", "--dry-run"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--delete = given with --dry-run: say one of them");
    }

    private void assertRefused(TreeSet<String> before, String message) throws IOException {
        assertThatThrownBy(() -> gc("--delete"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
        assertThat(files()).isEqualTo(before);
    }
}
