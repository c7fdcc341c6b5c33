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
        try (Progress.Task task = ConsoleProgress.live(out, 30).task("filter", "documents", 10)) {
            TimeUnit.MILLISECONDS.sleep(250); // the line is rewritten five times a second at most
            task.advance(4);
            task.say("a note that is longer than the terminal is wide");
        }
        String[] rewritten = printed().split("\r\u001b\\[2K", -1);
        assertThat(rewritten[1]).isEqualTo("filter       4 of 10 document");
        assertThat(rewritten[2]).startsWith("filter       4 documents in ").endsWith("wide\n");
    }
}
