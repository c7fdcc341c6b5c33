package io.peregrine.mixture.jobs;

import static io.peregrine.mixture.TestPlans.full;
import static io.peregrine.mixture.TestPlans.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.TestPlans;
import io.peregrine.mixture.plan.HistoryFile;
import io.peregrine.mixture.plan.MixtureReplay;
import io.peregrine.mixture.plan.PackedStream;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PlanFactsTest {
    private static final List<PackedStream> STREAMS = List.of(full("math", 100), full("web", 100_000));

    @TempDir
    Path root;

    /** 1,000 blocks of 100 sequences; the window allows math a fortieth of any block, more is asked for in the second half. */
    private static MixtureHistory history() {
        MixtureConfig config = TestPlans.scheduled(
                10_000_000,
                100,
                new ScheduleConfig(
                        1,
                        List.of(
                                segment("0.5", Map.of("math", "0.02", "web", "0.98")),
                                segment("0.5", Map.of("math", "0.3", "web", "0.7")))),
                Map.of("math", TestPlans.free().withWindowTokens(400_000), "web", grouped(Optional.empty())));
        MixtureConfig less = TestPlans.tokens(
                10_000_000,
                100,
                0,
                Map.of("math", TestPlans.mix("0.01"), "web", grouped(Optional.of(new BigDecimal("0.99")))));
        return MixtureHistory.of(config)
                .with(new MixtureChange(
                        900, Optional.of(less), Optional.empty(), "ada", "</script>", "2026-01-01T00:00:00Z"));
    }

    private static StreamMix grouped(Optional<BigDecimal> weight) {
        return new StreamMix(weight, Optional.empty(), Optional.empty(), Optional.of("pages"));
    }

    @Test
    void sharesEpochsAndBoundsAreThoseOfThePlan() {
        MixtureHistory history = history();
        MixturePlan plan = MixtureReplay.plan(history, STREAMS, 2, TestPlans.SEED);
        ObjectNode facts = PlanFacts.of("try", plan, history, 250);
        assertThat(facts.get("tokens").asDouble()).isEqualTo(10_000_000);
        assertThat(facts.get("trained").asDouble()).isEqualTo(2_500_000);
        JsonNode math = facts.get("streams").get(0);
        JsonNode web = facts.get("streams").get(1);
        int points = facts.get("axis").size();
        assertThat(points).isEqualTo(481);
        assertThat(math.get("epochsAt")).hasSize(points);
        for (int i = 0; i < points - 1; i++) {
            double share = math.get("shares").get(i).asDouble();
            assertThat(share + web.get("shares").get(i).asDouble()).isEqualTo(1, within(2e-6));
            double middle = (facts.get("axis").get(i).asDouble()
                            + facts.get("axis").get(i + 1).asDouble())
                    / 2;
            double expected = middle < 5_000_000 ? 0.02 : middle < 9_000_000 ? 0.025 : 0.01;
            assertThat(share).as("share %d", i).isEqualTo(expected, within(0.0051));
        }
        assertThat(math.get("epochsAt").get(points - 1).asDouble())
                .isEqualTo(math.get("epochs").asDouble(), within(1e-5));
        assertThat(math.get("bound")).singleElement().satisfies(bound -> {
            assertThat(bound.get("fromBlock").asInt()).isEqualTo(500);
            assertThat(bound.get("toBlock").asInt()).isEqualTo(900);
            assertThat(bound.get("asked").asDouble()).isEqualTo(0.3, within(1e-6));
            assertThat(bound.get("planned").asDouble()).isEqualTo(0.025, within(1e-6));
        });
        assertThat(facts.get("groups")).singleElement().satisfies(group -> {
            assertThat(group.get("name").asText()).isEqualTo("pages");
            assertThat(group.has("gap")).isFalse();
        });
        assertThat(facts.get("changes").get(0).get("block").asInt()).isEqualTo(900);
    }

    @Test
    void theCommandWritesThePage() throws IOException {
        Path mixture = Files.createDirectories(root.resolve("60-mixture"));
        MixtureHistory history = history();
        MixturePlan plan = MixtureReplay.plan(history, STREAMS, 2, TestPlans.SEED);
        PlanFile.write(mixture.resolve(MixturePlan.FILE_NAME), plan);
        HistoryFile.write(mixture, history);
        new PlanLease(plan.digest(), 25_000).write(mixture);
        Path runFile = Files.writeString(root.resolve("run.yaml"), "run: try\nroot: %s\nseed: 1\n".formatted(root));
        assertThat(new CommandLine(new MixtureCommand()).execute("report", runFile.toString()))
                .isZero();
        String page = Files.readString(root.resolve("90-report/mixture.html"));
        assertThat(page).contains("<title>try: mixture</title>", plan.digest(), "drawGaps()");
        assertThat(page).as("a reason cannot end the script").contains("\\u003c/script\\u003e");
    }
}
