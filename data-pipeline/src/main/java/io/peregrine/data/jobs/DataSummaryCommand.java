package io.peregrine.data.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code data summary}: the counts of a run as Markdown, to commit beside the run file. */
@Command(
        name = "summary",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what was kept of a run's documents by kind, language and reason, as Markdown tables: duplicates,"
                    + " evaluation texts found and licences too. Equal runs print equal tables."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine data summary my.yaml",
            "  peregrine data summary my.yaml --into DATA.md     between its two lines of a comment, see --into"
        })
public final class DataSummaryCommand implements Callable<Integer> {
    static final String BEGIN = "<!-- data summary: begin -->\n";
    static final String END = "<!-- data summary: end -->\n";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run, finished or not.")
    private Path runFile;

    @Option(
            names = "--into",
            paramLabel = "FILE",
            description = "Replaces what stands in this file between the lines '<!-- data summary: begin -->' and"
                    + " '<!-- data summary: end -->'.")
    private Optional<Path> into = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets a key of the run file. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        RuleSets sets = RuleSets.of(file.section("filter", FilterConfig.class));
        // A file without a place for the tables is refused before any work.
        into.ifPresent(DataSummaryCommand::read);
        String summary;
        try (LazySpark spark =
                new LazySpark("peregrine data summary " + file.head().run())) {
            ObjectNode facts = new DataFacts(spark, file.layout(), sets, 0)
                    .counts(file.head().run(), file.digest());
            summary = head(file) + DataSummary.of(facts);
        }
        if (into.isPresent()) {
            write(into.get(), between(read(into.get()), summary));
        } else {
            spec.commandLine().getOut().print(summary);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    /** By what the tables below can be had again, and by what it can be told that they are the same. */
    private String head(RunFile file) {
        StringBuilder head =
                new StringBuilder("Made by `./peregrine data summary %s` of Peregrine %s; seed %d, settings %s."
                        .formatted(runFile, CodeVersion.CURRENT, file.head().seed(), file.digest()));
        StageManifest.read(file.layout(), Stage.DECONTAMINATE)
                .ifPresent(manifest -> head.append(" Payload of the documents left: %s."
                        .formatted(manifest.output("clean").payloadDigest())));
        return head.append("\n\n").toString();
    }

    private static String read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read as UTF-8 text: %s".formatted(file, e), e);
        }
        int begin = text.indexOf(BEGIN);
        if (begin < 0 || text.indexOf(END, begin) < 0) {
            throw new DataException("%s: must have a line '%s' and below it a line '%s', where the tables go"
                    .formatted(file, BEGIN.strip(), END.strip()));
        }
        return text;
    }

    /** The text with another summary between its two lines. */
    static String between(String text, String summary) {
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        return text.substring(0, begin) + "\n" + summary + "\n" + text.substring(text.indexOf(END, begin));
    }

    private static void write(Path file, String text) {
        try {
            AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }
}
