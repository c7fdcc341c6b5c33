package io.peregrine.mixture.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.progress.Progress;
import io.peregrine.mixture.fit.FitQuality;
import io.peregrine.mixture.fit.RunTable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The runs that RegMix published, which are not part of this project: {@code -Dregmix.dir=FOLDER} names the folder of its
 * CSV files.
 */
@EnabledIfSystemProperty(named = "regmix.dir", matches = ".+", disabledReason = "-Dregmix.dir=FOLDER is not given")
class RegMixTest {
    @Test
    void unseenMixturesAreRankedAtOtherSizes() {
        OptimizeConfig config =
                YamlConfig.load(Path.of("..", "conf", "mixture", "optimize-regmix.yaml"), OptimizeConfig.class);
        Path folder = Path.of(System.getProperty("regmix.dir"));
        Function<String, RunTable> tables =
                path -> RunTable.ofCsv(folder.resolve(Path.of(path).getFileName()));
        MixtureOptimization optimization = MixtureOptimization.run(config, tables, Progress.SILENT);
        // The numbers of the linear law at Pile-CC are those of RegMix's paper: the set-up is the same.
        assertRanks(optimization.checks().get(0), 0.9749, 0.8308, 0.9659, 0.9019);
        assertRanks(optimization.checks().get(1), 0.9691, 0.8294, 0.9602, 0.8929);
        assertRanks(optimization.checks().get(2), 0.9348, 0.7120, 0.9878, 0.8811);
        assertThat(optimization.checks().get(2).exponential().targets().get(0).spearman())
                .isGreaterThan(0.98);
        assertThat(optimization.proposal().gap()).isLessThan(1e-9);
    }

    private static void assertRanks(
            MixtureOptimization.Check check, double mean, double linearMean, double pileCc, double linearPileCc) {
        assertThat(mean(check.exponential().targets())).isEqualTo(mean, within(1e-3));
        assertThat(mean(check.linear().targets())).isEqualTo(linearMean, within(1e-3));
        assertThat(check.exponential().targets().get(0).spearman()).isEqualTo(pileCc, within(1e-3));
        assertThat(check.linear().targets().get(0).spearman()).isEqualTo(linearPileCc, within(1e-3));
    }

    private static double mean(List<FitQuality> qualities) {
        return qualities.stream().mapToDouble(FitQuality::spearman).average().orElseThrow();
    }
}
