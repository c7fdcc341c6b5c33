package io.peregrine.data.code.repo;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DependencyOrderTest {
    @Test
    void whatIsNeededComesFirst() {
        assertThat(DependencyOrder.of(List.of(List.of(2), List.of(), List.of(1))))
                .containsExactly(1, 2, 0);
        assertThat(DependencyOrder.of(List.of(List.of(), List.of(), List.of()))).containsExactly(0, 1, 2);
    }

    @Test
    void aCycleStandsTogetherByNumber() {
        assertThat(DependencyOrder.of(List.of(List.of(3), List.of(), List.of(3), List.of(2))))
                .containsExactly(1, 2, 3, 0);
        assertThat(DependencyOrder.of(List.of(List.of(0)))).containsExactly(0);
    }

    @Test
    void everyNodeOnceAndNeverBeforeItsNeedsUnlessTheyNeedIt() {
        ForAll.forAll(300, gen -> {
            int n = gen.between(0, Math.min(30, gen.size()));
            List<List<Integer>> needs = new ArrayList<>();
            boolean[][] reach = new boolean[n][n];
            for (int i = 0; i < n; i++) {
                List<Integer> list = new ArrayList<>();
                for (int j = 0; j < gen.between(0, 3); j++) {
                    int needed = gen.between(0, n - 1);
                    list.add(needed);
                    reach[i][needed] = true;
                }
                needs.add(list);
            }
            for (int k = 0; k < n; k++) {
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        reach[i][j] |= reach[i][k] && reach[k][j];
                    }
                }
            }
            List<Integer> order = DependencyOrder.of(needs);
            assertThat(order)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, n).boxed().toList());
            for (int i = 0; i < n; i++) {
                for (int needed : needs.get(i)) {
                    if (!reach[needed][i]) {
                        assertThat(order.indexOf(needed)).isLessThan(order.indexOf(i));
                    }
                }
            }
        });
    }

    @Test
    void aLongChainNeedsNoDeepStack() {
        int n = 200_000;
        List<List<Integer>> needs = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            needs.add(i + 1 < n ? List.of(i + 1) : List.of());
        }
        assertThat(DependencyOrder.of(needs)).startsWith(n - 1, n - 2).endsWith(1, 0);
    }
}
