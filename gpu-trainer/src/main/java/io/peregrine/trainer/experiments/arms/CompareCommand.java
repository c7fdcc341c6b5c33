package io.peregrine.trainer.experiments.arms;

import io.peregrine.data.config.YamlConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code experiment compare FILE}: the arms of an experiment file in one table. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Trains the arms of an experiment file that are not trained yet, and compares all of them.",
            "",
            "Prints one table: parameters, operations, held-out loss with its interval, the difference from the first arm",
            "(paired by sequence, and by seed where there are several) and speed; writes results.jsonl and a page. Started",
            "again, it goes on where it stopped.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  peregrine experiment compare conf/experiments/block-orders.yaml",
            "  peregrine experiment compare conf/experiments/lr-transfer.yaml --preset gpu --backend cuda"
        })
public final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "An experiment file, such as those in conf/experiments.")
    private Path file;

    @Option(
            names = "--run",
            paramLabel = "RUN.yaml",
            description = "The run whose shards are used, in place of the file's.")
    private Optional<Path> run = Optional.empty();

    @Mixin
    private ArmOptions options;

    @Override
    public Integer call() {
        ExperimentConfig config = YamlConfig.load(file, ExperimentConfig.class);
        Experiment experiment = options.experiment(config, run.orElse(Path.of(config.run())));
        PrintWriter out = spec.commandLine().getOut();
        List<ArmResult> results = options.run(experiment, ArmOrder.planned(), out);
        Path page = ExperimentReport.write(experiment, results);
        out.println();
        out.print(ComparisonText.of(Comparison.of(results)));
        out.println();
        out.println(page);
        out.flush();
        return 0;
    }
}
