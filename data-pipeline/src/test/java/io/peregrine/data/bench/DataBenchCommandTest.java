package io.peregrine.data.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DataBenchCommandTest {
    @Test
    void pagesAreMadeUpEquallyEveryTime() {
        EnglishProse first = new EnglishProse(1);
        EnglishProse second = new EnglishProse(1);
        String page = first.page(7_000);
        assertThat(second.page(7_000)).isEqualTo(page);
        assertThat(first.page(7_000)).isNotEqualTo(page);
        assertThat(page.length()).isBetween(7_000, 10_000);
    }

    @Test
    void theSpreadIsThatOfTheRounds() {
        StageTimes times = new StageTimes("stage", List.of(2.0, 1.0, 4.0), List.of(3.0, 5.0, 4.0));
        assertThat(times.cpuMedian()).isEqualTo(2);
        assertThat(times.wallMedian()).isEqualTo(4);
        assertThat(times.spread()).isEqualTo(1.5);
    }

    @Test
    void everyStageHasALine() {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new DataBenchCommand()).setOut(new PrintWriter(out));
        assertThat(command.execute("--documents", "2", "--rounds", "1")).isZero();
        assertThat(out.toString())
                .contains("documents    2 made up")
                .contains("datatrove-fineweb-0.10", "read and tokenise", "repetition", "quality", "c4", "fineweb")
                .contains("language", "url", "pii", "minhash", "exact hash");
    }
}
