package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.page.HtmlPage;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.HistoryFile;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
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

/** {@code mixture report}: the page on which a person sees what a plan does. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Writes an HTML page about a run's plan: the share of each stream over the run, its epochs, the certified gaps"
                    + " between repeats against the memorization windows, and where caps bind. The page needs no network."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine mixture report my.yaml",
            "  peregrine mixture report my.yaml --out plan.html"
        })
final class MixtureReportCommand implements Callable<Integer> {
    /** Name of the page below the report stage's folder. */
    static final String FILE_NAME = "mixture.html";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run, planned at least.")
    private Path runFile;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page; 90-report/mixture.html of the run if not given.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set root=work/try. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        RunLayout layout = file.layout();
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        MixtureHistory history = HistoryFile.read(layout.mixture())
                .orElseThrow(() -> new DataException(
                        "%s: has no %s; run 'mixture plan' again".formatted(layout.mixture(), HistoryFile.FILE_NAME)));
        int block = PlanLease.block(layout.mixture(), plan.blockSize());
        Path page = out.orElse(layout.report().resolve(FILE_NAME));
        try {
            AtomicFiles.write(
                    page, page(file.head().run(), plan, history, block).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(page, e.getMessage()), e);
        }
        spec.commandLine().getOut().println(page);
        return 0;
    }

    /** The page of a plan. */
    static String page(String name, MixturePlan plan, MixtureHistory history, int block) {
        return HtmlPage.of(
                name + ": mixture",
                MixtureReportCommand.class,
                PlanFacts.SCRIPT,
                PlanFacts.of(name, plan, history, block));
    }
}
