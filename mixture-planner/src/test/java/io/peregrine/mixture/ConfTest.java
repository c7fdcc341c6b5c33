package io.peregrine.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.peregrine.data.config.KeyTable;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.mixture.optimize.OptimizeConfig;
import io.peregrine.mixture.plan.MixturePlanner;
import io.peregrine.mixture.plan.PackedStream;
import io.peregrine.mixture.plan.StreamReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** Tokens that a team of this kind has, roughly; the plans must be possible with them, caps and all. */
    private static final Map<String, Long> SUPPLY = Map.ofEntries(
            Map.entry("web", 8_000_000_000_000L),
            Map.entry("rewritten-web", 3_000_000_000_000L),
            Map.entry("multilingual", 3_000_000_000_000L),
            Map.entry("code", 1_500_000_000_000L),
            Map.entry("code-repositories", 600_000_000_000L),
            Map.entry("code-best", 150_000_000_000L),
            Map.entry("rewritten-code", 300_000_000_000L),
            Map.entry("math", 100_000_000_000L),
            Map.entry("rewritten-math", 150_000_000_000L),
            Map.entry("curated", 60_000_000_000L),
            Map.entry("instruct", 15_000_000_000L));

    @ParameterizedTest
    @ValueSource(strings = {"falcon-h1-0.5b-english", "falcon-h1-34b-multilingual", "falcon-h1-code-heavy"})
    void thePaperLikePlansCanBePlannedAndKeepTheirCaps(String name) {
        MixtureConfig config =
                YamlConfig.load(FOLDER.resolve(name + ".yaml"), Example.class).mixture();
        List<PackedStream> packed = config.streams().keySet().stream()
                .map(stream -> packed(stream, SUPPLY.get(stream), config.sequenceLength()))
                .toList();
        MixturePlan plan = MixturePlanner.plan(config, packed, 4, TestPlans.SEED);
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

    private static PackedStream packed(String name, long tokens, int sequenceLength) {
        long sequences = tokens / sequenceLength + 1;
        return new PackedStream(name, sequences, tokens, List.of(sequences), "packing of " + name);
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
                + "\n# Keys of the file of `mixture optimize`\n\n"
                + KeyTable.markdown(KeyTable.of("", OptimizeConfig.class));
        Path file = FOLDER.resolve("README.md");
        if ("write".equals(System.getProperty("conf.docs"))) {
            Files.writeString(file, table);
        }
        assertThat(Files.readString(file)).isEqualTo(table);
    }
}
