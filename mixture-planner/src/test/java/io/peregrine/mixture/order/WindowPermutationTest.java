package io.peregrine.mixture.order;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.seed.SeedStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WindowPermutationTest {
    private static final SeedStream SEED = SeedStream.of(7);

    @Test
    void isABijectionThatKeepsEverySequenceInItsWindow() {
        forAll(100, gen -> {
            int sequences = gen.between(1, 1 + 20 * gen.size());
            int window = gen.between(0, 2 * sequences);
            WindowPermutation permutation = new WindowPermutation(sequences, window, SEED);
            long[] rows = LongStream.range(0, sequences)
                    .map(index -> permutation.row(3, index))
                    .toArray();
            assertThat(LongStream.of(rows).sorted().toArray())
                    .isEqualTo(LongStream.range(0, sequences).toArray());
            int width = Math.max(1, window);
            for (int index = 0; index < sequences; index++) {
                assertThat(rows[index] / width).isEqualTo(index / width);
            }
        });
    }

    @Test
    void withoutAWindowTheOrderIsThePackedOne() {
        WindowPermutation permutation = new WindowPermutation(100, 0, SEED);
        assertThat(LongStream.range(0, 100)
                        .map(index -> permutation.row(5, index))
                        .toArray())
                .isSorted();
    }

    @Test
    void everyEpochHasItsOwnOrder() {
        WindowPermutation permutation = new WindowPermutation(1000, 1000, SEED);
        long same = LongStream.range(0, 1000)
                .filter(index -> permutation.row(0, index) == permutation.row(1, index))
                .count();
        assertThat(same).as("fixed places between two epochs, expected 1").isLessThan(10);
    }

    @Test
    void worksOnHugeStreams() {
        long sequences = (1L << 40) + 12_345;
        WindowPermutation permutation = new WindowPermutation(sequences, sequences, SEED);
        assertThat(LongStream.range(sequences - 1000, sequences)
                        .map(index -> permutation.row(9, index))
                        .distinct()
                        .filter(row -> row >= 0 && row < sequences))
                .hasSize(1000);
    }

    /** Golden values, computed apart from this code; they decide the order of every run that was begun before. */
    @Test
    void theOrderIsTheGoldenOne() {
        WindowPermutation permutation = new WindowPermutation(11, 11, SEED);
        assertThat(LongStream.range(0, 11)
                        .map(index -> permutation.row(0, index))
                        .toArray())
                .containsExactly(3, 5, 1, 7, 0, 10, 6, 4, 8, 2, 9);
    }
}
