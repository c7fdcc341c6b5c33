package io.peregrine.trainer.experiments.reuse;

import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.experiments.arms.ArmOptions;
import io.peregrine.trainer.experiments.arms.ArmResult;
import io.peregrine.trainer.experiments.arms.Axis;
import io.peregrine.trainer.experiments.arms.Choice;
import io.peregrine.trainer.experiments.arms.Comparison;
import io.peregrine.trainer.experiments.arms.ComparisonText;
import io.peregrine.trainer.experiments.arms.Experiment;
import io.peregrine.trainer.experiments.arms.ExperimentConfig;
import io.peregrine.trainer.experiments.arms.ExperimentReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code experiment reuse RUN.yaml}: equal tokens, different gaps between repeats, from one checkpoint. */
@Command(
        name = "reuse",
        mixinStandardHelpOptions = true,
        description = {
            "Goes back to a checkpoint of a run and on in arms that see some sequences twice, more or less far apart.",
            "",
            "All arms have equally many tokens, and the same last exposures; the arm 'fresh' sees other sequences of the",
            "same source in place of the first ones, and differences are from it. The smallest gap at which there is none",
            "is how soon the source may come again. The run's own training is left as it is.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  peregrine experiment reuse conf/runs/quickstart.yaml --source math --sequences 64",
            "  peregrine experiment reuse my.yaml --to 2000000 --gaps 0.05,0.2,0.5"
        })
public final class ReuseCommand implements Callable<Integer> {
    private static final String GAP = "gap";

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "RUN.yaml",
            description = "The run, trained: its checkpoints are gone back to.")
    private Path runFile;

    @Option(
            names = "--to",
            paramLabel = "TOKENS",
            description = "Back to the last checkpoint of at most so many tokens (default: half of what was trained).")
    private Optional<Long> tokens = Optional.empty();

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "Whose sequences are seen twice (default: the largest).")
    private Optional<String> source = Optional.empty();

    @Option(
            names = "--sequences",
            paramLabel = "N",
            description = "How many are seen twice (default: ${DEFAULT-VALUE}).")
    private int sequences = 64;

    @Option(
            names = "--gaps",
            split = ",",
            paramLabel = "SHARE",
            description =
                    "Distances of the two exposures, as shares of the training that is left (default: 0.02,0.1,0.3,0.7).")
    private List<Double> gaps = ReusePattern.gaps();

    @Option(
            names = "--window",
            paramLabel = "SHARE",
            description = "Share of it that an exposure of all of them is spread over (default: ${DEFAULT-VALUE}).")
    private double window = 0.25;

    @Mixin
    private ArmOptions options;

    @Override
    public Integer call() {
        List<Choice> arms = new ArrayList<>(List.of(Choice.named(ReuseOrder.FRESH)));
        for (double gap : gaps) {
            arms.add(new Choice("gap-" + gap, Optional.of(gap), Map.of(), Map.of(), Optional.empty()));
        }
        ExperimentConfig config =
                ExperimentConfig.builtIn(ReuseCommand.class, "reuse.yaml").withAxes(List.of(new Axis(GAP, arms)));
        Experiment experiment = options.experiment(config, runFile);
        Checkpoint origin = origin(experiment.settings(), tokens);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "from step %,d of the run (%,d tokens)%n",
                origin.state().step(), origin.state().tokens());
        List<ArmResult> results = options.run(experiment, new ReuseOrder(origin, source, sequences, window), out);
        Path page = ExperimentReport.write(experiment, results);
        out.println();
        out.println(ComparisonText.of(Comparison.of(results)));
        out.println(page);
        out.flush();
        return 0;
    }

    /** The last checkpoint of at most so many tokens. */
    static Checkpoint origin(RunFile settings, Optional<Long> tokens) {
        Path folder = settings.layout().train().resolve(Checkpoints.FOLDER);
        List<Checkpoint> all = new Checkpoints(folder).all();
        if (all.isEmpty()) {
            throw new DataException(folder + ": has no checkpoint to go back to; train the run first");
        }
        long most = tokens.orElse(all.get(all.size() - 1).state().tokens() / 2);
        return all.stream()
                .filter(checkpoint -> checkpoint.state().tokens() <= most)
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new DataException(
                        "%s: no checkpoint of at most %,d tokens, the first has %,d; give --to more, or keep more of them with train.checkpoints.keep-log-spaced"
                                .formatted(folder, most, all.get(0).state().tokens())));
    }
}
