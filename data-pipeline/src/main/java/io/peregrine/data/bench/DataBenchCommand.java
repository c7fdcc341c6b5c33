package io.peregrine.data.bench;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.bench.StageTimes.Stage;
import io.peregrine.data.dedup.MinHash;
import io.peregrine.data.filters.datatrove.DatatroveAnnotator;
import io.peregrine.data.filters.datatrove.Family;
import io.peregrine.data.language.LanguageAnnotator;
import io.peregrine.data.language.LanguageConfig;
import io.peregrine.data.pii.PiiAnnotator;
import io.peregrine.data.pii.PiiConfig;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.sources.DocumentFiles;
import io.peregrine.data.text.SpacySentences;
import io.peregrine.data.text.SpacyWords;
import io.peregrine.data.url.UrlAnnotator;
import io.peregrine.data.url.UrlConfig;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench data}: how fast one thread is at what is done to every document, stage by stage.
 *
 * <p>What a family of the datatrove chain takes is the difference between the chains that end with it and before it, as
 * the families run on one reading of the text. Needs no Spark; {@link #main} runs it by itself.
 */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the stages that see every document on one thread: documents and megabytes per second of its",
            "processor time, the median round and how far rounds are apart, and documents per second of the wall."
        },
        footer = {"", "Example:", "  peregrine bench data --input pages.jsonl.gz --documents 1000"})
public final class DataBenchCommand implements Callable<Integer> {
    private static final String PROFILE = "datatrove-fineweb-0.10";
    private static final int MADE_UP_CHARACTERS = 7_000;
    private static final int CHAIN_STAGES = 1 + Family.values().length;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            arity = "1..*",
            description = "JSON lines, plain or compressed, with a field text. Without it, English-like pages of 7 kB"
                    + " are made up.")
    private List<String> input = List.of();

    @Option(
            names = "--documents",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Most documents read or made up (default: ${DEFAULT-VALUE}).")
    private int documents;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds over all documents, after warming up (default: ${DEFAULT-VALUE}).")
    private int rounds;

    private long used;

    /** Runs the command by itself. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DataBenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() {
        if (documents < 1) {
            throw new ConfigException("--documents", documents, "must be > 0");
        }
        if (rounds < 1) {
            throw new ConfigException("--rounds", rounds, "must be > 0");
        }
        List<Document> read = input.isEmpty() ? madeUp() : read();
        long bytes = read.stream()
                .mapToLong(document -> document.text().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        print(
                "documents    %,d %s, %,.1f kB each; %d rounds; load average %.1f on %d processors",
                read.size(),
                input.isEmpty() ? "made up" : "read",
                bytes / 1e3 / read.size(),
                rounds,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().availableProcessors());
        List<Stage<Document>> stages = stages();
        List<StageTimes> times = StageTimes.measure(stages, read, rounds);
        print("%-28s %11s %7s %8s %11s", "", "docs/s/core", "MB/s", "spread", "docs/s wall");
        List<StageTimes> chains = times.subList(0, CHAIN_STAGES);
        StageTimes whole = chains.get(CHAIN_STAGES - 1);
        line(whole, read.size(), bytes);
        double before = 0;
        for (StageTimes chain : chains) {
            double own = chain.cpuMedian() - before;
            before = chain.cpuMedian();
            print(
                    "  %-26s %10.0f%% %7s %8s  %.0f us a document",
                    chain.name(), 100 * own / whole.cpuMedian(), "", "", own / read.size() * 1e6);
        }
        times.subList(CHAIN_STAGES, times.size()).forEach(stage -> line(stage, read.size(), bytes));
        // Shown, so that no result can be left out as unused.
        print("values that are numbers: %,d", used);
        return 0;
    }

    private List<Stage<Document>> stages() {
        List<Stage<Document>> stages = new ArrayList<>();
        Profile profile = Profiles.load(PROFILE);
        Set<Family> families = EnumSet.noneOf(Family.class);
        stages.add(stage("read and tokenise", chain(profile, families)));
        for (Family family : Family.values()) {
            families.add(family);
            stages.add(stage(family.name().toLowerCase(Locale.ROOT), chain(profile, families)));
        }
        stages.add(stage("language", new LanguageAnnotator(LanguageConfig.DEFAULTS)));
        stages.add(stage("url", new UrlAnnotator(UrlConfig.DEFAULTS)));
        stages.add(stage("pii", new PiiAnnotator(PiiConfig.DEFAULTS)));
        MinHash minHash = new MinHash();
        stages.add(new Stage<>(
                "minhash signature (xxh64)",
                document -> used += minHash.signature(document.text()).isPresent() ? 1 : 0));
        stages.add(new Stage<>(
                "exact hash (SHA-256)",
                document -> used += Document.idOf(document.text()).length()));
        return stages;
    }

    private static Annotator chain(Profile profile, Set<Family> families) {
        return new DatatroveAnnotator(
                SpacyWords.english(), new SpacySentences(SpacyWords.english()), profile.stopWords(), families);
    }

    private Stage<Document> stage(String name, Annotator annotator) {
        return new Stage<>(name, document -> {
            Annotation found = annotator.annotate(document);
            for (int signal = 0; signal < found.size(); signal++) {
                used += Double.isNaN(found.value(signal)) ? 0 : 1;
            }
        });
    }

    private void line(StageTimes stage, int count, long bytes) {
        print(
                "%-28s %,11.0f %7.1f %7.0f%% %,11.0f",
                stage.name().equals("fineweb") ? PROFILE : stage.name(),
                count / stage.cpuMedian(),
                bytes / stage.cpuMedian() / 1e6,
                100 * stage.spread(),
                count / stage.wallMedian());
    }

    private List<Document> madeUp() {
        EnglishProse prose = new EnglishProse(1);
        List<Document> made = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
            String location = "https://news%d.example.org/world/%d/a-made-up-page.html".formatted(i % 50, i);
            made.add(Document.of("bench", "web", "made-up", location, "en", prose.page(MADE_UP_CHARACTERS)));
        }
        return made;
    }

    private List<Document> read() {
        List<Document> read = new ArrayList<>();
        DocumentFiles.Read all = DocumentFiles.forEach(input, List.of("text"), document -> {
            if (read.size() < documents) {
                read.add(document);
            }
        });
        if (read.isEmpty()) {
            throw new DataException("%s: has no documents with a field text, %d were rejected"
                    .formatted(String.join(", ", input), all.rejected()));
        }
        return read;
    }

    private void print(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
