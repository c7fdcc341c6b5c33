package io.peregrine.trainer.experiments.arms;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.trainer.experiments.curriculum.CurriculumCommand;
import io.peregrine.trainer.experiments.rates.RatesCommand;
import io.peregrine.trainer.model.BlockOrder;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.train.ModelFlops;
import io.peregrine.trainer.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of {@code conf/experiments}: every arm of every size is a model and a training. */
class ExperimentFilesTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    /** An experiment on the quickstart's run file, whose model is named from the repository's root. */
    private static Experiment experiment(String file, String preset) {
        ExperimentConfig config =
                YamlConfig.load(HOME.resolve("conf/experiments").resolve(file), ExperimentConfig.class);
        String model = HOME.resolve("conf/model/quickstart.json").toString();
        return new Experiment(config, preset, HOME.resolve(config.run()), Map.of("train.model", "'" + model + "'"));
    }

    @Test
    void everyArmIsAModelAndATraining() throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve("conf/experiments"))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertThat(names).hasSizeGreaterThanOrEqualTo(9);
            for (String name : names) {
                for (String preset : List.of("small", "gpu")) {
                    Experiment experiment = experiment(name, preset);
                    assertThat(experiment.config().name() + ".yaml").isEqualTo(name);
                    for (ArmSpec arm : experiment.arms()) {
                        FalconH1Config model = experiment.model(arm);
                        RunFile settings = experiment.settings(arm);
                        MixtureConfig mixture = settings.section("mixture", MixtureConfig.class);
                        TrainConfig train = settings.section("train", TrainConfig.class);
                        assertThat(model.maxPositionEmbeddings())
                                .as("%s, %s, %s", name, preset, arm.name())
                                .isGreaterThanOrEqualTo(mixture.sequenceLength());
                        assertThat((long) train.steps().orElseThrow()
                                        * train.batchSequences()
                                        * mixture.sequenceLength())
                                .as("tokens of %s, %s, of the mixture's", name, preset)
                                .isLessThan(mixture.totalTokens().orElseThrow());
                    }
                }
            }
        }
    }

    /** The gpu sizes say how many tokens; the run file for a card says how many epochs. */
    @Test
    void builtInSizesFitARunFileThatCountsEpochs() {
        Path runFile = HOME.resolve("conf/runs/memorization-window-gpu.yaml");
        assertThat(RunFile.open(runFile).section("mixture", MixtureConfig.class).epochs())
                .isPresent();
        for (ExperimentConfig config : List.of(
                ExperimentConfig.builtIn(RatesCommand.class, "elr-ewd.yaml"),
                ExperimentConfig.builtIn(CurriculumCommand.class, "curriculum.yaml"))) {
            MixtureConfig mixture =
                    new Experiment(config, "gpu", runFile, Map.of()).settings().section("mixture", MixtureConfig.class);
            assertThat(mixture.totalTokens()).as(config.name()).contains(7_500_000L);
            assertThat(mixture.epochs()).as(config.name()).isEmpty();
        }
    }

    @Test
    void allocationsAreAllThereAreAndCostAboutTheSame() {
        for (BlockOrder order : BlockOrder.values()) {
            String file = "channels-%s.yaml"
                    .formatted(order.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
            Experiment experiment = experiment(file, "gpu");
            assertThat(experiment.arms()).hasSize(21);
            assertThat(experiment.arms().get(0).name())
                    .as("the released models'")
                    .isEqualTo("2-1-5");
            List<Double> flops = experiment.arms().stream()
                    .map(experiment::model)
                    .peek(model -> assertThat(model.order()).isEqualTo(order))
                    .map(model -> ModelFlops.perTrainedToken(model, 512))
                    .toList();
            assertThat(flops.stream().mapToDouble(Double::doubleValue).max().orElseThrow()
                            / flops.stream()
                                    .mapToDouble(Double::doubleValue)
                                    .min()
                                    .orElseThrow())
                    .isLessThan(1.25);
        }
    }
}
