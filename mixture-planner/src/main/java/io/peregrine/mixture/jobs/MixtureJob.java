package io.peregrine.mixture.jobs;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.HistoryFile;
import io.peregrine.mixture.plan.MixturePlanner;
import io.peregrine.mixture.plan.MixtureReplay;
import io.peregrine.mixture.plan.PackedStream;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
import io.peregrine.mixture.plan.StreamReport;
import io.peregrine.mixture.shard.ShardIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Stage 60: packs by lengths alone, so that it knows how many sequences each stream has, and plans. */
public final class MixtureJob implements StageJob {
    private static final String TOKENIZER = Stage.TOKENIZER.folder() + "/" + TokenizerFiles.TOKENIZER_JSON;

    private final MixtureHistory history;
    private final MixtureConfig config;

    MixtureJob(MixtureHistory history) {
        this.history = history;
        this.config = history.current();
    }

    /**
     * The job that plans what a run's settings ask for, with all changes that the run has seen.
     *
     * @throws ConfigException if the run was changed under way, and the settings are not those of its last change; or if it
     *     was trained on, and the settings are not those of its plan
     */
    public static MixtureJob of(RunLayout layout, MixtureConfig config) {
        Optional<MixtureHistory> changed = HistoryFile.read(layout.mixture())
                .filter(history -> !history.changes().isEmpty());
        if (changed.isPresent() && !changed.get().current().equals(config)) {
            throw new ConfigException(
                    "mixture",
                    "other settings than those of the last change",
                    ("the plan of %s was changed while it was trained on; 'mixture change' changes it again from a block on, "
                                    + "or delete %s to plan the run anew from its beginning")
                            .formatted(layout.root(), layout.mixture().resolve(HistoryFile.FILE_NAME)));
        }
        if (changed.isEmpty()) {
            refuseToForget(layout, config);
        }
        return new MixtureJob(changed.orElseGet(() -> MixtureHistory.of(config)));
    }

    /** A plan made anew from its beginning would take what was trained on from under its checkpoints. */
    private static void refuseToForget(RunLayout layout, MixtureConfig config) {
        Optional<MixtureHistory> planned = HistoryFile.read(layout.mixture());
        Optional<PlanLease> lease = PlanLease.read(layout.mixture()).filter(read -> read.position() > 0);
        if (planned.isPresent() && lease.isPresent() && !planned.get().current().equals(config)) {
            throw new ConfigException(
                    "mixture",
                    "other settings than those of the plan",
                    ("training has read %d sequences of the plan of %s; 'mixture change' changes it from a block on, "
                                    + "or delete %s to plan the run anew from its beginning")
                            .formatted(
                                    lease.get().position(),
                                    layout.root(),
                                    layout.mixture().resolve(PlanLease.FILE_NAME)));
        }
    }

    @Override
    public Stage stage() {
        return Stage.MIXTURE;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.TOKENS);
    }

    @Override
    public String configDigest() {
        return ConfigDigest.of(history);
    }

    @Override
    public Outcome run(StageContext context) {
        Dataset<Row> tokens = context.table(Stage.TOKENS, "tokens");
        String seed = HexFormat.of().toHexDigits(context.seed().key());
        int tokenBytes = tokenBytes(tokens);
        Map<String, List<Row>> groups = groups(tokens, seed).collectAsList().stream()
                .sorted(Comparator.comparingInt(row -> row.getInt(1)))
                .collect(groupingBy(row -> row.getString(0), TreeMap::new, toList()));
        BiFunction<String, List<String>, String> digests = packingDigests(context, seed, tokenBytes);
        List<PackedStream> packed = packed(groups, digests);
        MixturePlan plan = MixtureReplay.plan(history, packed, tokenBytes, seed);
        HistoryFile.write(context.folder(), history);
        Path file = context.folder().resolve(MixturePlan.FILE_NAME);
        PlanFile.write(file, plan);
        Map<String, TableVersion> outputs = new TreeMap<>();
        outputs.put(
                "plan", context.write(table(context, PlanRows.plan(plan), PlanRows.PLAN), "plan", "block", "stream"));
        outputs.put(
                "streams",
                context.write(table(context, PlanRows.streams(plan), PlanRows.STREAMS), "streams", "stream"));
        outputs.put(
                PlanRows.GROUPS_TABLE,
                context.write(
                        table(context, groupRows(groups, digests), PlanRows.GROUPS),
                        PlanRows.GROUPS_TABLE,
                        "stream",
                        "group_index"));
        outputs.put(MixturePlan.FILE_NAME, context.file(file));
        return new Outcome(outputs, counts(plan));
    }

    private static Dataset<Row> table(StageContext context, List<Row> rows, StructType schema) {
        return context.spark().createDataset(rows, Encoders.row(schema)).coalesce(1);
    }

    /** Packing groups of all streams, with the columns {@link PackedGroups#COUNTS}. */
    private Dataset<Row> groups(Dataset<Row> tokens, String seed) {
        Dataset<Row> all = null;
        SortedMap<String, Long> documents = documents(tokens);
        if (!documents.isEmpty()) {
            MixturePlanner.requireSameNames(config, new TreeSet<>(documents.keySet()));
        }
        for (Map.Entry<String, Long> stream : documents.entrySet()) {
            Dataset<Row> one = new PackedGroups(
                            stream.getKey(),
                            config.packing(),
                            config.sequenceLength(),
                            config.packingGroupDocuments(),
                            seed)
                    .counts(tokens.filter(col("stream").equalTo(stream.getKey())), stream.getValue());
            all = all == null ? one : all.union(one);
        }
        return all;
    }

    /** Documents of each stream; their ordinals must run from 0 without a gap. */
    private static SortedMap<String, Long> documents(Dataset<Row> tokens) {
        SortedMap<String, Long> documents = new TreeMap<>();
        for (Row row : tokens.groupBy("stream")
                .agg(count(lit(1)), min("ordinal"), max("ordinal"))
                .orderBy("stream")
                .collectAsList()) {
            if (row.getLong(2) != 0 || row.getLong(3) != row.getLong(1) - 1) {
                throw new DataException(
                        "tokens, stream '%s': %d documents with ordinals %d..%d; run the tokens stage again"
                                .formatted(row.getString(0), row.getLong(1), row.getLong(2), row.getLong(3)));
            }
            documents.put(row.getString(0), row.getLong(1));
        }
        return documents;
    }

    private static int tokenBytes(Dataset<Row> tokens) {
        List<Row> first = tokens.select(length(col("tokens")), col("n_tok")).takeAsList(1);
        if (first.isEmpty()) {
            throw new DataException("tokens: the table is empty, so there is nothing to mix; look at what the filters "
                    + "dropped, or add sources");
        }
        int bytes = first.get(0).getInt(0);
        int ids = first.get(0).getInt(1);
        if (ids <= 0 || bytes % ids != 0 || (bytes / ids != Short.BYTES && bytes / ids != Integer.BYTES)) {
            throw new DataException(
                    "tokens: a document has %d tokens in %d bytes; run the tokens stage again".formatted(ids, bytes));
        }
        return bytes / ids;
    }

    /**
     * Gives a stream's packing digest from its name and the contents of its groups: all that decides its sequences. Tokens
     * follow from texts, tokenizer and code; other streams have no part in it, so what is added beside leaves it alone.
     */
    private BiFunction<String, List<String>, String> packingDigests(StageContext context, String seed, int tokenBytes) {
        StageManifest tokens = context.input(Stage.TOKENS);
        String tokenizer = tokens.inputs().getOrDefault(TOKENIZER, "");
        return (stream, contents) -> {
            PayloadDigest digest = new PayloadDigest()
                    .add("peregrine packing " + ShardIndex.ROWS_VERSION)
                    .add(tokenizer)
                    .add(tokens.codeVersion())
                    .add(stream)
                    .add(config.packing().name())
                    .add(config.sequenceLength())
                    .add(config.packingGroupDocuments())
                    .add(seed)
                    .add(tokenBytes)
                    .list(contents.size());
            contents.forEach(digest::add);
            return digest.hex();
        };
    }

    private static List<PackedStream> packed(
            Map<String, List<Row>> streams, BiFunction<String, List<String>, String> digests) {
        List<PackedStream> packed = new ArrayList<>();
        streams.forEach((name, rows) -> packed.add(new PackedStream(
                name,
                rows.stream().mapToLong(row -> row.getLong(2)).sum(),
                rows.stream().mapToLong(row -> row.getLong(3)).sum(),
                rows.stream().map(row -> row.getLong(4)).toList(),
                digests.apply(name, rows.stream().map(row -> row.getString(5)).toList()))));
        return packed;
    }

    /** The groups as a table: by it a build finds the shards that it need not write again. */
    private static List<Row> groupRows(
            Map<String, List<Row>> streams, BiFunction<String, List<String>, String> digests) {
        List<Row> rows = new ArrayList<>();
        streams.forEach((name, groups) -> groups.forEach(group -> rows.add(RowFactory.create(
                name,
                group.getInt(1),
                group.getLong(2),
                group.getLong(3),
                group.getLong(4),
                digests.apply(name, List.of("group " + group.getInt(1), group.getString(5)))))));
        return rows;
    }

    private static Map<String, Long> counts(MixturePlan plan) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("planned.sequences", plan.totalSequences());
        counts.put("planned.blocks", (long) plan.counts().blocks());
        for (StreamReport report : StreamReport.of(plan)) {
            String name = report.stream().name();
            counts.put("documents." + name, report.stream().documents());
            counts.put("tokens." + name, report.stream().tokens());
            counts.put("sequences." + name, report.stream().sequences());
            counts.put("planned.tokens." + name, report.plannedTokens());
        }
        return counts;
    }
}
