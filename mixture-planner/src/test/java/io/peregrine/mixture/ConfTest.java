package io.peregrine.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.peregrine.data.config.KeyTable;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.mixture.optimize.OptimizeConfig;
import io.peregrine.mixture.plan.StreamReport;
import io.peregrine.mixture.plan.TrialPlanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds {@code conf/mixture}; {@code -Dconf.docs=write} writes the table of keys anew. */
class ConfTest {
    private static final Path FOLDER = Path.of("..", "conf", "mixture");

    /** The part of a run file that the example is. */
    record Example(MixtureConfig mixture) {}

    @Test
    void theExampleCanBeRead() {
        MixtureConfig example =
                YamlConfig.load(FOLDER.resolve("example.yaml"), Example.class).mixture();
        assertThat(example.streams()).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"falcon-h1-0.5b-english", "falcon-h1-34b-multilingual", "falcon-h1-code-heavy"})
    void thePaperLikePlansCanBePlannedAndKeepTheirCaps(String name) {
        PlanTrial trial = YamlConfig.load(FOLDER.resolve(name + ".yaml"), PlanTrial.class);
        MixtureConfig config = trial.mixture();
        MixturePlan plan = TrialPlanner.plan(trial);
        List<StreamReport> reports = StreamReport.of(plan);
        long planned = reports.stream().mapToLong(StreamReport::plannedTokens).sum();
        assertThat(planned).isCloseTo(config.totalTokens().orElseThrow(), withinPercentage(0.001));
        for (StreamReport report : reports) {
            assertThat(report.plannedSequences()).as(report.stream().name()).isPositive();
            report.stream()
                    .maxEpochs()
                    .ifPresent(epochs -> assertThat(report.epochs()).isLessThanOrEqualTo(epochs.doubleValue() + 1e-6));
            // The last promille is what the order inside blocks and epochs moves.
            report.stream()
                    .windowTokens()
                    .filter(window -> report.gapTokens().isPresent())
                    .ifPresent(window -> assertThat(report.gapTokens().getAsLong())
                            .as(report.stream().name())
                            .isGreaterThan((long) (0.999 * window)));
        }
    }

    @Test
    void theExampleOfOptimizeCanBeRead() {
        OptimizeConfig example = YamlConfig.load(FOLDER.resolve("optimize-regmix.yaml"), OptimizeConfig.class);
        assertThat(example.sources()).hasSize(17);
        assertThat(example.targets()).hasSize(13);
        assertThat(example.fit().checks()).containsOnlyKeys("1M", "60M", "1B");
    }

    @Test
    void theTableOfKeysIsUpToDate() throws IOException {
        String table = "# Keys of the section `mixture`\n\nMade from the records by `mvn test -pl mixture-planner -am "
                + "-Dtest=ConfTest -Dsurefire.failIfNoSpecifiedTests=false -Dconf.docs=write`.\n\n"
                + KeyTable.markdown(KeyTable.of("mixture", MixtureConfig.class))
                + "\n# Keys of a plan to be tried\n\n`mixture plan FILE` plans a file without a run from the sizes that it states: "
                + "beside the section `mixture`\n\n"
                + KeyTable.markdown(KeyTable.of("", PlanTrial.class).stream()
                        .filter(row -> row.key().startsWith("supply"))
                        .toList())
                + "\n# Keys of the file of `mixture optimize`\n\n"
                + KeyTable.markdown(KeyTable.of("", OptimizeConfig.class));
        Path file = FOLDER.resolve("README.md");
        if ("write".equals(System.getProperty("conf.docs"))) {
            Files.writeString(file, table);
        }
        assertThat(Files.readString(file)).isEqualTo(table);
    }
}
