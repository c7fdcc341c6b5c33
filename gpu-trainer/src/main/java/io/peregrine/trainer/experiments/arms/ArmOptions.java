package io.peregrine.trainer.experiments.arms;

import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.trainer.ops.backend.Backend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every experiment with arms has. */
public final class ArmOptions {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "Size of the experiment: small (minutes on two cores) or gpu (one H200); default: ${DEFAULT-VALUE}.")
    private String preset = ExperimentConfig.SMALL;

    @Option(names = "--backend", paramLabel = "NAME", description = "Who computes: cpu, cuda, reference.")
    private Optional<Backend> backend = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file in all arms, such as --set train.steps=50. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Option(names = "--keep-checkpoints", description = "Keeps the checkpoints of arms that are finished.")
    private boolean keepCheckpoints;

    /** The size that was chosen. */
    public String preset() {
        return preset;
    }

    /** An experiment with these options. */
    public Experiment experiment(ExperimentConfig config, Path runFile) {
        Map<String, String> keys = new LinkedHashMap<>();
        backend.ifPresent(chosen -> keys.put("train.backend", chosen.key()));
        keys.putAll(overrides);
        return new Experiment(config, preset, runFile, keys);
    }

    /** Trains what is not finished, with progress on standard error. */
    public List<ArmResult> run(Experiment experiment, ArmOrder order, PrintWriter out) {
        try (RunLock lock = RunLock.take(experiment.settings().layout())) {
            ArmRunner runner = new ArmRunner(experiment, order, keepCheckpoints);
            return runner.run(ConsoleProgress.onStandardError(), line -> {
                out.println(line);
                out.flush();
            });
        }
    }
}
