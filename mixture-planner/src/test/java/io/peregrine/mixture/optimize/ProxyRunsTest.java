package io.peregrine.mixture.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyRunsTest {
    private static final String MIXTURES = "index,weight/a,weight/b\n1,0.25,0.75\n2,0.5,0.5\n";
    private static final String LOSSES = "index,loss/x,loss/y\n2,3.5,4\n1,3,5\n";

    private static ProxyRuns read(String mixtures, String losses) {
        return ProxyRuns.of(
                TestRuns.table(mixtures), TestRuns.table(losses), RunColumns.DEFAULTS, List.of("a", "b"), List.of("y"));
    }

    @Test
    void tablesAreJoinedByTheIndexInAnyOrder() {
        ProxyRuns runs = read(MIXTURES, LOSSES);
        assertThat(runs.size()).isEqualTo(2);
        assertThat(runs.weights(0)).containsExactly(0.25, 0.75);
        assertThat(runs.losses(0)).containsExactly(5, 4);
        assertThat(runs.meanWeights()).containsExactly(0.375, 0.625);
        assertThat(runs.largestWeights()).containsExactly(0.5, 0.75);
    }

    @Test
    void roundedWeightsAreScaledToSumToOne() {
        ProxyRuns runs = read("index,weight/a,weight/b\n1,0.333,0.664\n2,0.5,0.5\n", LOSSES);
        assertThat(runs.weights(0)[0] + runs.weights(0)[1]).isEqualTo(1, within(1e-15));
    }

    @Test
    void faultsNameTheRun() {
        assertFault(
                MIXTURES.replace("0.25", "0.2"),
                LOSSES,
                "table:2: weights that sum to 0.95: must sum to 1 within 0.01");
        assertFault(MIXTURES.replace("0.25,0.75", "-0.25,1.25"), LOSSES, "table:2: weight/a = -0.25: must be >= 0");
        assertFault(MIXTURES, LOSSES.replace(",5", ",0"), "table:3: loss/y = 0: must be > 0");
        assertFault(
                MIXTURES,
                LOSSES.replace("\n2", "\n1"),
                "table:3: index = 1: must differ from run to run; also at table:2");
        assertFault(
                MIXTURES,
                LOSSES.replace("\n2", "\n3"),
                "table:2: index = 3: must be in table too, which has no such run");
        assertFault(MIXTURES + "9,0.5,0.5\n", LOSSES, "table:4: index = 9: must be in table too");
        assertFault(
                "index,weight/a,weight/b,weight/c\n1,0,0,1\n2,0,1,0\n",
                LOSSES,
                "column 'weight/c' is the weight of a source 'c' that the settings do not have: add it to 'sources'");
        assertFault("index,weight/a\n1,1\n2,1\n", LOSSES, "no column 'weight/b'");
        assertFault("index,weight/a,weight/b\n1,0.5,0.5\n", "index,loss/y\n1,2\n", "1 run: must be at least 2");
    }

    private static void assertFault(String mixtures, String losses, String message) {
        assertThatThrownBy(() -> read(mixtures, losses))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }
}
