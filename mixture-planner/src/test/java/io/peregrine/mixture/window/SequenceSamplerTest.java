package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.BlockRange;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.TestPlans;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Held against a walk over every position of a small plan. */
class SequenceSamplerTest {
    private static final int BATCH = 8;

    /** Two streams, the first of which comes again; its last five rows are held out, and a block is skipped. */
    private static final MixturePlan PLAN = TestPlans.plan(
                    List.of(400_000_000, 600_000_000), List.of(100L, 600L), 640, 32, 7)
            .skipping(new BlockRange(3, 4));

    private static final SequenceSampler.LeftOut LEFT_OUT = new SequenceSampler.LeftOut() {
        @Override
        public boolean contains(int stream, long row) {
            return stream == 0 && row >= 95;
        }

        @Override
        public List<Long> rows(int stream) {
            return stream == 0 ? LongStream.range(95, 100).boxed().toList() : List.of();
        }
    };

    private record Seen(int stream, long row, int step) {}

    private static final List<Seen> SEEN = new ArrayList<>();
    private static final TrainedSteps STEPS = walk();

    private static TrainedSteps walk() {
        SequenceOrder order = new SequenceOrder(PLAN);
        TrainedSteps.Builder steps = new TrainedSteps.Builder();
        int step = 1;
        int trained = 0;
        for (long position = 0; position < PLAN.totalSequences(); position++) {
            SequenceRef at = order.at(position);
            if (!PLAN.skips((int) (position / PLAN.blockSize())) && !LEFT_OUT.contains(at.stream(), at.row())) {
                SEEN.add(new Seen(at.stream(), at.row(), step));
                if (++trained == BATCH) {
                    steps.add(position + 1, BATCH);
                    step++;
                    trained = 0;
                }
            }
        }
        return steps.build();
    }

    private static SequenceSampler sampler() {
        return new SequenceSampler(PLAN, STEPS, LEFT_OUT, SeedStream.of(9));
    }

    private static List<Seen> seenOnce(int stream, AgeBins bins, int bin, int atStep, int fromStep) {
        List<Seen> before = SEEN.stream()
                .filter(seen -> seen.step() <= atStep && seen.stream() == stream)
                .toList();
        return before.stream()
                .filter(seen ->
                        before.stream().filter(it -> it.row() == seen.row()).count() == 1)
                .filter(seen -> seen.step() >= fromStep)
                .filter(seen -> {
                    long age = (long) (atStep - seen.step() + 1) * BATCH;
                    return age >= bins.from(bin) && age < bins.to(bin);
                })
                // What a skipped block would have shown first is first shown in the second epoch, which nobody looks
                // at.
                .filter(seen -> LongStream.range(0, PLAN.streams().get(stream).sequences())
                        .anyMatch(ordinal -> new SequenceOrder(PLAN)
                                                .ofStream(stream, ordinal)
                                                .row()
                                        == seen.row()
                                && !PLAN.skips(blockOf(stream, ordinal))))
                .toList();
    }

    private static int blockOf(int stream, long ordinal) {
        int block = 0;
        while (PLAN.counts().start(block + 1, stream) <= ordinal) {
            block++;
        }
        return block;
    }

    @Test
    void everySequenceSeenOnceIsFoundWithItsStepAndAge() {
        AgeBins bins = AgeBins.logSpaced(5, BATCH, 400, 16);
        for (int atStep : new int[] {20, 36, 50}) {
            int found = 0;
            for (int stream = 0; stream < 2; stream++) {
                for (int bin = 0; bin < bins.count(); bin++) {
                    List<Exposure> exposed = sampler().exposed(stream, bins, bin, atStep, 4, 1000);
                    assertThat(exposed)
                            .extracting(it -> new Seen(it.stream(), it.row(), it.step()))
                            .containsExactlyInAnyOrderElementsOf(seenOnce(stream, bins, bin, atStep, 4));
                    assertThat(exposed).allMatch(it -> it.ageSequences() == (atStep - it.step() + 1L) * BATCH);
                    found += exposed.size();
                }
            }
            assertThat(found).isGreaterThan(50);
        }
    }

    @Test
    void aSmallerSampleIsPartOfALargerOne() {
        AgeBins bins = AgeBins.logSpaced(3, BATCH, 400, 16);
        List<Exposure> few = sampler().exposed(1, bins, 1, 40, 1, 10);
        List<Exposure> many = sampler().exposed(1, bins, 1, 40, 1, 30);
        assertThat(few).hasSize(10).isEqualTo(many.subList(0, 10));
        // By a hash and not by place: not the first ten of the bin.
        assertThat(few.stream().map(Exposure::step).distinct().count()).isGreaterThan(3);
    }

    @Test
    void binsBeforeTheFirstCheckpointOrBeyondTheRunAreEmpty() {
        AgeBins bins = new AgeBins(List.of(8L, 400L, 4000L));
        assertThat(sampler().exposed(1, bins, 1, 40, 1, 10)).isEmpty();
        assertThat(sampler().exposed(1, bins, 0, 40, 41, 10)).isEmpty();
    }

    @Test
    void controlsWereNeverTrainedOn() {
        Set<Long> trained = new HashSet<>();
        SEEN.stream().filter(it -> it.step() <= 30 && it.stream() == 1).forEach(it -> trained.add(it.row()));
        List<Long> unseen = sampler().unseen(1, 30, 1000);
        assertThat(unseen).doesNotContainAnyElementsOf(trained).hasSizeGreaterThan(300);
        assertThat(sampler().unseen(1, 30, 10)).isEqualTo(unseen.subList(0, 10));
        // All of the first stream has been seen by then but what is held out.
        assertThat(sampler().unseen(0, 50, 1000)).containsExactlyInAnyOrder(95L, 96L, 97L, 98L, 99L);
    }
}
