package io.peregrine.rewrite.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.rewrite.prompts.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseLogTest {
    @TempDir
    Path folder;

    @Test
    void whatEndedIsReplayedAndWhatWasSentAndNeverHeardOfIsSpent() {
        ResponseLog killed = new ResponseLog(folder, 0, 2);
        killed.append(answered(1, "\u4e2d\n\r\u2028\"text\""));
        killed.sending(key(2), new BudgetLedger.Spent(400, 300));
        killed.append(failed(2));
        killed.sending(key(3), new BudgetLedger.Spent(500, 400));
        killed.sending(key(3), new BudgetLedger.Spent(900, 800));
        try (ResponseLog next = new ResponseLog(folder, 1, 2)) {
            assertThat(next.replayed(key(1))).contains(answered(1, "\u4e2d\n\r\u2028\"text\""));
            assertThat(next.replayed(key(2))).contains(failed(2));
            assertThat(next.replayed(key(3))).isEmpty();
            assertThat(next.spent()).isEqualTo(new BudgetLedger.Spent(16 + 300 + 900, 9 + 200 + 800));
            next.append(answered(3, "again"));
        }
        try (ResponseLog third = new ResponseLog(folder, 2, 2)) {
            assertThat(third.replayed(key(1))).isPresent();
            assertThat(third.replayed(key(3))).contains(answered(3, "again"));
        }
    }

    @Test
    void aLineCutAtAnyByteIsLostAndNothingElse() throws IOException {
        try (ResponseLog log = new ResponseLog(folder, 0, 1)) {
            log.append(answered(1, "first"));
            log.append(answered(2, "\u4e2d\u6587"));
        }
        byte[] whole = Files.readAllBytes(folder.resolve("attempt-0.log"));
        int firstLine = ResponseLine.write(answered(1, "first")).length() + 1;
        for (int length = firstLine; length < whole.length - 1; length++) {
            Path cut = Files.createDirectory(folder.resolve("cut-" + length));
            Files.write(cut.resolve("attempt-0.log"), Arrays.copyOf(whole, length));
            try (ResponseLog log = new ResponseLog(cut, 1, 1)) {
                assertThat(log.replayed(key(1))).isPresent();
                assertThat(log.replayed(key(2))).isEmpty();
            }
        }
    }

    @Test
    void damageInTheMiddleStopsTheTask() throws IOException {
        try (ResponseLog log = new ResponseLog(folder, 0, 1)) {
            log.append(answered(1, "first"));
            log.append(answered(2, "second"));
        }
        Path file = folder.resolve("attempt-0.log");
        Files.writeString(file, Files.readString(file).replace("first", "fjrst"));
        assertThatThrownBy(() -> new ResponseLog(folder, 1, 1))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ", line 1: its CRC does not match, and it is not the last line; what was paid for is"
                        + " damaged, so look at the storage, then remove the line");
    }

    @Test
    void twoAttemptsNeverShareAFile() {
        try (ResponseLog log = new ResponseLog(folder, 0, 1)) {
            assertThat(log.spent()).isEqualTo(new BudgetLedger.Spent(0, 0));
            assertThatThrownBy(() -> new ResponseLog(folder, 0, 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(folder + ": attempt 0 cannot begin its log (");
        }
    }

    private static RequestKey key(int number) {
        return new RequestKey("%064x".formatted(number));
    }

    private static Response answered(int number, String text) {
        return new Response(
                key(number), Optional.of(new Answer(text, "stop", 11, 5)), Optional.empty(), "", "a", 12, 1, 16, 9);
    }

    private static Response failed(int number) {
        return new Response(
                key(number), Optional.empty(), Optional.of(FailureReason.TIMED_OUT), "timeout", "a", 12, 3, 300, 200);
    }
}
