package io.peregrine.mixture.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.tables.DeltaTable;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
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
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.plan.HistoryFile;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardChanges;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class MixtureSparkTest {
    private static final Map<String, Integer> DOCUMENTS = Map.of("web", 120, "code", 60, "math", 25);
    private static final int SEQUENCE_LENGTH = 64;
    private static final int SHARD_SEQUENCES = 8;

    @TempDir
    Path root;

    private static MixtureConfig config(String webWeight, String codeWeight, PackingMode packing) {
        return new MixtureConfig(
                SEQUENCE_LENGTH,
                16,
                Optional.of(15_000L),
                Optional.empty(),
                packing,
                50,
                SHARD_SEQUENCES,
                5,
                CapMode.PROJECT,
                Map.of(
                        "web", StreamMix.of(new BigDecimal(webWeight)),
                        "code", StreamMix.of(new BigDecimal(codeWeight)),
                        "math", StreamMix.of(new BigDecimal("0.2")).withMaxEpochs(new BigDecimal("20"))),
                ScheduleConfig.DEFAULTS);
    }

    private StageRunner runner(RunLayout layout) {
        return new StageRunner(SparkTest.spark(), layout, SeedStream.of(1), Progress.SILENT);
    }

    private StageManifest build(RunLayout layout, MixtureConfig config, int partitions) {
        return build(layout, DOCUMENTS, config, partitions);
    }

    private StageManifest build(
            RunLayout layout, Map<String, Integer> documents, MixtureConfig config, int partitions) {
        StageRunner runner = runner(layout);
        runner.ensure(new TokensStage(documents, partitions, 0));
        runner.ensure(MixtureJob.of(layout, config));
        return runner.ensure(new ShardJob());
    }

    private static Map<String, String> payloads(RunLayout layout) {
        Map<String, String> payloads = new TreeMap<>();
        for (Stage stage : List.of(Stage.TOKENS, Stage.MIXTURE, Stage.SHARDS)) {
            StageManifest.require(layout, stage)
                    .outputs()
                    .forEach((name, table) -> payloads.put(stage + "/" + name, table.payloadDigest()));
        }
        return payloads;
    }

    private static Map<Long, ShardRow> rows(RunLayout layout, ShardIndex.StreamShards shards) {
        Map<Long, ShardRow> rows = new TreeMap<>();
        for (Row row : SparkTest.spark()
                .read()
                .format("delta")
                .option("versionAsOf", shards.table().version())
                .load(layout.root().resolve(shards.table().path()).toString())
                .collectAsList()) {
            ShardRow sequence = ShardTableRows.fromRow(row, Short.BYTES);
            assertThat(rows.put(sequence.seqOrd(), sequence)).isNull();
        }
        return rows;
    }

    @Test
    void digestsAreTheSameForAnyCoresAndPartitionsAndAfterKilledTasks() {
        MixtureConfig config = config("0.5", "0.3", PackingMode.BEST_FIT);
        RunLayout one = new RunLayout(root.resolve("one-core"));
        Map<String, String> payloads = SparkTest.withCores(1, () -> {
            build(one, config, 3);
            return payloads(one);
        });
        assertThat(payloads).containsKeys("SHARDS/web", "SHARDS/index.json");
        RunLayout two = new RunLayout(root.resolve("two-cores"));
        build(two, config, 7);
        assertThat(payloads(two)).isEqualTo(payloads);

        RunLayout killed = new RunLayout(root.resolve("killed"));
        runner(killed).ensure(new TokensStage(DOCUMENTS, 16, 0));
        runner(killed).ensure(MixtureJob.of(killed, config));
        SparkContext context = SparkTest.spark().sparkContext();
        Killer killer = new Killer(context);
        context.addSparkListener(killer);
        try {
            runner(killed).ensure(new ShardJob());
        } finally {
            context.removeSparkListener(killer);
        }
        assertThat(killer.killed.get()).as("tasks killed").isPositive();
        assertThat(payloads(killed)).isEqualTo(payloads);
    }

    /** Kills the first attempt of each task. */
    private static final class Killer extends SparkListener {
        private final SparkContext context;
        private final AtomicInteger killed = new AtomicInteger();

        Killer(SparkContext context) {
            this.context = context;
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart start) {
            if (start.taskInfo().attemptNumber() == 0) {
                context.killTaskAttempt(start.taskInfo().taskId(), false, "to see what comes of it");
            }
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            killed.addAndGet(end.reason() instanceof TaskKilled ? 1 : 0);
        }
    }

    @Test
    void everyEpochOfThePlanHasEveryTokenOfItsDocumentsOnce() {
        for (PackingMode packing : PackingMode.values()) {
            RunLayout layout = new RunLayout(root.resolve(packing.name()));
            build(layout, config("0.5", "0.3", packing), 3);
            MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
            ShardIndex index = ShardIndex.read(layout.shards().resolve(ShardIndex.FILE_NAME));
            index.requireFor(plan);
            SequenceOrder order = new SequenceOrder(plan);
            Map<String, List<Long>> seen = new HashMap<>();
            for (long position = 0; position < plan.totalSequences(); position++) {
                SequenceRef ref = order.at(position);
                String epoch = plan.streams().get(ref.stream()).name() + "/" + ref.epoch();
                seen.computeIfAbsent(epoch, e -> new ArrayList<>()).add(ref.row());
            }
            for (int stream = 0; stream < plan.streams().size(); stream++) {
                String name = plan.streams().get(stream).name();
                Map<Long, ShardRow> rows = rows(layout, index.stream(name));
                assertThat(plan.counts().total(stream))
                        .as("%s is seen whole", name)
                        .isGreaterThanOrEqualTo(rows.size());
                assertThat(seen.get(name + "/0")).containsExactlyInAnyOrderElementsOf(rows.keySet());
                assertThat(documents(rows)).isEqualTo(TokensStage.documents(name, DOCUMENTS.get(name)));
            }
        }
    }

    /** Documents put together again from the sequences in their order. */
    private static Map<String, List<Integer>> documents(Map<Long, ShardRow> rows) {
        Map<String, List<Integer>> documents = new HashMap<>();
        for (ShardRow row : rows.values()) {
            int[] ids = row.tokenIds();
            assertThat(row.nTok()).isLessThanOrEqualTo(SEQUENCE_LENGTH);
            for (int i = 0; i < row.docEnds().length; i++) {
                int start = i == 0 ? 0 : row.docEnds()[i - 1];
                boolean continues = documents.containsKey(row.docIds().get(i));
                assertThat(continues)
                        .as("sequence %d, document %d continues", row.seqOrd(), i)
                        .isEqualTo(i == 0 && row.firstIsContinuation());
                List<Integer> document = documents.computeIfAbsent(row.docIds().get(i), id -> new ArrayList<>());
                IntStream.range(start, row.docEnds()[i]).forEach(at -> document.add(ids[at]));
            }
        }
        return documents;
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() throws IOException {
        RunLayout layout = new RunLayout(root);
        MixtureConfig config = config("0.5", "0.3", PackingMode.BEST_FIT);
        StageManifest first = build(layout, config, 2);
        assertThat(build(layout, config, 2)).as("nothing to do").isEqualTo(first);

        Files.delete(layout.manifest(Stage.SHARDS));
        StageManifest afterCrash = build(layout, config, 2);
        assertThat(afterCrash.outputs()).as("committed, then killed").isEqualTo(first.outputs());
        assertThat(commits(layout, "web")).isEqualTo(1);

        StageManifest otherWeights = build(layout, config("0.4", "0.4", PackingMode.BEST_FIT), 2);
        assertThat(otherWeights.outputs()).as("weights do not move tokens").isEqualTo(first.outputs());

        StageManifest concat = build(layout, config("0.5", "0.3", PackingMode.CONCAT), 2);
        assertThat(concat.output("web").payloadDigest())
                .isNotEqualTo(first.output("web").payloadDigest());
        StageManifest back = build(layout, config, 2);
        assertThat(back.output("web").payloadDigest())
                .as("written again, as something else is there now")
                .isEqualTo(first.output("web").payloadDigest());
        assertThat(back.output("web").version()).isEqualTo(2);
    }

    /** Documents behind those that there were: 50 of a packing group, so that of 120 the first 100 stay as they were. */
    @Test
    void whatIsAppendedToAStreamLeavesTheShardsBeforeItAlone() throws IOException {
        RunLayout layout = new RunLayout(root);
        MixtureConfig config = config("0.5", "0.3", PackingMode.BEST_FIT);
        StageManifest first = build(layout, config, 2);
        ShardIndex before = ShardIndex.read(layout.shards().resolve(ShardIndex.FILE_NAME));
        TreeSet<String> files =
                files(layout, "web", before.stream("web").table().version());

        Map<String, Integer> more = new TreeMap<>(DOCUMENTS);
        more.put("web", 190);
        StageManifest second = build(layout, more, config, 3);
        ShardIndex after = ShardIndex.read(layout.shards().resolve(ShardIndex.FILE_NAME));
        assertThat(second.output("code")).isEqualTo(first.output("code"));
        List<String> shards = after.stream("web").shards();
        int same = 0;
        while (shards.get(same).equals(before.stream("web").shards().get(same))) {
            same++;
        }
        int whole = (int) (PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME)).stream("web")
                        .groupStarts()
                        .get(2)
                / SHARD_SEQUENCES);
        assertThat(same).as("shards of the first two groups").isGreaterThan(3).isGreaterThanOrEqualTo(whole);
        TreeSet<String> kept = files(layout, "web", after.stream("web").table().version());
        assertThat(kept).as("one file a shard").hasSize(shards.size());
        kept.retainAll(files);
        assertThat(kept).as("files that stay").hasSize(same);
        assertThat(commits(layout, "web")).as("one commit for each build").isEqualTo(2);
        String said = "web: %d of %d shards built anew, version 1: ".formatted(shards.size() - same, shards.size());
        assertThat(ShardChanges.between(Optional.of(before), after)).anyMatch(line -> line.startsWith(said));

        RunLayout fresh = new RunLayout(root.resolve("fresh"));
        assertThat(build(fresh, more, config, 2).output("web").payloadDigest())
                .as("as if built at once")
                .isEqualTo(second.output("web").payloadDigest());
        assertThat(build(layout, DOCUMENTS, config, 2).output("web").payloadDigest())
                .as("and back")
                .isEqualTo(first.output("web").payloadDigest());
    }

    private static TreeSet<String> files(RunLayout layout, String stream, long version) {
        return Arrays.stream(SparkTest.spark()
                        .read()
                        .format("delta")
                        .option("versionAsOf", version)
                        .load(layout.table(Stage.SHARDS, stream).toString())
                        .inputFiles())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatAnybodyAppendsByOtherMeansKeepsTheRulesOfARow() {
        RunLayout layout = new RunLayout(root);
        build(layout, config("0.5", "0.3", PackingMode.BEST_FIT), 2);
        assertRefused(layout, new ShardRow(9_999, new byte[130], 65, new int[] {65}, false, List.of("x")), "n_tok");
        assertRefused(layout, new ShardRow(9_999, new byte[8], 2, new int[] {2}, false, List.of("x")), "tokens");
        assertThat(properties(layout)).containsAllEntriesOf(KEPT);

        MixtureConfig longer = new MixtureConfig(
                80,
                16,
                Optional.of(15_000L),
                Optional.empty(),
                PackingMode.BEST_FIT,
                50,
                SHARD_SEQUENCES,
                5,
                CapMode.PROJECT,
                config("0.5", "0.3", PackingMode.BEST_FIT).streams(),
                ScheduleConfig.DEFAULTS);
        build(layout, longer, 2);
        assertRefused(layout, new ShardRow(9_999, new byte[162], 81, new int[] {81}, false, List.of("x")), "n_tok");
        assertThat(properties(layout)).as("of the table that took its place").containsAllEntriesOf(KEPT);
    }

    /** What has to hold of every version of a shard table, so that no run loses it under its feet. */
    private static final Map<String, String> KEPT = Map.of(
            "delta.deletedFileRetentionDuration", "interval 3650 days",
            "delta.logRetentionDuration", "interval 3650 days",
            "delta.enableDeletionVectors", "false");

    private static Map<String, String> properties(RunLayout layout) {
        return DeltaTable.forPath(
                        SparkTest.spark(), layout.table(Stage.SHARDS, "web").toString())
                .detail()
                .select("properties")
                .head()
                .getJavaMap(0);
    }

    private static void assertRefused(RunLayout layout, ShardRow row, String constraint) {
        assertThatThrownBy(() -> SparkTest.spark()
                        .createDataFrame(List.of(ShardTableRows.toRow(row)), ShardTableRows.SCHEMA)
                        .write()
                        .format("delta")
                        .mode("append")
                        .save(layout.table(Stage.SHARDS, "web").toString()))
                .hasStackTraceContaining("CHECK constraint " + constraint + " ")
                .hasStackTraceContaining("violated by row with values");
    }

    /** A change under way, killed after its commit: whoever plans next makes the same plan, and writes the new stream only. */
    @Test
    void aStreamThatIsAddedUnderWayLeavesTheShardsOfTheOthersAlone() {
        RunLayout layout = new RunLayout(root);
        Map<String, Integer> two = new TreeMap<>(DOCUMENTS);
        two.remove("math");
        MixtureConfig before = streams(Map.of("web", "0.6", "code", "0.4"));
        StageRunner runner = runner(layout);
        runner.ensure(new TokensStage(two, 2, 0));
        runner.ensure(MixtureJob.of(layout, before));
        StageManifest first = runner.ensure(new ShardJob());
        MixturePlan parent = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));

        MixtureConfig after = streams(Map.of("web", "0.5", "code", "0.3", "math", "0.2"));
        MixtureChange change = new MixtureChange(
                3, Optional.of(after), Optional.empty(), "ada", "mathematics", "2026-01-01T00:00:00Z");
        HistoryFile.write(layout.mixture(), MixtureHistory.of(before).with(change));
        runner.ensure(new TokensStage(DOCUMENTS, 3, 0));
        runner.ensure(MixtureJob.of(layout, after));
        StageManifest second = runner.ensure(new ShardJob());

        assertThat(second.output("web")).isEqualTo(first.output("web"));
        assertThat(second.output("code")).isEqualTo(first.output("code"));
        assertThat(second.outputs()).containsKey("math");
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        assertThat(plan.continues(parent.digest(), 3L * plan.blockSize())).isTrue();
        assertThat(plan.counts().start(3, 1)).as("math before the change").isZero();
        assertThat(plan.counts().total(1)).isPositive();
        assertThatThrownBy(() -> MixtureJob.of(layout, before))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("was changed while it was trained on");
    }

    private static MixtureConfig streams(Map<String, String> weights) {
        Map<String, StreamMix> streams = new TreeMap<>();
        weights.forEach((name, weight) -> streams.put(name, StreamMix.of(new BigDecimal(weight))));
        return new MixtureConfig(
                SEQUENCE_LENGTH,
                16,
                Optional.of(15_000L),
                Optional.empty(),
                PackingMode.BEST_FIT,
                50,
                SHARD_SEQUENCES,
                5,
                CapMode.PROJECT,
                streams,
                ScheduleConfig.DEFAULTS);
    }

    private static long commits(RunLayout layout, String stream) {
        return DeltaTable.forPath(
                        SparkTest.spark(), layout.table(Stage.SHARDS, stream).toString())
                .history()
                .count();
    }

    @Test
    void everyShardIsOneFileInOrderWithoutDictionaries() throws IOException {
        RunLayout layout = new RunLayout(root);
        TableVersion web =
                build(layout, config("0.5", "0.3", PackingMode.BEST_FIT), 2).output("web");
        Path folder = root.resolve(web.path());
        List<Path> files;
        try (var all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
        assertThat(files).hasSize((int) ((web.rows() + SHARD_SEQUENCES - 1) / SHARD_SEQUENCES));
        for (Path file : files) {
            ParquetMetadata footer = footer(file);
            assertThat(footer.getBlocks()).hasSize(1);
            footer.getBlocks()
                    .get(0)
                    .getColumns()
                    .forEach(column -> assertThat(column.hasDictionaryPage())
                            .as("dictionary of %s", column.getPath())
                            .isFalse());
            footer.getBlocks()
                    .get(0)
                    .getColumns()
                    .forEach(column -> assertThat(column.getCodec()).isEqualTo(CompressionCodecName.UNCOMPRESSED));
            List<Long> ordinals = SparkTest.spark().read().parquet(file.toString()).collectAsList().stream()
                    .map(row -> row.getLong(0))
                    .toList();
            assertThat(ordinals).isSorted();
            assertThat(ordinals.get(0) % SHARD_SEQUENCES).isZero();
        }
        assertThat(SparkTest.spark()
                        .conf()
                        .getOption("parquet.enable.dictionary")
                        .isDefined())
                .as("the session is left as it was")
                .isFalse();
    }

    private static ParquetMetadata footer(Path file) throws IOException {
        Configuration hadoop = new Configuration();
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toString());
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
            return reader.getFooter();
        }
    }

    @Test
    void ordinalsWithAGapAreRefused() {
        RunLayout layout = new RunLayout(root);
        runner(layout).ensure(new TokensStage(DOCUMENTS, 2, 1));
        assertThatThrownBy(() ->
                        runner(layout).ensure(MixtureJob.of(layout, config("0.5", "0.3", PackingMode.BEST_FIT))))
                .isInstanceOf(DataException.class)
                .hasMessage("tokens, stream 'code': 60 documents with ordinals 1..60; run the tokens stage again");
    }
}
