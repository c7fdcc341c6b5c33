package io.peregrine.data.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.page.HtmlPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** {@code data report}: the page on which a person sees what was read, what was dropped and why, and what is left. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Writes an HTML page about the documents of a run, as far as it has come: the funnel by stage, source and"
                    + " language, a histogram of every measured value with its limits, dropped documents to page"
                    + " through by reason, duplicates, evaluation texts found, top hosts. The page needs no network."
        },
        footer = {"", "Example:", "  peregrine data report conf/runs/quickstart.yaml --samples 50"})
public final class DataReportCommand implements Callable<Integer> {
    /** Name of the page below the report stage's folder. */
    static final String FILE_NAME = "data.html";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run, finished or not.")
    private Path runFile;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Documents shown for each reason (default: ${DEFAULT-VALUE}).")
    private int samples = 20;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page; 90-report/data.html of the run if not given.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets a key of the run file. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        RuleSets sets = RuleSets.of(file.section("filter", FilterConfig.class));
        Path page = out.orElse(file.layout().folder(Stage.REPORT).resolve(FILE_NAME));
        try (LazySpark spark =
                new LazySpark("peregrine data report " + file.head().run())) {
            ObjectNode facts = new DataFacts(spark, file.layout(), sets, samples)
                    .gather(file.head().run(), file.digest());
            AtomicFiles.write(page, page(facts).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(page, e.getMessage()), e);
        }
        spec.commandLine().getOut().println(page);
        return 0;
    }

    /** The page on which the facts are drawn. */
    static String page(ObjectNode facts) {
        return HtmlPage.of(facts.get("title").asText(), DataReportCommand.class, "data-report.js", facts);
    }
}
