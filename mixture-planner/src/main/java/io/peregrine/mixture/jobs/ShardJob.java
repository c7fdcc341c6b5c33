package io.peregrine.mixture.jobs;

import static java.util.stream.Collectors.toMap;

import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardPackings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * Stage 70: moves the tokens into the plan's sequences, one Delta table per stream, one task and one file per shard.
 *
 * <p>The tables are replaced, not append-only: a run that is built anew overwrites them in one commit each. Readers
 * that hold a version keep it, as the versions outlive every run (see {@code SparkSessions}).
 */
public final class ShardJob implements StageJob {
    /**
     * Dictionaries never pay for token columns and make the size of a page depend on its neighbours; without the small
     * explicit row group, its boundaries would depend on how many writers share the JVM.
     */
    private static final Map<String, String> PARQUET_SETTINGS =
            Map.of("parquet.enable.dictionary", "false", "parquet.block.size", String.valueOf(16 << 20));

    /** More would have the drivers' work overlap no better, and hold more of it in memory. */
    private static final int STREAMS_AT_ONCE = 4;

    @Override
    public Stage stage() {
        return Stage.SHARDS;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.TOKENS, Stage.MIXTURE);
    }

    /** The plan is all the settings there are. */
    @Override
    public String configDigest() {
        return ConfigDigest.of(PARQUET_SETTINGS);
    }

    @Override
    public Outcome run(StageContext context) {
        MixturePlan plan = plan(context);
        Map<String, TableVersion> outputs = new TreeMap<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        Map<String, ShardIndex.StreamShards> before = before(context, plan);
        Map<String, List<String>> packings = packings(context, plan);
        List<StreamBuild> builds = plan.streams().stream()
                .filter(PlannedStream::planned)
                .map(stream -> new StreamBuild(
                        context,
                        plan,
                        stream,
                        packings.getOrDefault(stream.name(), List.of()),
                        Optional.ofNullable(before.get(stream.name()))))
                .toList();
        List<ShardIndex.StreamShards> streams;
        Map<String, String> settings = set(context, PARQUET_SETTINGS);
        try {
            streams = built(builds);
        } finally {
            PARQUET_SETTINGS.keySet().forEach(context.spark().conf()::unset);
            set(context, settings);
        }
        streams.forEach(shards -> outputs.put(shards.name(), shards.table()));
        for (PlannedStream stream : plan.streams()) {
            if (stream.planned()) {
                counts.put("sequences." + stream.name(), stream.sequences());
                counts.put("tokens." + stream.name(), stream.tokens());
                counts.put("fill.ppb." + stream.name(), stream.fillPpb(plan.sequenceLength()));
            }
        }
        ShardIndex index = new ShardIndex(
                ShardIndex.FORMAT,
                ShardIndex.VERSION,
                plan.sequenceLength(),
                plan.shardSequences(),
                plan.tokenBytes(),
                streams);
        index.requireFor(plan);
        index.write(context.folder().resolve(ShardIndex.FILE_NAME));
        outputs.put(ShardIndex.FILE_NAME, indexOutput(context, index));
        return new Outcome(outputs, counts);
    }

    private static MixturePlan plan(StageContext context) {
        Path file = context.layout().mixture().resolve(MixturePlan.FILE_NAME);
        MixturePlan plan = PlanFile.read(file);
        TableVersion planned = context.input(Stage.MIXTURE).output(MixturePlan.FILE_NAME);
        if (!context.file(file).equals(planned)) {
            throw new DataException(
                    "%s: not the plan that the stage's manifest names; run 'mixture plan' again".formatted(file));
        }
        return plan;
    }

    /** As an output the index counts by what it says of the content, not by the Delta versions it names. */
    private static TableVersion indexOutput(StageContext context, ShardIndex index) {
        TableVersion file = context.file(context.folder().resolve(ShardIndex.FILE_NAME));
        return new TableVersion(file.path(), file.version(), file.rows(), index.payloadDigest());
    }

    /** What the table of each stream has, as the last build left it; nothing of what the plan orders otherwise now. */
    private static Map<String, ShardIndex.StreamShards> before(StageContext context, MixturePlan plan) {
        Path file = context.folder().resolve(ShardIndex.FILE_NAME);
        if (!Files.exists(file)) {
            return Map.of();
        }
        ShardIndex index = ShardIndex.read(file);
        boolean comparable = index.shardSequences() == plan.shardSequences() && index.tokenBytes() == plan.tokenBytes();
        return comparable
                ? index.streams().stream().collect(toMap(ShardIndex.StreamShards::name, Function.identity()))
                : Map.of();
    }

    /** What decides each stream's shards; of streams that a plan of an older version has, it is not known. */
    private static Map<String, List<String>> packings(StageContext context, MixturePlan plan) {
        if (!context.input(Stage.MIXTURE).outputs().containsKey(PlanRows.GROUPS_TABLE)) {
            return Map.of();
        }
        Map<String, List<ShardPackings.Group>> groups = new TreeMap<>();
        for (Row row : context.table(Stage.MIXTURE, PlanRows.GROUPS_TABLE)
                .orderBy("stream", "group_index")
                .select("stream", "sequences", "packing_digest")
                .collectAsList()) {
            groups.computeIfAbsent(row.getString(0), name -> new ArrayList<>())
                    .add(new ShardPackings.Group(row.getLong(1), row.getString(2)));
        }
        Map<String, List<String>> packings = new TreeMap<>();
        groups.forEach((name, own) -> packings.put(name, ShardPackings.of(own, plan.shardSequences())));
        return packings;
    }

    /**
     * Builds the streams, a few at a time: for each the driver plans, commits and reads back for about a second, in which
     * the cores have nothing to do. The tables have nothing to do with each other, so what comes of it is the same.
     */
    private static List<ShardIndex.StreamShards> built(List<StreamBuild> builds) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(STREAMS_AT_ONCE, builds.size())));
        List<Future<ShardIndex.StreamShards>> results = new ArrayList<>();
        try {
            builds.forEach(build -> results.add(threads.submit(build::run)));
            List<ShardIndex.StreamShards> shards = new ArrayList<>();
            for (Future<ShardIndex.StreamShards> result : results) {
                shards.add(result.get());
            }
            return shards;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException fault ? fault : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while building shards", e);
        } finally {
            // What has not begun does not begin. What has is not interrupted: a commit that is would be half made.
            results.forEach(result -> result.cancel(false));
            end(threads);
        }
    }

    /** Waits for what is under way, so that no commit comes when the stage has failed already. */
    private static void end(ExecutorService threads) {
        threads.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, TimeUnit.DAYS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sets session settings and returns what they were, those that were set. */
    private static Map<String, String> set(StageContext context, Map<String, String> settings) {
        Map<String, String> before = new TreeMap<>();
        settings.forEach((key, value) -> {
            scala.Option<String> old = context.spark().conf().getOption(key);
            if (old.isDefined()) {
                before.put(key, old.get());
            }
            context.spark().conf().set(key, value);
        });
        return before;
    }
}
