package io.peregrine.data.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.bench.EnglishProse;
import io.peregrine.data.bench.PerturbedCopies;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.jobs.DedupJob;
import io.peregrine.data.jobs.FilterJob;
import io.peregrine.data.jobs.IngestJob;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.jobs.SignalsJob;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.sources.DocumentFiles;
import io.peregrine.data.sources.SourceConfig;
import io.peregrine.data.sources.SourceKind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench scale}: what a document costs in the stages that see every document, as documents become more.
 *
 * <p>Before anything counts the smallest number goes through all stages, which starts Spark and compiles, and then so few
 * documents that they show what a stage costs that has nothing to do; this is taken off all others.
 */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = {
            "Runs ingest, signals, filters and dedup on 10,000 to 100,000 documents or more, made of a few by perturbing",
            "copies, and prints stage by stage what a document costs, beyond what the stage costs without documents, by",
            "the clock and in processor time of the whole process, which other programs disturb less.",
            "The heap is that of the process: PEREGRINE_MEMORY=4g peregrine bench scale."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine bench scale",
            "  peregrine bench scale --sizes 10000,1000000 --work /big/disk",
            "  peregrine bench scale --input pages.jsonl.gz --near-duplicates 0.3"
        })
public final class ScaleBenchCommand implements Callable<Integer> {
    private static final int FEW_DOCUMENTS = 200;
    private static final int MADE_UP_PAGES = 2_000;
    private static final String HEADER = "%-11s %9s %9s %8s %8s %7s %6s | %8s %7s %6s | %7s %6s %9s %8s %7s"
            .formatted(
                    "stage",
                    "in",
                    "out",
                    "wall s",
                    "docs/s",
                    "ms/doc",
                    "ratio",
                    "cpu s",
                    "ms/doc",
                    "ratio",
                    "heap MB",
                    "GC s",
                    "shuffle MB",
                    "spill MB",
                    "longest");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            arity = "1..*",
            description = "JSON lines, plain or compressed, with a field text: the originals. Without it, 2,000"
                    + " English-like pages are made up.")
    private List<String> input = List.of();

    @Option(
            names = "--characters",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Length of made-up pages; longer originals are cut (default: ${DEFAULT-VALUE}).")
    private int characters;

    @Option(
            names = "--sizes",
            paramLabel = "N",
            split = ",",
            defaultValue = "10000,30000,100000",
            description = "Numbers of documents, smallest first (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes;

    @Option(
            names = "--near-duplicates",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of the documents that nearly repeat the one before; with 1, all repeat the first"
                    + " (default: ${DEFAULT-VALUE}).")
    private double nearDuplicates;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Folder for the runs, which are deleted afterwards (default: that for temporary files). A"
                    + " document needs about ten times its size.")
    private Path work = Path.of(System.getProperty("java.io.tmpdir"));

    /**
     * Seconds of one stage.
     *
     * @param wall of the clock
     * @param processor of all threads of the process
     */
    private record Seconds(double wall, double processor) {
        Seconds each(Seconds fixed, int documents) {
            return new Seconds(
                    Math.max(0, wall - fixed.wall) / documents, Math.max(0, processor - fixed.processor) / documents);
        }
    }

    private final Map<Stage, Seconds> fixed = new EnumMap<>(Stage.class);
    private final Map<Stage, Seconds> smallest = new EnumMap<>(Stage.class);

    @Override
    public Integer call() {
        if (!(nearDuplicates >= 0 && nearDuplicates <= 1)) {
            throw new ConfigException("--near-duplicates", nearDuplicates, "must be 0 to 1");
        }
        if (characters < 1) {
            throw new ConfigException("--characters", characters, "must be > 0");
        }
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i) <= (i == 0 ? 0 : sizes.get(i - 1))) {
                throw new ConfigException("--sizes", sizes, "must be > 0 and ascending");
            }
        }
        List<String> originals = originals();
        print(
                "%,d originals %s; %.2f of the documents near duplicates; heap %,d MB, %d processors",
                originals.size(),
                input.isEmpty() ? "made up" : "read",
                nearDuplicates,
                Runtime.getRuntime().maxMemory() >> 20,
                Runtime.getRuntime().availableProcessors());
        try (LazySpark spark = new LazySpark("peregrine bench scale")) {
            print("%nfirst time, %,d documents: Spark starts, code is compiled", sizes.get(0));
            measure(spark, originals, sizes.get(0));
            print("%nfixed cost, %d documents: taken off below", FEW_DOCUMENTS);
            fixed.putAll(measure(spark, originals, FEW_DOCUMENTS));
            for (int size : sizes) {
                print(
                        "%n%,d documents; load average %.1f",
                        size, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                measure(spark, originals, size);
            }
        }
        return 0;
    }

    /** Runs all stages and prints a line for each; the seconds of each. */
    private Map<Stage, Seconds> measure(LazySpark spark, List<String> originals, int size) {
        Map<Stage, Seconds> seconds = new EnumMap<>(Stage.class);
        try (TemporaryRun run = new TemporaryRun(work, spark)) {
            Path corpus = run.file("corpus.jsonl");
            long bytes = write(corpus, originals, size);
            print("%,.1f MB, %,d bytes a document", bytes / 1e6, bytes / size);
            print(HEADER);
            FilterConfig filter = FilterConfig.DEFAULTS;
            List<StageJob> jobs = List.of(
                    new IngestJob(List.of(source(corpus)), Path.of("")),
                    new SignalsJob(filter),
                    new FilterJob(filter),
                    new DedupJob(DedupConfig.DEFAULTS));
            for (StageJob job : jobs) {
                try (StageLoad load = StageLoad.watch(spark.session())) {
                    StageManifest manifest = run.run(job);
                    Seconds all = new Seconds(manifest.seconds(), load.processorSeconds());
                    seconds.put(job.stage(), all);
                    line(manifest, all, load, size);
                }
            }
        }
        return seconds;
    }

    private void line(StageManifest manifest, Seconds all, StageLoad load, int size) {
        Stage stage = manifest.stage();
        Seconds each = all.each(fixed.getOrDefault(stage, new Seconds(0, 0)), size);
        Seconds least = fixed.isEmpty() ? each : smallest.computeIfAbsent(stage, first -> each);
        print(
                "%-11s %,9d %,9d %8.1f %8s %7s %6s | %8.1f %7s %6s | %,7.0f %6.1f %,9.1f %,8.1f %7.1f",
                stage.folder(),
                size,
                manifest.counts().getOrDefault("out", manifest.counts().getOrDefault("documents", 0L)),
                all.wall,
                positive("%,.0f", 1 / each.wall),
                positive("%.2f", each.wall * 1e3),
                positive("%.2f", each.wall / least.wall),
                all.processor,
                positive("%.2f", each.processor * 1e3),
                positive("%.2f", each.processor / least.processor),
                load.heapMegabytes(),
                load.collectionSeconds(),
                load.shuffledMegabytes(),
                load.spilledMegabytes(),
                load.longestTaskSeconds());
    }

    /** Less than the fixed cost took is a run too short to say anything. */
    private static String positive(String format, double value) {
        return value > 0 && Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }

    private List<String> originals() {
        List<String> originals = new ArrayList<>();
        if (input.isEmpty()) {
            EnglishProse prose = new EnglishProse(1);
            for (int i = 0; i < MADE_UP_PAGES; i++) {
                originals.add(prose.page(characters));
            }
            return originals;
        }
        DocumentFiles.forEach(
                input,
                List.of("text"),
                document -> originals.add(document.text()
                        .substring(0, Math.min(characters, document.text().length()))));
        if (originals.isEmpty()) {
            throw new DataException("%s: has no documents with a field text".formatted(String.join(", ", input)));
        }
        return originals;
    }

    private long write(Path corpus, List<String> originals, int size) {
        PerturbedCopies copies = new PerturbedCopies(originals, nearDuplicates, 1);
        ObjectMapper json = new ObjectMapper();
        try (BufferedWriter out = Files.newBufferedWriter(corpus)) {
            for (int i = 0; i < size; i++) {
                out.write(json.writeValueAsString(Map.of("text", copies.next())));
                out.write('\n');
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(corpus, e), e);
        }
        return corpus.toFile().length();
    }

    private static SourceConfig source(Path corpus) {
        return new SourceConfig(
                "copies",
                SourceKind.JSONL,
                "web",
                List.of(corpus.toString()),
                "none",
                Optional.of("en"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void print(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
