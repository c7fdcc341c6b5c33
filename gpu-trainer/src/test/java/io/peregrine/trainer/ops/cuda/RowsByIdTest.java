package io.peregrine.trainer.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowsByIdTest {
    @Test
    void rowsOfAnIdKeepTheirOrderAndPaddingIsLeftOut() {
        RowsById rows = RowsById.of(new int[] {7, 0, 3, 7, 3, 7}, 9, 0);
        assertThat(rows.ids()).containsExactly(3, 7);
        assertThat(rows.first()).containsExactly(0, 2, 5);
        assertThat(rows.rows()).containsExactly(2, 4, 0, 3, 5);
    }

    @Test
    void withoutAPaddingIdEveryRowIsThere() {
        RowsById rows = RowsById.of(new int[] {0, 1, 0}, 2, -1);
        assertThat(rows.ids()).containsExactly(0, 1);
        assertThat(rows.first()).containsExactly(0, 2, 3);
        assertThat(rows.rows()).containsExactly(0, 2, 1);
    }
}
