package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FilterExplainCommandTest {
    @TempDir
    private Path folder;

    private String explain(String text) throws IOException {
        Path run = Files.writeString(folder.resolve("run.yaml"), "run: explain\nroot: work/explain\nseed: 1\n");
        Path file = Files.writeString(folder.resolve("text.txt"), text);
        StringWriter out = new StringWriter();
        int exit = new CommandLine(new FilterExplainCommand())
                .setOut(new PrintWriter(out))
                .execute(run.toString(), file.toString(), "--domain", "multilingual");
        assertThat(exit).as(out.toString()).isEqualTo(1);
        return out.toString();
    }

    @Test
    void theWordsOfTheLanguageAreNamedAndWhetherTheyAreExact() throws IOException {
        assertThat(explain(
                        "Am Montag kam der Zug mit einer halben Stunde Versp\u00e4tung an, und die Leute auf dem Bahnsteig"
                                + " \u00e4rgerten sich. Dann fragten sie, warum das so oft geschieht."))
                .contains("language de", "words spacy-3.8-de: spaCy's words, exactly", "BROKEN");
        assertThat(explain("\uae30\ucc28\uac00 \uc544\uce68\uc5d0 \uc5ed\uc5d0 \ub3c4\ucc29\ud588\uace0"
                        + " \uc0ac\ub78c\ub4e4\uc740 \ubaa8\ub450 \uc9d1\uc73c\ub85c \ub3cc\uc544\uac14\ub2e4."))
                .contains("language ko", "words lucene-9-ko-dic: in place of Kiwi's words, not exact");
    }
}
