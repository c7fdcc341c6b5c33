package io.peregrine.mixture.plan;

import static io.peregrine.mixture.TestPlans.SEED;
import static io.peregrine.mixture.TestPlans.epochs;
import static io.peregrine.mixture.TestPlans.free;
import static io.peregrine.mixture.TestPlans.full;
import static io.peregrine.mixture.TestPlans.mix;
import static io.peregrine.mixture.TestPlans.refusing;
import static io.peregrine.mixture.TestPlans.scheduled;
import static io.peregrine.mixture.TestPlans.segment;
import static io.peregrine.mixture.TestPlans.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.mixture.CapReason;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.ScheduleConfig;
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
    void whatAStreamMayNotGiveGoesToTheOthers() {
        Map<String, StreamMix> streams = Map.of("web", mix("0.5", "4"), "code", mix("0.5", "2"));
        MixturePlan plan = plan(tokens(41_000, 64, 0, streams));
        assertThat(plan.counts().total(0)).as("2 epochs of 100").isEqualTo(200);
        assertThat(plan.counts().total(1)).isEqualTo(210);
        assertThat(plan.stream("code").askedSharePpb()).isEqualTo(500_000_000);
        assertThat(plan.stream("code").cappedBy()).contains(CapReason.MAX_EPOCHS);
        assertThat(plan.stream("web").cappedBy()).isEmpty();
    }

    @Test
    void tooFewDataNameTheStreamsTheirCapsAndTheMissingTokens() {
        Map<String, StreamMix> streams = Map.of("web", mix("0.5", "4"), "code", mix("0.5", "2"));
        assertThatThrownBy(() -> plan(tokens(1_000_000, 64, 0, streams)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "mixture.streams = [code, web]: not enough data: of the 1000000 tokens of the blocks 0 to 156 these streams may give "
                                + "42 %: 'code' 2 % (max-epochs 2 of its 10000 tokens), 'web' 40 % (max-epochs 4 of its 100000 "
                                + "tokens); 580000 tokens are missing. Add data, raise max-epochs, shorten window-tokens, give "
                                + "weight to other streams, or lower the budget");
    }

    @Test
    void capsCanBeRefusedInsteadOfProjected() {
        Map<String, StreamMix> streams = Map.of("web", mix("0.5", "4"), "code", mix("0.5", "2"));
        assertThatThrownBy(() -> plan(refusing(tokens(50_000, 64, 0, streams))))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "mixture.caps = refuse: stream 'code' is asked for 0.5 of the tokens, and its max-epochs allows "
                                + "0.4. Lower these weights, raise the caps, add data, or let 'caps: project' give what is over to "
                                + "the other streams");
    }

    /** A share of U/M: then one epoch of U tokens lasts M tokens of the run. */
    @Test
    void aStreamThatRepeatsDoesNotComeAgainInsideItsWindow() {
        Map<String, StreamMix> streams =
                Map.of("web", mix("0.5"), "code", mix("0.5").withWindowTokens(40_000));
        MixturePlan plan = plan(tokens(200_000, 64, 0, streams));
        StreamReport code = StreamReport.of(plan).get(0);
        assertThat(code.stream().cappedBy()).contains(CapReason.WINDOW);
        assertThat(code.stream().tokenSharePpb()).isEqualTo(250_000_000);
        assertThat(code.epochs()).isEqualTo(5);
        assertThat(code.gapTokens().getAsLong()).isBetween(39_000L, 40_000L);
    }

    @Test
    void aWindowLongerThanTheRunAllowsAnEpochAndNoMore() {
        StreamMix code = mix("0.5").withWindowTokens(1_000_000);
        MixturePlan once = plan(tokens(20_000, 64, 0, Map.of("web", mix("0.5"), "code", code)));
        assertThat(once.counts().total(0)).isEqualTo(100);
        assertThat(once.stream("code").tokenSharePpb()).isEqualTo(500_000_000);
        MixturePlan more = plan(tokens(40_000, 64, 0, Map.of("web", mix("0.5"), "code", code)));
        assertThat(more.counts().total(0)).isEqualTo(100);
        assertThat(more.stream("code").cappedBy()).contains(CapReason.WINDOW);
    }

    @Test
    void aStreamThatIsSeenOnceNeedsNoWindow() {
        Map<String, StreamMix> streams =
                Map.of("web", mix("0.5"), "code", mix("0.5", "1").withWindowTokens(40_000));
        MixturePlan plan = plan(tokens(20_000, 64, 0, streams));
        assertThat(plan.stream("code").tokenSharePpb()).isEqualTo(500_000_000);
        assertThat(plan.stream("code").cappedBy())
                .as("its one epoch is asked for exactly")
                .isEmpty();
    }

    @Test
    void segmentsHoldTheirWeightsAndLinesAreFollowed() {
        ScheduleConfig schedule = new ScheduleConfig(
                1,
                List.of(
                        segment("0.5", Map.of("web", "1")),
                        segment("0.25", Map.of("web", "1"), Map.of("web", "0.5", "code", "0.5")),
                        segment("0.25", Map.of("web", "0.5", "code", "0.5"))));
        MixturePlan plan = plan(scheduled(64_000, 8, schedule, Map.of("web", free(), "code", free())));
        assertThat(plan.counts().blocks()).isEqualTo(80);
        assertThat(plan.counts().start(40, 0)).as("no code in the first half").isZero();
        assertThat(plan.counts().start(60, 0))
                .as("a mean of a quarter on the line")
                .isEqualTo(40);
        assertThat(plan.counts().total(0)).isEqualTo(40 + 80);
        assertThat(plan.shares().ppb(40, 0)).isEqualTo(12_500_000);
        assertThat(plan.shares().ppb(59, 0)).isEqualTo(487_500_000);
        assertThat(plan.stream("code").askedSharePpb()).isEqualTo(187_500_000);
    }

    @Test
    void cyclesGoThroughTheSegmentsAgain() {
        ScheduleConfig schedule =
                new ScheduleConfig(3, List.of(segment("0.5", Map.of("web", "1")), segment("0.5", Map.of("code", "1"))));
        MixturePlan plan = plan(scheduled(48_000, 8, schedule, Map.of("web", free(), "code", free())));
        assertThat(plan.shares().runs()).hasSize(6);
        assertThat(plan.shares().runs())
                .allSatisfy(run -> assertThat(run.blocks()).isEqualTo(10));
        assertThat(plan.counts().total(0)).isEqualTo(240);
    }

    /** The level of a stream whose weights change: high shares are cut, low ones stay. */
    @Test
    void epochsOfAScheduleAreCutLikeWaterFillsAVessel() {
        ScheduleConfig schedule = new ScheduleConfig(
                1,
                List.of(
                        segment("0.5", Map.of("web", "0.9", "code", "0.1")),
                        segment("0.5", Map.of("web", "0.4", "code", "0.6"))));
        MixturePlan plan = plan(scheduled(
                100_000,
                10,
                schedule,
                Map.of("web", free(), "code", free().withMaxEpochs(java.math.BigDecimal.valueOf(2)))));
        assertThat(plan.counts().total(0)).isEqualTo(200);
        assertThat(plan.shares().ppb(0, 0)).isEqualTo(100_000_000);
        assertThat(plan.shares().ppb(99, 0)).isEqualTo(300_000_000);
    }

    @Test
    void aSegmentShorterThanABlockIsRefused() {
        ScheduleConfig schedule = new ScheduleConfig(
                1, List.of(segment("0.999", Map.of("web", "1")), segment("0.001", Map.of("code", "1"))));
        assertThatThrownBy(() -> plan(scheduled(48_000, 8, schedule, Map.of("web", free(), "code", free()))))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "mixture.schedule.segments[1].share = 0.001: is less than one of the 60 blocks of the run in "
                                + "cycle 1 of 1; lower block-size-sequences, or make the segment longer");
    }

    @Test
    void windowsThatAllowTooLittleNameTheMissingTokens() {
        Map<String, StreamMix> streams = Map.of(
                "web", mix("0.5").withWindowTokens(1_000_000),
                "code", mix("0.5").withWindowTokens(40_000));
        assertThatThrownBy(() -> plan(tokens(2_000_000, 64, 0, streams)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "mixture.streams = [code, web]: not enough data: of the 2000000 tokens of the blocks 0 to 312 these "
                                + "streams may give 35 %: 'code' 25 % (window-tokens 40000 with its 10000 tokens), 'web' 10 % "
                                + "(window-tokens 1000000 with its 100000 tokens); 1300000 tokens are missing. Add data");
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
                                + "source to the run; a source whose documents were all dropped has no stream");
    }

    @Test
    void aWeightTooSmallToCountIsRefused() {
        assertThatThrownBy(() ->
                        plan(tokens(10_000, 64, 0, Map.of("web", mix("0.9999999999"), "code", mix("0.0000000001")))))
                .hasMessageStartingWith(
                        "mixture.streams.code.weight = 0.0000000001: is less than one part per billion");
    }

    @Test
    void aStreamWithNothingToTrainOnIsNamed() {
        assertThatThrownBy(() -> new PackedStream("code", 3, 0, List.of(), "empty"))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "stream 'code': 3 documents, 0 tokens, 0 sequences: nothing to train on; add documents, or leave "
                                + "the stream out with weight 0");
        assertThatThrownBy(() -> new PackedStream("code", 0, 0, List.of(), "none"))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "stream 'code': 0 documents, 0 tokens, 0 sequences: nothing to train on; add documents, or leave "
                                + "the stream out with weight 0");
    }

    @Test
    void theOrderInWhichStreamsComeDoesNotMatter() {
        MixtureConfig config = tokens(50_000, 64, 3, Map.of("web", mix("0.75"), "code", mix("0.25")));
        MixturePlan other = MixturePlanner.plan(config, List.of(STREAMS.get(1), STREAMS.get(0)), 2, SEED);
        assertThat(other).isEqualTo(plan(config));
        assertThat(other.digest()).isEqualTo(plan(config).digest());
    }
}
