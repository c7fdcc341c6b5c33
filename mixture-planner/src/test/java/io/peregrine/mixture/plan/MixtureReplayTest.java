package io.peregrine.mixture.plan;

import static io.peregrine.data.testing.ForAll.forAll;
import static io.peregrine.mixture.TestPlans.SEED;
import static io.peregrine.mixture.TestPlans.full;
import static io.peregrine.mixture.TestPlans.mix;
import static io.peregrine.mixture.TestPlans.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.testing.ForAll.Gen;
import io.peregrine.mixture.BlockRange;
import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MixtureReplayTest {
    private static final List<PackedStream> STREAMS = List.of(full("code", 100), full("web", 1000));
    private static final MixtureHistory BEGINNING = MixtureHistory.of(weights("0.25", "0.75"));

    private static MixtureConfig weights(String code, String web) {
        return tokens(80_000, 64, 5, Map.of("code", mix(code), "web", mix(web)));
    }

    private static MixtureChange change(int fromBlock, MixtureConfig settings) {
        return new MixtureChange(fromBlock, Optional.of(settings), Optional.empty(), "ada", "to see", "2026-01-01");
    }

    private static MixtureChange skip(int from, int to) {
        return new MixtureChange(
                from, Optional.empty(), Optional.of(new BlockRange(from, to)), "ada", "spike", "2026-01-01");
    }

    private static MixturePlan replay(MixtureHistory history) {
        return replay(history, STREAMS);
    }

    private static MixturePlan replay(MixtureHistory history, List<PackedStream> streams) {
        return MixtureReplay.plan(history, streams, 2, SEED);
    }

    private static List<SequenceRef> order(MixturePlan plan) {
        SequenceOrder order = new SequenceOrder(plan);
        List<SequenceRef> refs = new ArrayList<>();
        for (long position = 0; position < plan.totalSequences(); position++) {
            refs.add(order.at(position));
        }
        return refs;
    }

    @Test
    void whatWasPlannedBeforeStaysAndWhatComesFollowsTheNewWeights() {
        MixturePlan before = replay(BEGINNING);
        MixturePlan after = replay(BEGINNING.with(change(5, weights("0.5", "0.5"))));
        assertThat(order(after).subList(0, 5 * 64)).isEqualTo(order(before).subList(0, 5 * 64));
        assertThat(after.counts().start(5, 0)).isEqualTo(80);
        assertThat(after.counts().total(0)).isEqualTo(80 + (800 - 5 * 64) / 2);
        assertThat(after.shares().ppb(4, 0)).isEqualTo(250_000_000);
        assertThat(after.shares().ppb(5, 0)).isEqualTo(500_000_000);
    }

    /** Each stream hands out each of its ordinals once, in order, whatever was changed and when. */
    @Test
    void noChangeLosesOrRepeatsASequence() {
        forAll(60, gen -> {
            MixtureHistory history = MixtureHistory.of(random(gen));
            int changes = gen.between(1, 4);
            int block = 1;
            MixturePlan plan = replayRandom(history);
            for (int i = 0; i < changes && block < plan.counts().blocks(); i++) {
                block = gen.between(block, plan.counts().blocks() - 1);
                history = history.with(gen.between(0, 4) == 0 ? skip(block, block + 1) : change(block, random(gen)));
                MixturePlan next = replayRandom(history);
                assertThat(order(next).subList(0, block * plan.blockSize()))
                        .isEqualTo(order(plan).subList(0, block * plan.blockSize()));
                plan = next;
            }
            assertThat(plan.changes()).hasSameSizeAs(history.changes());
            Map<Integer, Long> next = new TreeMap<>();
            for (SequenceRef ref : order(plan)) {
                long ordinal = next.merge(ref.stream(), 1L, Long::sum) - 1;
                assertThat(ref).isEqualTo(new SequenceOrder(plan).ofStream(ref.stream(), ordinal));
            }
            assertTargetsAreKept(plan);
        });
    }

    private static MixtureConfig random(Gen gen) {
        List<Integer> shares = TestSchedules.shares(gen, 3);
        return tokens(
                20_000,
                7,
                3,
                Map.of(
                        "code", mix(shares.get(0).toString()),
                        "math", mix(shares.get(1).toString()),
                        "web", mix(shares.get(2).toString())));
    }

    private static MixturePlan replayRandom(MixtureHistory history) {
        return replay(history, List.of(full("code", 30), full("math", 11), full("web", 100)));
    }

    /** Against the plan in force, that is from the last time the targets began anew, no stream is a whole sequence off. */
    private static void assertTargetsAreKept(MixturePlan plan) {
        FluidTargets targets = FluidTargets.of(plan);
        for (int block = 0; block <= plan.counts().blocks(); block++) {
            for (long due : targets.duePpb(block, plan.counts())) {
                assertThat(Math.abs(due)).isLessThan(Shares.DENOMINATOR);
            }
        }
    }

    /** Planned without knowing of the next, two streams are owed the one place of the third block. */
    @Test
    void targetsBeginAnewWhereWhatWasGivenCannotBeEvenedOut() {
        List<PackedStream> streams = List.of(full("a", 9), full("b", 9), full("c", 9), full("d", 9));
        MixturePlan plan = replay(
                MixtureHistory.of(four("0.25", "0.25", "0.25", "0.25"))
                        .with(change(1, four("0", "0.333333", "0.333333", "0.333333")))
                        .with(change(2, four("0", "0", "0.5", "0.5"))),
                streams);
        assertThat(plan.changes()).extracting(change -> change.rebased()).containsExactly(false, true);
        assertTargetsAreKept(plan);
    }

    private static MixtureConfig four(String a, String b, String c, String d) {
        return tokens(300, 1, 0, Map.of("a", mix(a), "b", mix(b), "c", mix(c), "d", mix(d)));
    }

    @Test
    void aStreamThatIsAddedBeginsAtItsBeginning() {
        MixtureConfig more = tokens(80_000, 64, 5, Map.of("code", mix("0.25"), "news", mix("0.5"), "web", mix("0.25")));
        List<PackedStream> streams = List.of(full("code", 100), full("news", 300), full("web", 1000));
        MixturePlan plan = replay(BEGINNING.with(change(5, more)), streams);
        assertThat(plan.counts().start(5, 1)).isZero();
        assertThat(plan.counts().total(1)).isEqualTo(240);
        List<SequenceRef> before = order(replay(BEGINNING)).subList(0, 5 * 64);
        List<SequenceRef> after = order(plan).subList(0, 5 * 64);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i).row()).isEqualTo(before.get(i).row());
            assertThat(plan.streams().get(after.get(i).stream()).name())
                    .isEqualTo(STREAMS.get(before.get(i).stream()).name());
        }
    }

    @Test
    void skippedBlocksAreMarkedAndNothingElseChanges() {
        MixturePlan before = replay(BEGINNING);
        MixturePlan after = replay(BEGINNING.with(skip(3, 5)));
        assertThat(after.counts()).isEqualTo(before.counts());
        assertThat(after.digest()).isNotEqualTo(before.digest());
        assertThat(after.skips(2)).isFalse();
        assertThat(after.skips(3)).isTrue();
        assertThat(after.skips(4)).isTrue();
        assertThat(after.skips(5)).isFalse();
    }

    @Test
    void revertingGivesThePlanBackDigestAndAll() {
        MixtureHistory changed = BEGINNING.with(change(5, weights("0.5", "0.5")));
        MixtureHistory reverted =
                changed.reverting("bob", "no effect", "2026-01-02").orElseThrow();
        assertThat(replay(reverted)).isEqualTo(replay(BEGINNING));
        assertThat(reverted.reverted()).extracting(change -> change.author()).containsExactly("bob");
        assertThat(BEGINNING.reverting("bob", "no effect", "2026-01-02")).isEmpty();
    }

    @Test
    void aRunGoesOnIfAllThatItHasReadIsAsItWas() {
        MixturePlan first = replay(BEGINNING);
        MixtureHistory once = BEGINNING.with(change(5, weights("0.5", "0.5")));
        MixtureHistory twice = once.with(change(3, weights("0.1", "0.9")));
        MixturePlan plan = replay(twice);
        assertThat(plan.continues(plan.digest(), 800)).isTrue();
        assertThat(plan.continues(replay(once).digest(), 3 * 64)).isTrue();
        assertThat(plan.continues(replay(once).digest(), 3 * 64 + 1)).isFalse();
        assertThat(plan.continues(first.digest(), 3 * 64)).isTrue();
        assertThat(plan.continues(first.digest(), 4 * 64))
                .as("the second change was before")
                .isFalse();
        assertThat(replay(once).continues(plan.digest(), 0))
                .as("of a later version nothing is known")
                .isFalse();
    }

    @Test
    void whatARunUnderWayCannotChangeIsRefused() {
        MixtureConfig longer = new MixtureConfig(
                200,
                64,
                Optional.of(80_000L),
                Optional.empty(),
                BEGINNING.base().packing(),
                1000,
                16,
                5,
                BEGINNING.base().caps(),
                BEGINNING.base().streams(),
                BEGINNING.base().schedule());
        assertThatThrownBy(() -> replay(BEGINNING.with(change(5, longer))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("mixture.sequence-length = 200: cannot change while a run is under way; it began with 100");
        assertThatThrownBy(() -> replay(BEGINNING.with(change(14, weights("0.5", "0.5")))))
                .hasMessage(
                        "from-block = 14: must be 1..13, the blocks of the plan in force; to plan the whole run anew, "
                                + "run 'mixture plan'");
        MixturePlan plan = replay(BEGINNING);
        PackedStream other = new PackedStream("code", 100, 10_000, List.of(100L), "other documents");
        assertThatThrownBy(
                        () -> MixturePlanner.change(plan, 5, weights("0.5", "0.5"), List.of(other, full("web", 1000))))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "stream 'code': its sequences are not those that the blocks before block 5 have; a run under way "
                                + "cannot change them. Give new data a name of its own, and leave the old in with weight 0");
        Map<String, StreamMix> small = Map.of("code", mix("0.5"), "web", mix("0.5"));
        assertThatThrownBy(() -> replay(BEGINNING.with(change(5, tokens(30_000, 64, 5, small)))))
                .hasMessage(
                        "mixture.total-tokens = 30000: must be more than the 32000 tokens of the blocks before block 5");
    }

    @Test
    void epochsThatTheBlocksBeforeHaveUsedCount() {
        MixtureConfig capped = tokens(80_000, 64, 5, Map.of("code", mix("0.5", "1"), "web", mix("0.5")));
        MixturePlan plan = replay(BEGINNING.with(change(5, capped)));
        assertThat(plan.counts().start(5, 0)).isEqualTo(80);
        assertThat(plan.counts().total(0)).isEqualTo(100);
    }
}
