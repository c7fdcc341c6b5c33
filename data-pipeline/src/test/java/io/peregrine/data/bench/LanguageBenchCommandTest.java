package io.peregrine.data.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LanguageBenchCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private int run(String... lines) throws IOException {
        Path input = Files.write(folder.resolve("labelled.jsonl"), List.of(lines));
        CommandLine command = new CommandLine(new LanguageBenchCommand());
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(out, true));
        return command.execute("--input", input.toString(), "--rounds", "1", "--accepted", "en,de");
    }

    @Test
    void labelledDocumentsAreScoredByLanguage() throws IOException {
        int code = run(
                line("eng", "The house on the hill was sold to an old friend of the family last summer."),
                line("de-AT", "Das Haus auf dem Berg wurde im letzten Sommer an einen alten Freund verkauft."),
                line("de", "The label of this line is wrong, and so the table must show that it was confused."),
                line("fr", "La maison sur la colline a \u00e9t\u00e9 vendue \u00e0 un vieil ami de la famille."));
        assertThat(out.toString())
                .contains("4 documents of 3 languages, model opennlp")
                .contains("right: 0.7500 of all, 0.6667 of the 2 accepted languages")
                .contains("taken for an accepted one: 0.0000")
                .contains("de > en: 1")
                .containsPattern("de +2 +1\\.0000 +0\\.5000")
                .containsPattern("en +1 +0\\.5000 +1\\.0000")
                .contains("documents/s");
        assertThat(code).isZero();
    }

    private static String line(String language, String text) {
        return "{\"lang\": \"%s\", \"text\": \"%s\"}".formatted(language, text);
    }

    @Test
    void aLineWithoutALabelIsNamed() throws IOException {
        assertThat(run("{\"text\": \"x\"}")).isNotZero();
        assertThat(out.toString()).contains("labelled.jsonl: line 1: must have the texts text and lang");
    }

    @Test
    void otherLanguagesTakenForAcceptedOnesAreCounted() {
        LanguageScores scores = new LanguageScores();
        scores.add("en", "en", 0.9);
        scores.add("sco", "en", 0.8);
        scores.add("sco", "und", 0.1);
        scores.add("sco", "sco", 0.1);
        assertThat(scores.falseAccepts(List.of("en"))).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(scores.precision("en")).isEqualTo(0.5);
        assertThat(scores.accuracy(List.of("en", "sco"))).isEqualTo(0.5);
        assertThat(scores.worstPairs()).containsExactly("sco > en: 1", "sco > und: 1");
    }
}
