package io.peregrine.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckpointRetentionTest {
    private static NavigableSet<Long> upTo(long last, long every) {
        return new TreeSet<>(LongStream.rangeClosed(1, last / every)
                .map(i -> i * every)
                .boxed()
                .toList());
    }

    @ParameterizedTest(name = "{0} newest, {1} per doubling of {2} by {3}")
    @CsvSource({
        "2, 0, 5, 1, 4 5",
        "9, 0, 5, 1, 1 2 3 4 5",
        "1, 1, 20, 1, 1 2 4 8 16 20",
        "1, 2, 20, 1, 1 2 3 4 6 8 12 16 20",
        "2, 1, 7000, 500, 500 1000 1500 2500 4500 6500 7000",
        "1, 4, 16, 1, 1 2 3 4 5 6 7 8 10 12 14 16",
        "3, 1000, 9, 3, 3 6 9",
    })
    void keepsTheNewestAndTheFirstOfEachPart(int newest, int perDoubling, long last, long every, String kept) {
        assertThat(new CheckpointRetention(newest, perDoubling).kept(upTo(last, every)))
                .containsExactlyElementsOf(
                        Arrays.stream(kept.split(" ")).map(Long::valueOf).toList());
    }

    @Test
    void theBeginningIsAPartOfItsOwn() {
        assertThat(new CheckpointRetention(1, 1)
                        .kept(new TreeSet<>(LongStream.of(0, 1, 2, 3).boxed().toList())))
                .containsExactly(0L, 1L, 2L, 3L);
        assertThat(new CheckpointRetention(1, 1).kept(new TreeSet<>())).isEmpty();
    }

    /** Thinned out after every checkpoint, at any distance of them: as if once at the end, bounded, the newest there. */
    @Test
    void whenItIsAppliedDoesNotMatter() {
        for (int perDoubling = 0; perDoubling <= 5; perDoubling++) {
            for (int every : new int[] {1, 3, 7, 100}) {
                CheckpointRetention retention = new CheckpointRetention(3, perDoubling);
                NavigableSet<Long> all = new TreeSet<>();
                NavigableSet<Long> thinned = new TreeSet<>();
                for (long step = every; step <= 700L * every; step += every) {
                    all.add(step);
                    thinned.add(step);
                    thinned = new TreeSet<>(retention.kept(thinned));
                    int doublings = 64 - Long.numberOfLeadingZeros(step);
                    assertThat(thinned)
                            .isEqualTo(retention.kept(all))
                            .contains(step)
                            .hasSizeLessThanOrEqualTo(3 + perDoubling * doublings);
                }
            }
        }
    }
}
