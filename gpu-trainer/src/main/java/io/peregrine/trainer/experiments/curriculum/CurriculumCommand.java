package io.peregrine.trainer.experiments.curriculum;

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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code experiment curriculum RUN.yaml}: the same sequences in three orders. */
@Command(
        name = "curriculum",
        mixinStandardHelpOptions = true,
        description = {
            "Trains on the same sequences in anti-curriculum, curriculum and shuffled order.",
            "",
            "Anti-curriculum has every source at its share from the first step on; curriculum has one source after the",
            "other, easy ones first. Seeds are paired; says the loss on each source with intervals. The shards are those of",
            "the run; its own training is left as it is.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  peregrine experiment curriculum conf/runs/quickstart.yaml",
            "  peregrine experiment curriculum my.yaml --easy-first web,math,code"
        })
public final class CurriculumCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose shards are used.")
    private Path runFile;

    @Option(
            names = "--easy-first",
            split = ",",
            paramLabel = "SOURCE",
            description = "All sources from easy to hard (default: by the entropy of their single tokens).")
    private List<String> easyFirst = List.of();

    @Mixin
    private ArmOptions options;

    @Override
    public Integer call() {
        List<Choice> orders = Arrays.stream(SourceOrder.values())
                .map(order -> Choice.named(order.key()))
                .toList();
        ExperimentConfig config = ExperimentConfig.builtIn(CurriculumCommand.class, "curriculum.yaml")
                .withAxes(List.of(new Axis("order", orders)));
        Experiment experiment = options.experiment(config, runFile);
        PrintWriter out = spec.commandLine().getOut();
        List<ArmResult> results = options.run(experiment, new CurriculumOrder(easyFirst, out::println), out);
        Path page = ExperimentReport.write(experiment, results);
        out.println();
        out.println(ComparisonText.of(Comparison.of(results)));
        out.println(page);
        out.flush();
        return 0;
    }
}
