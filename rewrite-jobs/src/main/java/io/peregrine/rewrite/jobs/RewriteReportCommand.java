package io.peregrine.rewrite.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
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

/** {@code rewrite report}: the page on which a person sees what was written, what was refused and why, and what it cost. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Writes an HTML page about the rewrites of a run: answers that stand by source, template and reason, cost and"
                    + " tokens, the most common openings, and originals and rewrites side by side to page through, the"
                    + " refused ones with reason and measured value. The page needs no network."
        },
        footer = {"", "Example:", "  peregrine rewrite report conf/runs/rewrite.yaml --samples 50"})
public final class RewriteReportCommand implements Callable<Integer> {
    /** Name of the page below the report stage's folder. */
    static final String FILE_NAME = "rewrite.html";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "A run whose rewrite stage is done.")
    private Path runFile;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Pairs shown for each template and each reason (default: ${DEFAULT-VALUE}).")
    private int samples = 20;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page; 90-report/rewrite.html of the run if not given.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets a key of the run file. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        StageManifest.require(file.layout(), Stage.REWRITE);
        Path page = out.orElse(file.layout().folder(Stage.REPORT).resolve(FILE_NAME));
        try (LazySpark spark =
                new LazySpark("peregrine rewrite report " + file.head().run())) {
            StageContext context = StageContext.looking(spark.session(), file.layout(), Stage.REPORT, file.seed());
            ObjectNode facts =
                    new RewriteFacts(context, samples).gather(file.head().run(), file.digest());
            AtomicFiles.write(page, page(facts).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(page, e.getMessage()), e);
        }
        spec.commandLine().getOut().println(page);
        return 0;
    }

    /** The page on which the facts are drawn. */
    static String page(ObjectNode facts) {
        return HtmlPage.of(facts.get("title").asText(), RewriteReportCommand.class, "rewrite-report.js", facts);
    }
}
