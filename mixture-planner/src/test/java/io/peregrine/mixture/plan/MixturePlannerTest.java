package io.peregrine.mixture.plan;

import static io.peregrine.mixture.TestPlans.SEED;
import static io.peregrine.mixture.TestPlans.epochs;
import static io.peregrine.mixture.TestPlans.full;
import static io.peregrine.mixture.TestPlans.mix;
import static io.peregrine.mixture.TestPlans.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.StreamMix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MixturePlannerTest {
    private static final List<PackedStream> STREAMS = List.of(full("web", 1000), full("code", 100));

    private static MixturePlan plan(MixtureConfig config) {
        return MixturePlanner.plan(config, STREAMS, 2, SEED);
    }

    @Test
    void theBudgetInTokensIsMetToASequence() {
        MixturePlan plan = plan(tokens(50_001, 64, 0, Map.of("web", mix("0.75"), "code", mix("0.25"))));
        assertThat(plan.totalSequences()).isEqualTo(501);
        assertThat(plan.counts().blocks()).isEqualTo(8);
        assertThat(plan.counts().total(0)).as("code comes first by name").isEqualTo(125);
        assertThat(plan.counts().total(1)).isEqualTo(376);
    }

    @Test
    void aStreamThatIsHalfEmptyGetsItsShareOfTheTokensNotOfTheSequences() {
        List<PackedStream> streams =
                List.of(full("web", 1000), new PackedStream("code", 100, 5000, List.of(100L), "half full"));
        MixturePlan plan = MixturePlanner.plan(
                tokens(40_000, 64, 0, Map.of("web", mix("0.5"), "code", mix("0.5"))), streams, 2, SEED);
        List<StreamReport> report = StreamReport.of(plan);
        assertThat(report.get(0).plannedTokens()).isBetween(19_950L, 20_050L);
        assertThat(report.get(1).plannedTokens()).isBetween(19_950L, 20_100L);
        assertThat(report.get(0).fillPpb()).isEqualTo(500_000_000);
        assertThat(report.get(0).epochs()).isCloseTo(4.0, within(0.02));
        assertThat(report.get(1).gapTokens()).isEmpty();
        assertThat(report.get(0).gapTokens().getAsLong()).isBetween(9_000L, 10_000L);
    }

    @Test
    void aBudgetInEpochsEndsWithTheStreamThatRunsOutFirst() {
        MixturePlan plan = plan(epochs("2.5", 64, Map.of("web", mix("0.5"), "code", mix("0.5"))));
        assertThat(plan.totalSequences()).isEqualTo(500);
        assertThat(plan.epochs(0)).isEqualTo(2.5);
        assertThat(plan.epochs(1)).isEqualTo(0.25);
    }

    @Test
    void aCapThatIsJustMetIsMet() {
        MixturePlan plan = plan(tokens(40_000, 64, 0, Map.of("web", mix("0.5"), "code", mix("0.5", "2"))));
        assertThat(plan.counts().total(0)).isEqualTo(200);
    }

    @Test
    void tooFewDataNameTheStreamTheMissingTokensAndTheLargestBudget() {
        Map<String, StreamMix> streams = Map.of("web", mix("0.5", "4"), "code", mix("0.5", "2"));
        assertThatThrownBy(() -> plan(tokens(41_000, 64, 0, streams)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "mixture: not enough data: stream 'code' needs 500 tokens more than the 20000 of 2 epochs of "
                                + "its 10000. Lower its weight, raise its max-epochs, add data, or lower the budget to 40000 "
                                + "tokens");
        assertThatThrownBy(() -> plan(tokens(1_000_000, 64, 0, streams)))
                .hasMessageContaining("stream 'code' needs 480000 tokens more")
                .hasMessageContaining(
                        "stream 'web' needs 100000 tokens more than the 400000 of 4 epochs of its 100000");
    }

    @Test
    void weightZeroLeavesAStreamOut() {
        MixturePlan plan = plan(tokens(10_000, 64, 0, Map.of("web", mix("1"), "code", mix("0"))));
        assertThat(plan.counts().total(0)).isZero();
        assertThat(plan.counts().total(1)).isEqualTo(100);
    }

    @Test
    void streamsAndWeightsMustBeTheSame() {
        assertThatThrownBy(() -> plan(tokens(10_000, 64, 0, Map.of("web", mix("1")))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("mixture.streams = [web]: must name every stream of the tokens, and [code] is missing; "
                        + "weight 0 leaves a stream out");
        assertThatThrownBy(
                        () -> plan(tokens(10_000, 64, 0, Map.of("web", mix("1"), "code", mix("0"), "wbe", mix("0")))))
                .hasMessage(
                        "mixture.streams = [wbe]: no such stream; the tokens have [code, web]. Remove it, or add its "
                                + "source to the run");
    }

    @Test
    void aWeightTooSmallToCountIsRefused() {
        assertThatThrownBy(() ->
                        plan(tokens(10_000, 64, 0, Map.of("web", mix("0.9999999999"), "code", mix("0.0000000001")))))
                .hasMessageStartingWith(
                        "mixture.streams.code.weight = 0.0000000001: is less than one part per billion");
    }

    @Test
    void theOrderInWhichStreamsComeDoesNotMatter() {
        MixtureConfig config = tokens(50_000, 64, 3, Map.of("web", mix("0.75"), "code", mix("0.25")));
        MixturePlan other = MixturePlanner.plan(config, List.of(STREAMS.get(1), STREAMS.get(0)), 2, SEED);
        assertThat(other).isEqualTo(plan(config));
        assertThat(other.digest()).isEqualTo(plan(config).digest());
    }
}
