package io.peregrine.trainer.experiments.rates;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.ConfigException;
import io.peregrine.trainer.experiments.arms.ArmOptions;
import io.peregrine.trainer.experiments.arms.ArmOrder;
import io.peregrine.trainer.experiments.arms.ArmResult;
import io.peregrine.trainer.experiments.arms.Axis;
import io.peregrine.trainer.experiments.arms.Choice;
import io.peregrine.trainer.experiments.arms.Comparison;
import io.peregrine.trainer.experiments.arms.ComparisonFacts;
import io.peregrine.trainer.experiments.arms.ComparisonText;
import io.peregrine.trainer.experiments.arms.Experiment;
import io.peregrine.trainer.experiments.arms.ExperimentConfig;
import io.peregrine.trainer.experiments.arms.ExperimentReport;
import io.peregrine.trainer.optim.EffectiveRates;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
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

/** {@code experiment elr-ewd RUN.yaml}: a grid over effective learning rate and effective weight decay. */
@Command(
        name = "elr-ewd",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a grid over effective learning rate and effective weight decay, and studies parameter norms.",
            "",
            "sqrt(rate * decay) sets the noise and sqrt(decay / rate) the norms: says by a fit whether norms follow",
            "sqrt(rate / decay) here, for each kind of matrix, beside a toy model of AdamW on noise. The shards are those",
            "of the run; its own training is left as it is. Started again, it goes on where it stopped.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  peregrine experiment elr-ewd conf/runs/quickstart.yaml",
            "  peregrine experiment elr-ewd my.yaml --elr 0.02,0.04 --ewd 5,10,20 --set train.steps=500"
        })
public final class RatesCommand implements Callable<Integer> {
    private static final String EXPERIMENT = "elr-ewd.yaml";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose shards are used.")
    private Path runFile;

    @Option(
            names = "--elr",
            split = ",",
            paramLabel = "X",
            description = "Effective learning rates (default: 0.07,0.1,0.14).")
    private List<BigDecimal> elrs = List.of(new BigDecimal("0.07"), new BigDecimal("0.1"), new BigDecimal("0.14"));

    @Option(
            names = "--ewd",
            split = ",",
            paramLabel = "X",
            description = "Effective weight decays (default: 20,30,45).")
    private List<BigDecimal> ewds = List.of(new BigDecimal("20"), new BigDecimal("30"), new BigDecimal("45"));

    @Mixin
    private ArmOptions options;

    @Override
    public Integer call() {
        requireTwo("--elr", elrs);
        requireTwo("--ewd", ewds);
        elrs.forEach(elr -> ewds.forEach(ewd -> new EffectiveRates(elr.doubleValue(), ewd.doubleValue())));
        ExperimentConfig config = ExperimentConfig.builtIn(RatesCommand.class, EXPERIMENT)
                .withAxes(List.of(axis(RatesStudy.ELR, elrs), axis(RatesStudy.EWD, ewds)));
        Experiment experiment = options.experiment(config, runFile);
        PrintWriter out = spec.commandLine().getOut();
        List<ArmResult> results = options.run(experiment, ArmOrder.planned(), out);
        Comparison comparison = Comparison.of(results);
        RatesStudy study = RatesStudy.of(results);
        ObjectNode facts = ComparisonFacts.of(experiment, comparison);
        RatesFacts.add(facts, study, results);
        Path page = ExperimentReport.write(experiment, results, facts);
        out.println();
        out.println(ComparisonText.of(comparison));
        out.println(RatesFacts.text(study));
        out.println(page);
        out.flush();
        return 0;
    }

    private static void requireTwo(String option, List<BigDecimal> values) {
        if (values.stream().map(BigDecimal::stripTrailingZeros).distinct().count() < 2) {
            throw new ConfigException(option, values, "must be two different values at least, to see a slope");
        }
    }

    private static Axis axis(String name, List<BigDecimal> values) {
        return new Axis(
                name,
                values.stream()
                        .map(value -> new Choice(
                                name + "-" + value.stripTrailingZeros().toPlainString(),
                                Optional.of(value.doubleValue()),
                                Map.of("train." + name, DecimalNode.valueOf(value)),
                                Map.of(),
                                Optional.empty()))
                        .toList());
    }
}
