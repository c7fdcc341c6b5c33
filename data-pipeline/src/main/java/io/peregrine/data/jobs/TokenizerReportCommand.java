package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.page.HtmlPage;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TextMeasures;
import io.peregrine.data.tokenizer.TokenStatistics;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.data.tokenizer.TokenizerReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./peregrine tokenizer report RUN.yaml}: what the tokenizers of a run make of its text, by domain and language. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Measures every vocabulary of a run on a sample of its documents, by domain and language: bytes per token,"
                    + " tokens per word, words in one token, digits and LaTeX commands that are a token by themselves,"
                    + " and parity with English on parallel text. Prints a table and writes a page and its JSON."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine tokenizer report conf/runs/quickstart.yaml",
            "  peregrine tokenizer report my.yaml --parallel xquad.jsonl.gz --sample-bytes 5000000"
        })
public final class TokenizerReportCommand implements Callable<Integer> {
    /** Names below the report stage's folder. */
    static final String PAGE = "tokenizer.html";

    static final String FACTS = "tokenizer.json";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN.yaml", description = "a run whose tokenizer stage is done")
    private Path runFile;

    @Option(
            names = "--sample-bytes",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "text looked at of each language of each domain (default: ${DEFAULT-VALUE})")
    private long sampleBytes;

    @Option(
            names = "--parallel",
            paramLabel = "FILE",
            description =
                    "JSON lines (plain, .gz, .zst) with text, lang and key, the same key for versions of one text;"
                            + " without key, what follows the last / or # of id. May be repeated.")
    private List<Path> parallel = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets a key of the run file. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        try (LazySpark spark =
                new LazySpark("peregrine tokenizer report " + file.head().run())) {
            report(file, spark, sampleBytes, parallel, spec.commandLine().getOut());
        }
        return 0;
    }

    /** Measures, prints and writes. */
    static void report(RunFile file, LazySpark spark, long sampleBytes, List<Path> parallel, PrintWriter out) {
        StageManifest.require(file.layout(), Stage.TOKENIZER);
        Map<String, BpeTokenizer> tokenizers = tokenizers(file);
        try {
            TokenizerReport report = new TokenizerReport(tokenizers);
            sample(file, spark, sampleBytes, report);
            for (Path each : parallel) {
                ParallelTexts.read(each, report::addParallel);
            }
            print(report, tokenizers, out);
            printStreams(file, out);
            out.println(write(file, sampleBytes, parallel, report));
        } finally {
            tokenizers.values().forEach(BpeTokenizer::close);
        }
    }

    private static Map<String, BpeTokenizer> tokenizers(RunFile file) {
        TokenizerConfig config = file.section("tokenizer", TokenizerConfig.class);
        Map<String, BpeTokenizer> tokenizers = new LinkedHashMap<>();
        for (int size : config.vocabSizes()) {
            Path own = TokenizerFiles.folder(file.layout().tokenizer(), config, size);
            tokenizers.put("%,d".formatted(size), BpeTokenizer.load(own.resolve(TokenizerFiles.TOKENIZER_JSON)));
        }
        return tokenizers;
    }

    /** The first documents of each group in the order of a hash of their ids, up to the budget but at least one. */
    private static void sample(RunFile file, LazySpark spark, long sampleBytes, TokenizerReport report) {
        StageContext context = new StageContext(
                spark.session(),
                file.layout(),
                Stage.TOKENIZER,
                SeedStream.of(file.head().seed()).child("tokenizer-report"),
                Progress.SILENT);
        Column hash = IdHashes.of(context.seed(), col("id"));
        WindowSpec inGroup = Window.partitionBy("domain", "language").orderBy(hash, col("id"));
        Dataset<Row> sample = context.table(Stage.DECONTAMINATE, "clean")
                .withColumn("place", row_number().over(inGroup))
                .withColumn("before", sum(octet_length(col("text"))).over(inGroup))
                .where(col("place").equalTo(lit(1)).or(col("before").leq(sampleBytes)))
                .select("domain", "language", "text");
        Iterator<Row> rows = sample.toLocalIterator();
        while (rows.hasNext()) {
            Row row = rows.next();
            report.add(row.getString(0), row.getString(1), row.getString(2));
        }
    }

    private static void print(TokenizerReport report, Map<String, BpeTokenizer> tokenizers, PrintWriter out) {
        out.println("%-12s %9s %10s %11s %11s %11s %9s"
                .formatted("vocabulary", "bytes/tok", "tokens/word", "whole words", "digits", "LaTeX", "MB/s"));
        for (String name : tokenizers.keySet()) {
            TextMeasures all = report.all(name);
            out.println("%-12s %9.3f %11.3f %10.1f%% %10.1f%% %10.1f%% %9.1f"
                    .formatted(
                            name,
                            (double) all.bytes() / all.tokens(),
                            (double) all.wordTokens() / all.words(),
                            100.0 * all.singleTokenWords() / all.words(),
                            100.0 * all.numbersAlone() / all.numbers(),
                            100.0 * all.commandsAlone() / all.commands(),
                            report.megabytesPerSecond(name)));
        }
    }

    /** What tokenizing the whole run has counted, if it has happened. */
    private static void printStreams(RunFile file, PrintWriter out) {
        if (!Files.isRegularFile(file.layout().tokens().resolve(TokenStatistics.FILE_NAME))) {
            return;
        }
        TokenStatistics statistics = TokenStatistics.read(file.layout().tokens());
        out.println();
        out.println("%-24s %12s %14s %14s %9s %11s %9s"
                .formatted("stream", "documents", "tokens", "bytes", "bytes/tok", "whole words", "nats/tok"));
        statistics.streams().forEach((name, stream) -> out.println(line(name, stream)));
        out.println(line("all", statistics.all()));
        out.println(
                "%,d of %,d tokens of the vocabulary occur".formatted(statistics.usedTokens(), statistics.vocabSize()));
    }

    private static String line(String name, TokenStatistics.Stream stream) {
        return "%-24s %,12d %,14d %,14d %9.3f %10.1f%% %9.4f"
                .formatted(
                        name,
                        stream.documents(),
                        stream.tokens(),
                        stream.bytes(),
                        stream.bytesPerToken(),
                        100 * stream.singleTokenWordRatio(),
                        stream.unigramEntropyNats());
    }

    private static Path write(RunFile file, long sampleBytes, List<Path> parallel, TokenizerReport report) {
        ObjectNode json = report.json("Tokenizers of " + file.head().run());
        ArrayNode facts = json.putArray("facts");
        fact(facts, "run", file.head().run());
        fact(facts, "settings", file.digest().substring(0, 12));
        fact(facts, "sample", "at most %,d bytes of each language of each domain".formatted(sampleBytes));
        fact(
                facts,
                "parallel text",
                parallel.isEmpty()
                        ? "none given"
                        : parallel.stream()
                                .map(path -> path.getFileName().toString())
                                .toList()
                                .toString());
        Path folder = file.layout().folder(Stage.REPORT);
        Path page = folder.resolve(PAGE);
        try {
            AtomicFiles.write(folder.resolve(FACTS), (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
            AtomicFiles.write(
                    page,
                    HtmlPage.of(json.get("title").asText(), TokenizerReportCommand.class, "tokenizer-report.js", json)
                            .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(page, e.getMessage()), e);
        }
        return page;
    }

    private static void fact(ArrayNode facts, String label, String value) {
        facts.addObject().put("label", label).put("value", value);
    }
}
