package io.peregrine.trainer.spark.bench;

import io.peregrine.data.DataException;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.jobs.StageRunner;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.CapMode;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PackingMode;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.jobs.MixtureJob;
import io.peregrine.mixture.jobs.ShardJob;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardIndex;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.functions;

/** A run of made-up tokens in a folder that goes when it is closed, built by the stages' own jobs. */
final class BenchRun implements AutoCloseable {
    private static final Map<String, String> WEIGHTS = Map.of("web", "0.6", "code", "0.3", "math", "0.1");
    private static final int SEQUENCE_LENGTH = 2048;

    private final Path folder;
    private final LazySpark spark;
    private final long tokens;

    /**
     * @param parent where the folder is made
     * @param tokens about how many there are, over all streams
     */
    BenchRun(Path parent, LazySpark spark, long tokens) {
        try {
            this.folder = Files.createTempDirectory(Files.createDirectories(parent), "bench-");
        } catch (IOException e) {
            throw new DataException("%s: no folder can be made there: %s".formatted(parent, e), e);
        }
        this.spark = spark;
        this.tokens = tokens;
    }

    RunLayout layout() {
        return new RunLayout(folder.resolve("run"));
    }

    /** Where the same shards are, compressed. */
    RunLayout compressed() {
        return new RunLayout(folder.resolve("zstd"));
    }

    /** Cores that Spark uses. */
    int cores() {
        return spark.session().sparkContext().defaultParallelism();
    }

    MixturePlan plan() {
        return PlanFile.read(layout().mixture().resolve(MixturePlan.FILE_NAME));
    }

    /** Makes up the tokens and plans; shards are not built yet. */
    void prepare() {
        Map<String, Long> documents = new TreeMap<>();
        Map<String, StreamMix> mixes = new TreeMap<>();
        WEIGHTS.forEach((stream, weight) -> {
            BigDecimal share = new BigDecimal(weight);
            documents.put(stream, Math.max(1, (long) (tokens * share.doubleValue() / MadeUpTokens.MEAN_TOKENS)));
            mixes.put(stream, StreamMix.of(share));
        });
        MixtureConfig config = new MixtureConfig(
                SEQUENCE_LENGTH,
                MixtureConfig.BLOCK_SIZE_SEQUENCES_MAX,
                Optional.of(tokens),
                Optional.empty(),
                PackingMode.BEST_FIT,
                1 << 20,
                8192,
                8192,
                CapMode.PROJECT,
                mixes,
                ScheduleConfig.DEFAULTS);
        runner().ensure(new MadeUpTokens(documents));
        runner().ensure(MixtureJob.of(layout(), config));
    }

    /** Builds the shards anew and returns how many seconds that took. */
    double build() {
        delete(layout().shards());
        return runner().ensure(new ShardJob()).seconds();
    }

    /** Writes the shards once more, with zstd; same rows, same files but for the compression. */
    void compress() {
        ShardIndex index = ShardIndex.read(layout().shards().resolve(ShardIndex.FILE_NAME));
        List<ShardIndex.StreamShards> streams = new ArrayList<>();
        for (ShardIndex.StreamShards shards : index.streams()) {
            spark.session()
                    .read()
                    .format("delta")
                    .load(layout().table(Stage.SHARDS, shards.name()).toString())
                    .repartitionById(
                            shards.shards().size(),
                            functions
                                    .floor(functions.col("seq_ord").divide(index.shardSequences()))
                                    .cast("int"))
                    .sortWithinPartitions("seq_ord")
                    .write()
                    .format("delta")
                    .option("compression", "zstd")
                    .option("parquet.enable.dictionary", "false")
                    .save(compressed().table(Stage.SHARDS, shards.name()).toString());
            TableVersion table = shards.table();
            streams.add(new ShardIndex.StreamShards(
                    shards.name(),
                    new TableVersion(table.path(), 0, table.rows(), table.payloadDigest()),
                    shards.packingDigest(),
                    shards.tokens(),
                    shards.digest(),
                    shards.shards(),
                    shards.packings(),
                    shards.parts()));
        }
        new ShardIndex(
                        index.format(),
                        index.version(),
                        index.sequenceLength(),
                        index.shardSequences(),
                        index.tokenBytes(),
                        streams)
                .write(compressed().shards().resolve(ShardIndex.FILE_NAME));
    }

    private StageRunner runner() {
        return new StageRunner(spark.session(), layout(), SeedStream.of(1), Progress.SILENT);
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be deleted, please do: %s".formatted(folder, e), e);
        }
    }

    @Override
    public void close() {
        delete(folder);
    }
}
