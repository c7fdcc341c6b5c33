package io.peregrine.data.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPipeGetsWholeLinesAndNoControlCharacters() {
        try (Progress.Task task = ConsoleProgress.plain(out).task("filter", "documents", 10)) {
            task.advance(4);
            task.advance(6);
            task.say("kept 9");
        }
        assertThat(printed()).matches("filter       10 documents in [0-9.]+ s, kept 9\n");
    }

    @Test
    void aTerminalGetsOneLineThatNeverWraps() throws InterruptedException {
        assertThat(live(30, "")).isEqualTo("filter 4 of 10 documents");
        assertThat(live(19, "")).isEqualTo("filter 4 of 10 doc");
        assertThat(live(30, "a note that is longer than the terminal is wide"))
                .isEqualTo("filter a note that is longer ");
    }

    @Test
    void onATerminalWhatWasSaidComesFirstAndThenTheTimeLeft() throws InterruptedException {
        assertThat(live(80, "loss 3.21")).matches("filter loss 3\\.21, 0\\.\\d s left, 4 of 10 documents");
        assertThat(live(40, "loss 3.21")).matches("filter loss 3\\.21, 0\\.\\d s left");
        assertThat(live(20, "loss 3.21")).isEqualTo("filter loss 3.21");
    }

    /** What stands there while the task is under way. */
    private String live(int columns, String note) throws InterruptedException {
        bytes.reset();
        try (Progress.Task task = ConsoleProgress.live(out, columns).task("filter", "documents", 10)) {
            task.say(note);
            TimeUnit.MILLISECONDS.sleep(250); // the line is rewritten five times a second at most
            task.advance(4);
            return printed().substring("\r\u001b[2K".length());
        }
    }
}
