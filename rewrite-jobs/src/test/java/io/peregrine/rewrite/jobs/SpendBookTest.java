package io.peregrine.rewrite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpendBookTest {
    @TempDir
    Path folder;

    @Test
    void closedWavesAddUpAndOpenOnesAreFoundAgain() {
        SpendBook book = new SpendBook(folder.resolve("calls"));
        Path first = book.begin();
        Path second = book.begin();
        assertThat(second).isNotEqualTo(first);
        book.close(first, new Spent(100, 7), 3);
        SpendBook again = new SpendBook(folder.resolve("calls"));
        assertThat(again.spent()).isEqualTo(new Spent(100, 7));
        assertThat(again.open()).containsExactly(second);
        again.close(second, new Spent(11, 1), 1);
        assertThat(again.spent()).isEqualTo(new Spent(111, 8));
        assertThat(again.open()).isEmpty();
        // Numbers go on: a straggler of a closed wave must not write into a new one.
        assertThat(again.begin().getFileName()).hasToString("wave-000002");
    }

    @Test
    void aKillBetweenTheSumAndTheDeletionCountsTheWaveOnce() throws IOException {
        SpendBook book = new SpendBook(folder.resolve("calls"));
        Path wave = book.begin();
        book.close(wave, new Spent(5, 5), 1);
        Files.createDirectories(wave.resolve("task-0"));
        assertThat(book.open()).isEmpty();
        assertThat(wave).doesNotExist();
        assertThat(book.spent()).isEqualTo(new Spent(5, 5));
    }
}
