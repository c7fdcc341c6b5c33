package io.peregrine.trainer.experiments.window;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainedRun;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code experiment memorization-window}: how long a run's model remembers what it saw once. */
@Command(
        name = "memorization-window",
        mixinStandardHelpOptions = true,
        description = {
            "Measures after how many tokens a run's model has forgotten a sequence that it saw once.",
            "",
            "Takes sequences by age from the plan alone, and others of the same source and length that were never trained",
            "on; compares their losses before and after, at several checkpoints; and writes the window of each source as",
            "the cap that 'mixture plan' reads, or why there is none. Losses that have been measured are not measured",
            "again. Results are in 95-experiments/memorization-window of the run; begin with report.html."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine experiment memorization-window conf/runs/memorization-window-small.yaml",
            "  peregrine experiment memorization-window my.yaml --preset gpu --backend cuda",
            "  peregrine experiment memorization-window my.yaml --source code --bins 20000,50000,100000,200000",
            "  peregrine experiment memorization-window a.yaml --compare b.yaml,work/c,work/d"
        })
public final class MemorizationWindowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run, trained, with at least two checkpoints.")
    private Path runFile;

    @Option(
            names = "--preset",
            paramLabel = "small|gpu",
            description = {
                "How much is measured: small ends in minutes on two cores, gpu on one card",
                "(default: ${DEFAULT-VALUE})."
            })
    private WindowSettings.Preset preset = WindowSettings.Preset.SMALL;

    @Option(
            names = "--bins",
            paramLabel = "N|TOKENS,TOKENS,...",
            split = ",",
            description = "How many bins of age, evenly spaced in its logarithm; or the bins' edges in tokens.")
    private List<Long> bins = new ArrayList<>();

    @Option(names = "--per-bin", paramLabel = "N", description = "Sequences of each bin and source, at most.")
    private Optional<Integer> perBin = Optional.empty();

    @Option(names = "--eps", paramLabel = "NATS", description = "The gap that counts as forgotten, per token (0.005).")
    private Optional<Double> eps = Optional.empty();

    @Option(
            names = "--checkpoints",
            paramLabel = "STEP,...",
            split = ",",
            description = "Steps of the checkpoints to measure at; evenly spaced ones if not given.")
    private List<Integer> checkpoints = new ArrayList<>();

    @Option(
            names = "--source",
            paramLabel = "NAME,...",
            split = ",",
            description = "Streams of the mixture to measure; all if not given.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--backend",
            paramLabel = "cpu|cuda|reference",
            description = "Who computes; the run's own if not given.")
    private Optional<String> backend = Optional.empty();

    @Option(
            names = "--compare",
            paramLabel = "RUN,...",
            split = ",",
            description = {
                "Other runs (files or folders) on which the experiment has been done: their windows beside this one's,",
                "against batch tokens / (learning rate * weight decay)."
            })
    private List<Path> others = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set root=work/try. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        RunLayout layout = file.layout();
        TrainConfig config = file.section("train", TrainConfig.class);
        Backend chosen = backend.map(Backend::named).orElse(config.backend());
        WindowRequest request = request(chosen);
        PrintWriter out = spec.commandLine().getOut();
        List<Path> results =
                others.stream().map(MemorizationWindowCommand::resultsOf).toList();
        try (RunLock lock = RunLock.take(layout)) {
            TrainedRun run = TrainedRun.open(layout, config, file.seed());
            WindowStudy study = WindowStudy.of(
                    layout, run, file.seed(), request, config.threadsToUse(), ConsoleProgress.onStandardError());
            ObjectNode facts = WindowFacts.of(file.head().run(), run, study);
            Path folder = layout.experiment(WindowStudy.NAME);
            Optional<WindowComparison> comparison = new WindowOutput(folder).write(facts, study, results);
            out.print(WindowText.of(study));
            comparison.ifPresent(it -> out.print(WindowText.of(it)));
            out.printf("%,d losses measured now%n", study.measured());
            out.println(folder.resolve(WindowOutput.CAPS));
            out.println(folder.resolve(WindowOutput.PAGE));
            out.flush();
        }
        return 0;
    }

    /** The results of another run, by its file or its folder. */
    private static Path resultsOf(Path run) {
        RunLayout layout =
                Files.isDirectory(run) ? new RunLayout(run) : RunFile.open(run).layout();
        return layout.experiment(WindowStudy.NAME).resolve(WindowOutput.RESULTS);
    }

    private WindowRequest request(Backend chosen) {
        WindowSettings usual = preset.settings();
        int count = bins.size() == 1 ? Math.toIntExact(Math.min(Integer.MAX_VALUE, bins.get(0))) : usual.bins();
        WindowSettings settings =
                new WindowSettings(count, perBin.orElse(usual.perBin()), usual.checkpoints(), eps.orElse(usual.eps()));
        if (bins.size() > 1 && bins.stream().anyMatch(edge -> edge < 1)) {
            throw new ConfigException("--bins", bins, "edges must be >= 1 token");
        }
        return new WindowRequest(settings, bins.size() > 1 ? bins : List.of(), checkpoints, sources, chosen);
    }
}
