package io.peregrine.mixture.plan;

import static io.peregrine.mixture.TestPlans.full;
import static io.peregrine.mixture.TestPlans.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.mixture.BlockRange;
import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.CapReason;
import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.TestPlans;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoundBlocksTest {
    private static final List<PackedStream> STREAMS = List.of(full("math", 100), full("web", 10_000));

    /** 20 blocks of 50 sequences; math may have a quarter of any block, as 400 sequences have to pass. */
    private static MixtureConfig config() {
        StreamMix math = TestPlans.free().withWindowTokens(40_000);
        return TestPlans.scheduled(
                100_000,
                50,
                new ScheduleConfig(
                        1,
                        List.of(
                                segment("0.5", Map.of("math", "0.1", "web", "0.9")),
                                segment("0.3", Map.of("math", "0.4", "web", "0.6")),
                                segment(
                                        "0.2",
                                        Map.of("math", "0.1", "web", "0.9"),
                                        Map.of("math", "0.5", "web", "0.5")))),
                Map.of("math", math, "web", TestPlans.free()));
    }

    @Test
    void aCapBindsWhereMoreIsAskedForAndNowhereElse() {
        MixtureHistory history = MixtureHistory.of(config());
        MixturePlan plan = MixtureReplay.plan(history, STREAMS, 2, TestPlans.SEED);
        assertThat(plan.streams().get(0).cappedBy()).hasValue(CapReason.WINDOW);
        BlockShares asked = AskedShares.of(history, plan);
        assertThat(asked.ppb(9, 0)).isEqualTo(100_000_000);
        assertThat(asked.ppb(15, 0)).isEqualTo(400_000_000);
        List<List<BoundBlocks>> bound = BoundBlocks.of(plan, asked);
        // The last segment asks for 0.15, 0.25, 0.35 and 0.45 in the middle of its four blocks.
        assertThat(bound.get(0))
                .containsExactly(
                        new BoundBlocks(new BlockRange(10, 16), 400_000_000, 250_000_000),
                        new BoundBlocks(new BlockRange(18, 20), 400_000_000, 250_000_000));
        assertThat(bound.get(1)).isEmpty();
    }

    @Test
    void aChangeAsksFromItsBlockOnAndForStreamsThatItAdds() {
        MixtureConfig base = TestPlans.tokens(100_000, 50, 0, Map.of("web", TestPlans.mix("1")));
        MixtureConfig more = TestPlans.tokens(
                100_000,
                50,
                0,
                Map.of("web", TestPlans.mix("0.5"), "math", TestPlans.mix("0.5").withMaxEpochs(new BigDecimal("1"))));
        MixtureHistory history = MixtureHistory.of(base)
                .with(new MixtureChange(
                        4, Optional.empty(), Optional.of(new BlockRange(4, 5)), "ada", "spike", "2026-01-01T00:00:00Z"))
                .with(new MixtureChange(
                        12, Optional.of(more), Optional.empty(), "ada", "more", "2026-01-02T00:00:00Z"));
        MixturePlan plan = MixtureReplay.plan(history, STREAMS, 2, TestPlans.SEED);
        BlockShares asked = AskedShares.of(history, plan);
        assertThat(asked.ppb(11, 0)).isZero();
        assertThat(asked.ppb(12, 0)).isEqualTo(500_000_000);
        assertThat(BoundBlocks.of(plan, asked).get(0)).singleElement().satisfies(bound -> {
            assertThat(bound.blocks()).isEqualTo(new BlockRange(12, 20));
            assertThat(bound.askedPpb()).isEqualTo(500_000_000);
            assertThat(bound.plannedPpb()).as("100 of 400 sequences").isBetween(249_999_000L, 250_001_000L);
        });
        assertThatThrownBy(
                        () -> AskedShares.of(MixtureHistory.of(TestPlans.tokens(50_000, 50, 0, base.streams())), plan))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("does not give the plan, which has 20 blocks, but 10");
    }
}
