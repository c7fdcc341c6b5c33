package io.peregrine.data.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.filters.Check;
import io.peregrine.data.filters.DomainFilters;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.Verdict;
import io.peregrine.data.language.OpenNlpLanguageIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain-filter}: every rule of a domain held against one text. Needs no Spark and no finished stage. */
@Command(
        name = "explain-filter",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the filter stage measures in one text, against the limits of a run.",
            "Exit code 0 if the text would be kept, 1 if it would be dropped."
        },
        footer = {"", "Example:", "  peregrine explain-filter conf/runs/quickstart.yaml --domain web page.txt"})
public final class ExplainFilterCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose limits apply.")
    private Path runFile;

    @Parameters(index = "1", paramLabel = "TEXT", description = "A text file in UTF-8.")
    private Path textFile;

    @Option(names = "--domain", required = true, description = "The domain whose rules apply, for example web.")
    private String domain;

    @Override
    public Integer call() {
        FilterConfig config = RunFile.open(runFile).section("filter", FilterConfig.class);
        DomainFilters filters =
                new DomainFilters(config, new OpenNlpLanguageIdentifier(config.languageSampleCharacters()));
        Document document = Document.of(
                textFile.toString(), domain, textFile.toString(), textFile.toString(), Document.UNDETERMINED, text());
        DomainFilters.Decision decision = filters.decide(document);
        print("language %s".formatted(decision.document().language()));
        filters.explain(document).forEach(check -> print(line(check)));
        boolean kept = decision.verdict() == Verdict.KEEP;
        print(
                kept
                        ? "kept"
                        : "dropped: "
                                + ((Verdict.Drop) decision.verdict()).reason().key());
        return kept ? 0 : 1;
    }

    private static String line(Check check) {
        String side = check.side() == Check.Side.BELOW ? ">=" : "<=";
        return String.format(
                Locale.ROOT,
                "  %-32s %12.4f  must be %s %-10s %s",
                check.reason().key(),
                check.measured(),
                side,
                check.limit(),
                check.broken() ? "BROKEN" : "");
    }

    private String text() {
        try {
            return Files.readString(textFile);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read as UTF-8 text: %s".formatted(textFile, e), e);
        }
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line.stripTrailing());
    }
}
