package io.peregrine.mixture.plan;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CappedSharesTest {
    private static final int WHOLE = Shares.DENOMINATOR;

    @Test
    void sharesBelowTheirCapsStayAsTheyAre() {
        List<Integer> asked = List.of(600_000_000, 400_000_000);
        assertThat(CappedShares.project(asked, new int[] {600_000_000, WHOLE})).contains(asked);
    }

    @Test
    void whatIsOverGoesToTheOthersInProportionAndMayBringThemToTheirCaps() {
        assertThat(CappedShares.project(
                        List.of(600_000_000, 300_000_000, 100_000_000), new int[] {200_000_000, WHOLE, WHOLE}))
                .contains(List.of(200_000_000, 600_000_000, 200_000_000));
        assertThat(CappedShares.project(
                        List.of(600_000_000, 300_000_000, 100_000_000), new int[] {200_000_000, 450_000_000, WHOLE}))
                .contains(List.of(200_000_000, 450_000_000, 350_000_000));
    }

    @Test
    void aStreamThatIsNotAskedForGetsNothing() {
        assertThat(CappedShares.project(List.of(WHOLE, 0), new int[] {999_999_999, WHOLE}))
                .isEmpty();
        assertThat(CappedShares.project(List.of(WHOLE, 0), new int[] {WHOLE, WHOLE}))
                .contains(List.of(WHOLE, 0));
    }

    /** What makes a point the projection: feasible, and one factor for all that are below their caps. */
    @Test
    void theConditionsOfKarushKuhnAndTuckerHold() {
        forAll(200, gen -> {
            int streams = gen.between(1, 12);
            List<Integer> asked = TestSchedules.shares(gen, streams);
            int[] caps = new int[streams];
            long most = 0;
            for (int i = 0; i < streams; i++) {
                caps[i] = gen.between(0, WHOLE);
                most += asked.get(i) > 0 ? caps[i] : 0;
            }
            Optional<List<Integer>> projected = CappedShares.project(asked, caps);
            assertThat(projected.isPresent()).isEqualTo(most >= WHOLE);
            projected.ifPresent(shares -> assertProjection(asked, caps, shares));
        });
    }

    private static void assertProjection(List<Integer> asked, int[] caps, List<Integer> shares) {
        assertThat(shares.stream().mapToLong(Integer::longValue).sum()).isEqualTo(WHOLE);
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < caps.length; i++) {
            assertThat(shares.get(i)).isBetween(0, caps[i]);
            if (asked.get(i) > 0 && shares.get(i) < caps[i]) {
                least = Math.min(least, (shares.get(i) + 1.0) / asked.get(i));
            }
        }
        for (int i = 0; i < caps.length; i++) {
            if (asked.get(i) > 0) {
                // No share is raised by more than those that could still be raised.
                assertThat((shares.get(i) - 1.0) / asked.get(i)).isLessThanOrEqualTo(least);
            } else {
                assertThat(shares.get(i)).isZero();
            }
        }
    }
}
