package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.page.HtmlPage;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.mixture.optimize.MixtureOptimization;
import io.peregrine.mixture.optimize.OptimizeConfig;
import io.peregrine.mixture.optimize.OptimizeFacts;
import io.peregrine.mixture.optimize.OptimizeText;
import io.peregrine.mixture.optimize.ProposedMixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixture optimize}: weights from proxy runs. */
@Command(
        name = "optimize",
        mixinStandardHelpOptions = true,
        description = {
            "Proposes weights: fits a law of the loss by the weights to small training runs, and makes the weighted loss"
                    + " small within what windows and epochs allow, not far from a prior.",
            "",
            "Prints how well the law predicts runs that it has not seen, the weights, which caps bind, and what a billion"
                    + " tokens more of each such source would be worth."
        },
        footer = {"", "Example:", "  peregrine mixture optimize my-runs.yaml --out weights.yaml --page weights.html"})
final class MixtureOptimizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OPTIMIZE.yaml", description = "Settings; see conf/mixture.")
    private Path settings;

    @Option(names = "--out", paramLabel = "FILE", description = "Writes the weights as mixture.streams takes them.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--page", paramLabel = "FILE", description = "Writes an HTML page; it needs no network.")
    private Optional<Path> page = Optional.empty();

    @Override
    public Integer call() {
        OptimizeConfig config = YamlConfig.load(settings, OptimizeConfig.class);
        MixtureOptimization optimization;
        try (RunTables tables = new RunTables(new LazySpark("peregrine mixture optimize"))) {
            optimization = MixtureOptimization.run(config, tables::read, ConsoleProgress.onStandardError());
        }
        PrintWriter print = spec.commandLine().getOut();
        print.print(OptimizeText.of(optimization));
        if (out.isPresent()) {
            ProposedMixture proposed = ProposedMixture.of(optimization.proposal(), config.sources());
            write(out.get(), proposed.toYaml("Proposed by 'mixture optimize %s'.".formatted(settings)));
            print.println(out.get());
        }
        if (page.isPresent()) {
            write(
                    page.get(),
                    HtmlPage.of(
                            OptimizeFacts.TITLE,
                            OptimizeFacts.class,
                            OptimizeFacts.SCRIPT,
                            OptimizeFacts.of(optimization, config, settings.toString())));
            print.println(page.get());
        }
        print.flush();
        return 0;
    }

    private static void write(Path file, String text) {
        try {
            AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }
}
