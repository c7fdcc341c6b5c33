package io.peregrine.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedTableTest {
    @Test
    void aNumberStandsBesideThePeersAndTheGoal() {
        SpeedTable table = new SpeedTable(List.of(
                new SpeedTable.Line("training", Unit.TOKENS_PER_SECOND, 65_178, 136_000, 118_536.4),
                new SpeedTable.Line("the same, memory", Unit.GIBIBYTES, 67.1, 67, 57.34),
                new SpeedTable.Line("scan", Unit.MILLISECONDS, 0.529, 0.35, 0.35)));
        assertThat(table.markdown().lines())
                .containsExactly(
                        "| what | peer | goal | here | times the peer | reached |",
                        "| --- | --- | --- | --- | --- | --- |",
                        "| training | 65,178 tokens/s | >= 136,000 tokens/s | 118,536 tokens/s | 1.82 | no |",
                        "| the same, memory | 67.1 GiB | <= 67.0 GiB | 57.3 GiB | 1.17 | yes |",
                        "| scan | 0.529 ms | <= 0.350 ms | 0.350 ms | 1.51 | yes |");
    }

    @Test
    void whatWouldBreakTheTableIsRefused() {
        assertThatThrownBy(() -> new SpeedTable.Line("a|b", Unit.MILLISECONDS, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'a|b' would end a column");
        assertThatThrownBy(() -> new SpeedTable.Line("scan", Unit.MILLISECONDS, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scan: 0.0 must be above 0 and finite");
    }

    @Test
    void theMedianCounts() {
        Timing timing = Timing.of(3, 1, 2, 9, 5);
        assertThat(timing).isEqualTo(new Timing(3, 1, 9));
        assertThat(timing.perSecond(12)).isEqualTo(4);
        assertThatThrownBy(() -> new Timing(1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fastest, median, slowest 2.0, 1.0, 3.0: must rise");
    }

    @Test
    void warmUpsAreRunAndNotTimed() {
        int[] runs = {0};
        Timing timing = Timing.measure(2, 3, () -> runs[0]++);
        assertThat(runs[0]).isEqualTo(5);
        assertThat(timing.fastest()).isLessThan(1);
    }
}
