package io.peregrine.data.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSet;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.filters.SetChoice;
import io.peregrine.data.filters.words.WordSplitters;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Check;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Side;
import io.peregrine.data.rules.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code filter explain}: all that is measured of one text, and every rule held against it. Needs no Spark. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Shows every value that the filter stages measure in one text, against the limits of a run.",
            "",
            "Exit code 0 if the text would be kept, 1 if it would be dropped."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine filter explain conf/runs/quickstart.yaml --domain web page.txt",
            "  peregrine filter explain my.yaml --domain web --location https://example.org/a page.txt --show-text"
        })
public final class FilterExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose limits apply.")
    private Path runFile;

    @Parameters(index = "1", paramLabel = "TEXT", description = "A text file in UTF-8.")
    private Path textFile;

    @Option(names = "--domain", required = true, description = "The domain whose rules apply, for example web.")
    private String domain;

    @Option(names = "--source", description = "The source, where the run has rules of its own for it.")
    private Optional<String> source = Optional.empty();

    @Option(
            names = "--location",
            description = "Address or path of the document, for rules about these; the text file's own if not given.")
    private Optional<String> location = Optional.empty();

    @Option(
            names = "--language",
            description = "Language of the document, where nothing finds it: a programming language for code.")
    private Optional<String> language = Optional.empty();

    @Option(names = "--show-text", description = "Prints the text as the rules leave it.")
    private boolean showText;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets a key of the run file. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        FilterConfig config = RunFile.open(runFile, overrides).section("filter", FilterConfig.class);
        String named = source.orElse(textFile.toString());
        Document document = Document.of(
                named,
                domain,
                textFile.toString(),
                location.orElse(textFile.toString()),
                language.orElse(Document.UNDETERMINED),
                text());
        RuleSet set = new SetChoice(RuleSets.of(config)).of(document);
        Annotator annotator = set.annotator();
        Annotation annotation = annotator.annotate(document);
        print("rule set %s, language %s"
                .formatted(set.name(), annotation.document().language()));
        for (String words : set.words(annotation.document().language())) {
            print("words %s: %s".formatted(words, WordSplitters.origin(words).orElseThrow()));
        }
        List<Check> checks = set.checks(annotation);
        for (int i = 0; i < annotator.signals().size(); i++) {
            Signal signal = annotator.signals().get(i);
            print(String.format(
                    Locale.ROOT,
                    "%n%s = %s %s: %s",
                    signal.name(),
                    number(annotation.value(i)),
                    signal.unit(),
                    signal.doc()));
            checks.stream()
                    .filter(check -> check.rule().signal().equals(signal.name()))
                    .forEach(check -> print("    " + line(check)));
        }
        if (!annotation.document().id().equals(document.id())) {
            print(String.format(
                    Locale.ROOT,
                    "%nthe rules change the text: %,d of %,d characters are left",
                    annotation.document().text().length(),
                    document.text().length()));
        }
        if (showText) {
            print("%n%s".formatted(annotation.document().text()));
        }
        Optional<Check> verdict = checks.stream().filter(Check::broken).findFirst();
        print("");
        print(verdict.map(check -> "dropped: " + line(check)).orElse("kept"));
        return verdict.isEmpty() ? 0 : 1;
    }

    private static String line(Check check) {
        Rule rule = check.rule();
        return "%s %s: must be %s %s%s"
                .formatted(
                        rule.filter(),
                        rule.reason(),
                        rule.side() == Side.BELOW ? ">=" : "<=",
                        number(rule.limit()),
                        check.broken() ? "   BROKEN" : "");
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "nothing to measure";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%.6g", value);
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
