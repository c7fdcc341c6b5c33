package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.jobs.ScratchTables;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.rewrite.RewriteConfig;
import io.peregrine.rewrite.calls.ApiKey;
import io.peregrine.rewrite.calls.BatchApi;
import io.peregrine.rewrite.calls.Batches;
import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import io.peregrine.rewrite.calls.Endpoint;
import io.peregrine.rewrite.dialogue.Estimate;
import io.peregrine.rewrite.dialogue.Style;
import io.peregrine.rewrite.jobs.CallWaves.Called;
import io.peregrine.rewrite.settings.CallMode;
import io.peregrine.rewrite.settings.ModelConfig;
import io.peregrine.rewrite.settings.RefusedPolicy;
import io.peregrine.rewrite.settings.WhenShort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * The documents by a language model. In rounds: which requests are missing (at first those for segments, then those that
 * reduce answers), those without a stored response are sent, their responses stored; until none is missing. Then all answers
 * are judged. Everything after the sending is a function of documents, settings and the table of responses.
 *
 * <p>Tables {@code rewrites} and {@code rejected}, see {@link JudgedRows}. Table {@code requests}: one row for each request,
 * with its parent, source, template, variant, level and index, and of its response {@code state} ({@code answered}, {@code
 * unsent} or the code of a failure), tokens, cost, endpoint and attempts; the text of an answer is in the table of responses,
 * under {@code key}.
 */
final class ModelRewrite {
    private static final String CALLS = "calls";
    private static final String RESPONSES = "responses";

    private final RewriteConfig config;
    private final ModelConfig model;
    private final List<Style> styles;

    ModelRewrite(RewriteConfig config, ModelConfig model, List<Style> styles) {
        this.config = config;
        this.model = model;
        this.styles = styles;
    }

    /** One attempt of the stage, with all that it opens. */
    private final class Attempt implements AutoCloseable {
        private final StageContext context;
        private final ScratchTables scratch;
        private final ResponseTable table;
        private final CallWaves waves;
        private final DialogueRows rows;
        private final Dataset<Row> clean;
        private final Dataset<Row> documents;
        private final List<Dataset<Row>> rounds = new ArrayList<>();
        private Optional<BatchApi> api = Optional.empty();
        private Optional<Batches> batches = Optional.empty();

        Attempt(StageContext context) {
            this.context = context;
            this.scratch = new ScratchTables(context.folder().resolve("scratch"));
            Path responses =
                    model.responses().map(Path::of).orElse(context.folder().resolve(RESPONSES));
            this.table = new ResponseTable(context.spark(), responses);
            this.waves = new CallWaves(
                    context.spark(),
                    CallSettings.of(model),
                    model.calls().commitRequests(),
                    model.budget(),
                    table,
                    new SpendBook(context.folder().resolve(CALLS)),
                    scratch,
                    this::batches,
                    model.mode().equals(Optional.of(CallMode.BATCH)));
            this.rows = new DialogueRows(
                    styles,
                    model.model(),
                    model.kind(),
                    context.seed(),
                    model.orElseDrop() == RefusedPolicy.KEEP_ORIGINAL);
            this.clean = context.table(Stage.DECONTAMINATE, "clean");
            // A text that is there twice is asked about once.
            this.documents = CleanUpRewrite.chosen(config, context, clean)
                    .withColumn(
                            "place",
                            row_number()
                                    .over(Window.partitionBy("id").orderBy("domain", "source", "origin", "location")))
                    .where(col("place").equalTo(1))
                    .drop("place");
        }

        /** The batch API of the one server, which is not met before it is needed. */
        private Batches batches() {
            if (batches.isEmpty()) {
                Endpoint endpoint = model.servers().all().get(0);
                BatchApi opened = new BatchApi(
                        endpoint,
                        ApiKey.read(endpoint.key(), System.getenv()),
                        model.calls().timeout());
                api = Optional.of(opened);
                batches = Optional.of(new Batches(
                        opened,
                        model.kind(),
                        model.model(),
                        model.price().price(),
                        model.batch().limits()));
            }
            return batches.get();
        }

        /**
         * The first requests, and what has to be known of them before they are sent.
         *
         * @param wait whether to wait for batches that a killed job has begun
         */
        Estimate first(boolean wait) {
            waves.harvestLeftovers(wait);
            round(documents.withColumn("replies", nothing()));
            return new Estimates(styles, model.price().price()).of(rounds.get(0), table.settled());
        }

        private static Column nothing() {
            return lit(null).cast(DataTypes.createArrayType(DialogueRows.REPLY, false));
        }

        private Dataset<Row> round(Dataset<Row> withReplies) {
            Dataset<Row> pending = scratch.table(
                    "round-" + rounds.size(),
                    withReplies.mapPartitions((MapPartitionsFunction<Row, Row>) rows::pending, RequestRows.ENCODER));
            rounds.add(pending);
            return pending.where(col("not_asked").isNull());
        }

        /** Documents with what was answered of all that they have asked up to now. */
        private Dataset<Row> withReplies(Dataset<Row> responses, String how) {
            Dataset<Row> replies = asked().select("parent_id", "key")
                    .join(responses, "key")
                    .groupBy("parent_id")
                    .agg(collect_list(struct(Arrays.stream(DialogueRows.REPLY.fieldNames())
                                    .map(name -> col(name))
                                    .toArray(Column[]::new)))
                            .as("replies"))
                    .withColumnRenamed("parent_id", "id");
            return documents.join(replies, new String[] {"id"}, how);
        }

        private Dataset<Row> asked() {
            return rounds.stream()
                    .map(round -> round.where(col("not_asked").isNull()))
                    .reduce(Dataset::union)
                    .orElseThrow();
        }

        /** Sends what is missing until nothing is, or nothing more may be sent. */
        Called converse() {
            Dataset<Row> pending = rounds.get(0).where(col("not_asked").isNull());
            Called called = new Called(0, 0, 0);
            while (!pending.isEmpty()) {
                Called now = waves.send(pending.dropDuplicates("key"));
                called = called.plus(now);
                if (now.unsent() > 0) {
                    return called;
                }
                pending = round(withReplies(table.rows(), "inner"));
            }
            return called;
        }

        StageJob.Outcome judge(Called called) {
            // At one version: another run may write to the table meanwhile.
            Dataset<Row> responses = table.rows();
            Dataset<Row> judged = scratch.table(
                    "judged",
                    withReplies(responses, "left")
                            .mapPartitions((MapPartitionsFunction<Row, Row>) rows::judged, JudgedRows.ENCODER));
            Dataset<Row> unique = scratch.table("unique", JudgedDuplicates.refused(judged, clean));
            Dataset<Row> standing = unique.where(col("stands")).drop("stands", "reason", "measured", "limit");
            TableVersion rewrites = context.write(standing, "rewrites", "id");
            TableVersion rejected =
                    context.write(unique.where(col("stands").equalTo(false)).drop("stands"), "rejected", "id");
            TableVersion requests =
                    context.write(RequestStates.of(asked(), responses), "requests", "parent_id", "template");
            ModelCounts counts = new ModelCounts(
                    context.input(Stage.DECONTAMINATE).output("clean").rows());
            return new StageJob.Outcome(
                    Map.of("rewrites", rewrites, "rejected", rejected, "requests", requests),
                    counts.of(
                            documents.count(),
                            rounds.get(0),
                            called,
                            model.budget(),
                            waves.left(),
                            context.at(requests),
                            context.at(rewrites),
                            context.at(rejected)));
        }

        @Override
        public void close() {
            api.ifPresent(BatchApi::close);
            scratch.close();
        }
    }

    StageJob.Outcome run(StageContext context) {
        requireKeys();
        requireNoSpeculation(context);
        try (Attempt attempt = new Attempt(context)) {
            Estimate estimate = attempt.first(true);
            Spent left = attempt.waves.left();
            if (model.budget().orElseRefuse() == WhenShort.REFUSE) {
                refuseAbove(left, estimate.all());
            }
            Called called = attempt.converse();
            if (called.unsent() > 0 && model.budget().orElseRefuse() != WhenShort.FINISH) {
                throw stopped(called, attempt.waves.left());
            }
            return attempt.judge(called);
        }
    }

    /** What a run would send, and what is left of the budget, in lines for people; nothing is sent. */
    List<String> printEstimate(StageContext context) {
        try (Attempt attempt = new Attempt(context)) {
            Estimate estimate = attempt.first(false);
            Spent left = attempt.waves.left();
            List<String> lines = new ArrayList<>(estimate.print());
            lines.add("budget left: %,d tokens and %.4f USD; %s"
                    .formatted(
                            left.tokens(),
                            left.microDollars() / 1e6,
                            passes(left, estimate.all())
                                    ? "not enough: when-short is "
                                            + model.budget()
                                                    .orElseRefuse()
                                                    .name()
                                                    .toLowerCase(Locale.ROOT)
                                    : "enough"));
            return lines;
        }
    }

    private static boolean passes(Spent left, Estimate.Line all) {
        return all.tokensAbout() > left.tokens() || all.microDollarsAbout() > left.microDollars();
    }

    /** Spark's speculation runs a task twice at once, and each would spend the task's share. */
    private static void requireNoSpeculation(StageContext context) {
        if (context.spark().sparkContext().conf().getBoolean("spark.speculation", false)) {
            throw new ConfigException(
                    "spark.speculation",
                    true,
                    "must be false where a model rewrites: a task that runs twice pays twice");
        }
    }

    /** A key that is not there stops the run before any work. */
    private void requireKeys() {
        for (Endpoint endpoint : model.servers().all()) {
            ApiKey.read(endpoint.key(), System.getenv());
        }
    }

    private void refuseAbove(Spent left, Estimate.Line all) {
        if (passes(left, all)) {
            throw new DataException(
                    ("40-rewrite: about %,d tokens and %.4f USD are needed for %,d requests, and %,d tokens and %.4f USD of the"
                                    + " budget are left; nothing was sent. Raise rewrite.model.budget, choose less (share,"
                                    + " domains, styles), or set rewrite.model.budget.when-short to stop or finish")
                            .formatted(
                                    all.tokensAbout(),
                                    all.microDollarsAbout() / 1e6,
                                    all.toSend(),
                                    left.tokens(),
                                    left.microDollars() / 1e6));
        }
    }

    private static DataException stopped(Called called, Spent left) {
        return new DataException(
                ("40-rewrite: the budget is spent: %,d requests were answered before, %,d ended now, %,d are left, and of the"
                                + " budget %,d tokens and %.4f USD, which none of them is sure to keep. All that was paid for"
                                + " is stored. Raise rewrite.model.budget and run this again, which goes on from there, or set"
                                + " rewrite.model.budget.when-short to finish")
                        .formatted(
                                called.settled(),
                                called.ended(),
                                called.unsent(),
                                left.tokens(),
                                left.microDollars() / 1e6));
    }
}
