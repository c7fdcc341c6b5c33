package io.peregrine.trainer.testing;

import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.data.tokenizer.BpeTrainer;
import io.peregrine.data.tokenizer.PretokenCount;
import io.peregrine.data.tokenizer.SpecialTokens;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.mixture.CapMode;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PackingMode;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.plan.MixturePlanner;
import io.peregrine.mixture.plan.PackedStream;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardDigests;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardRow;
import io.peregrine.mixture.shard.TokenBytes;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A run on disk as the stages before training leave it: plan, shard tables written by Spark, index and manifests.
 *
 * <p>The documents are of a made-up language in which each token decides the next but for some noise, a different rule
 * in each stream, so that a model has something to learn. Every seventh sequence is not full.
 */
public final class TestRun {
    public static final int VOCAB = 384;
    public static final int SEQUENCE_LENGTH = 24;
    public static final int SHARD_SEQUENCES = 16;

    private static final int FIRST_TEXT_ID = 12;
    private static final int WORDS = 36;
    private static final StructType SCHEMA = new StructType()
            .add("seq_ord", DataTypes.LongType)
            .add("tokens", DataTypes.BinaryType)
            .add("n_tok", DataTypes.IntegerType)
            .add("doc_ends", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("first_is_continuation", DataTypes.BooleanType)
            .add("doc_ids", DataTypes.createArrayType(DataTypes.StringType));

    private final RunLayout layout;
    private final MixturePlan plan;
    private final Map<String, List<ShardRow>> rows;

    private TestRun(RunLayout layout, MixturePlan plan, Map<String, List<ShardRow>> rows) {
        this.layout = layout;
        this.plan = plan;
        this.rows = rows;
    }

    public RunLayout layout() {
        return layout;
    }

    public MixturePlan plan() {
        return plan;
    }

    /** The sequences of a stream, in order. */
    public List<ShardRow> rows(String stream) {
        return rows.get(stream);
    }

    /**
     * Writes a run of two streams, {@code code} (a quarter of the tokens, seen several times) and {@code web}.
     *
     * @param layout where to
     * @param totalTokens budget of the plan
     */
    public static TestRun write(RunLayout layout, long totalTokens) {
        return write(layout, totalTokens, 0, 0);
    }

    /**
     * The same run, in which some sequences of {@code web} are noise: tokens of the whole vocabulary, drawn alike.
     *
     * @param firstNoise first of them
     * @param noise how many
     */
    public static TestRun write(RunLayout layout, long totalTokens, int firstNoise, int noise) {
        List<ShardRow> web = new ArrayList<>(stream("web", 7, 150));
        SeedStream draws = SeedStream.of(1).child("noise");
        for (int ordinal = firstNoise; ordinal < firstNoise + noise; ordinal++) {
            ShardRow.Builder row = new ShardRow.Builder(ordinal, Short.BYTES);
            row.add("noise-" + ordinal, noise(draws, web.get(ordinal).nTok()), 0);
            web.set(ordinal, row.build());
        }
        Map<String, List<ShardRow>> rows = new TreeMap<>(Map.of("code", stream("code", 5, 40), "web", web));
        MixtureConfig config = config(totalTokens, "0.25", "0.75");
        List<PackedStream> packed = new ArrayList<>();
        rows.forEach((name, sequences) -> packed.add(packed(name, sequences)));
        MixturePlan plan = MixturePlanner.plan(config, packed, 2, "0123456789abcdef");
        PlanFile.write(layout.mixture().resolve(MixturePlan.FILE_NAME), plan);
        List<ShardIndex.StreamShards> shards = new ArrayList<>();
        rows.forEach((name, sequences) -> shards.add(writeShards(layout, plan, name, sequences)));
        new ShardIndex(ShardIndex.FORMAT, ShardIndex.VERSION, SEQUENCE_LENGTH, SHARD_SEQUENCES, 2, shards)
                .write(layout.shards().resolve(ShardIndex.FILE_NAME));
        writeTokenizer(layout.tokenizer());
        for (Stage stage : List.of(Stage.TOKENIZER, Stage.MIXTURE, Stage.SHARDS)) {
            Map<String, TableVersion> outputs =
                    Map.of("content", new TableVersion(stage.folder(), 0, 1, plan.digest()));
            new StageManifest(
                            stage,
                            "f",
                            Map.of(),
                            stage == Stage.TOKENIZER ? Map.of() : outputs,
                            Map.of(),
                            1,
                            CodeVersion.CURRENT)
                    .write(layout);
        }
        return new TestRun(layout, plan, rows);
    }

    /** The plan with other weights from a block on. */
    public static MixturePlan changed(MixturePlan plan, int fromBlock, String code, String web) {
        long totalTokens = plan.totalSequences() * SEQUENCE_LENGTH;
        List<PackedStream> packed = plan.streams().stream()
                .map(stream -> new PackedStream(
                        stream.name(),
                        stream.documents(),
                        stream.tokens(),
                        stream.groupSequences(),
                        stream.packingDigest()))
                .toList();
        return MixturePlanner.change(plan, fromBlock, config(totalTokens, code, web), packed);
    }

    private static MixtureConfig config(long totalTokens, String code, String web) {
        return new MixtureConfig(
                SEQUENCE_LENGTH,
                64,
                Optional.of(totalTokens),
                Optional.empty(),
                PackingMode.BEST_FIT,
                1024,
                SHARD_SEQUENCES,
                10,
                CapMode.PROJECT,
                Map.of("code", StreamMix.of(new BigDecimal(code)), "web", StreamMix.of(new BigDecimal(web))),
                ScheduleConfig.DEFAULTS);
    }

    /** Writes a tokenizer of {@link #VOCAB} tokens: the bytes and pairs of letters. */
    public static void writeTokenizer(Path folder) {
        List<PretokenCount> pretokens = new ArrayList<>();
        for (char first = 'a'; first <= 'z'; first++) {
            for (char second = 'a'; second <= 'e'; second++) {
                pretokens.add(new PretokenCount("" + first + second, 1000 - first - second));
            }
        }
        TokenizerConfig config = new TokenizerConfig(VOCAB, FIRST_TEXT_ID, 1 << 20, 1, 1);
        TokenizerFiles.write(BpeTrainer.train(pretokens, config, Progress.SILENT), folder);
    }

    private static PackedStream packed(String name, List<ShardRow> rows) {
        long documents = rows.stream().mapToLong(row -> row.docIds().size()).sum();
        long tokens = rows.stream().mapToLong(ShardRow::nTok).sum();
        return new PackedStream(
                name,
                documents,
                tokens,
                List.of((long) rows.size()),
                new PayloadDigest().add(name).hex());
    }

    private static List<ShardRow> stream(String name, int factor, int sequences) {
        SeedStream draws = SeedStream.of(1).child(name);
        List<ShardRow> rows = new ArrayList<>();
        for (int ordinal = 0; ordinal < sequences; ordinal++) {
            int length = ordinal % 7 == 3 ? SEQUENCE_LENGTH - 5 : SEQUENCE_LENGTH;
            ShardRow.Builder row = new ShardRow.Builder(ordinal, Short.BYTES);
            int left = length;
            for (int document = 0; left > 0; document++) {
                int tokens = left < 8 ? left : 4 + draws.nextInt(left - 7);
                row.add(name + "-" + ordinal + "-" + document, document(draws, factor, tokens), 0);
                left -= tokens;
            }
            rows.add(row.build());
        }
        return rows;
    }

    private static byte[] noise(SeedStream draws, int tokens) {
        int[] ids = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            ids[i] = FIRST_TEXT_ID + draws.nextInt(VOCAB - FIRST_TEXT_ID);
        }
        return TokenBytes.encode(ids, Short.BYTES);
    }

    private static byte[] document(SeedStream draws, int factor, int tokens) {
        int[] ids = new int[tokens];
        int word = draws.nextInt(WORDS);
        for (int i = 0; i < tokens - 1; i++) {
            ids[i] = FIRST_TEXT_ID + word;
            word = draws.nextInt(10) == 0 ? draws.nextInt(WORDS) : (word * factor + 1) % WORDS;
        }
        ids[tokens - 1] = SpecialTokens.FALCON_H1.get(SpecialTokens.END_OF_TEXT);
        return TokenBytes.encode(ids, Short.BYTES);
    }

    private static ShardIndex.StreamShards writeShards(
            RunLayout layout, MixturePlan plan, String name, List<ShardRow> sequences) {
        List<List<Row>> shards = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < sequences.size(); from += SHARD_SEQUENCES) {
            List<ShardRow> shard = sequences.subList(from, Math.min(sequences.size(), from + SHARD_SEQUENCES));
            shards.add(new ArrayList<>(shard.stream().map(TestRun::row).toList()));
            List<byte[]> rows = shard.stream().map(ShardDigests::ofRow).toList();
            digests.add(ShardDigests.ofShard(rows));
            parts.add(ShardDigests.partsOf(rows));
        }
        String folder = layout.table(Stage.SHARDS, name).toString();
        JavaRDD<Row> partitions = JavaSparkContext.fromSparkContext(
                        SparkTest.spark().sparkContext())
                .parallelize(shards, shards.size())
                .flatMap(List::iterator);
        SparkTest.spark()
                .createDataFrame(partitions, SCHEMA)
                .write()
                .format("delta")
                .option("compression", "uncompressed")
                .save(folder);
        TableVersion table = new TableVersion(Stage.SHARDS.folder() + "/" + name, 0, sequences.size(), "");
        return new ShardIndex.StreamShards(
                name,
                table,
                plan.stream(name).packingDigest(),
                plan.stream(name).tokens(),
                ShardDigests.ofStream(digests),
                digests,
                List.of(),
                parts);
    }

    private static Row row(ShardRow row) {
        String[] docIds = row.docIds().toArray(String[]::new);
        return RowFactory.create(
                row.seqOrd(), row.tokens(), row.nTok(), row.docEnds(), row.firstIsContinuation(), docIds);
    }
}
