package io.peregrine.data.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.bench.EnglishProse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("spark")
class BenchCommandsSparkTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private int execute(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    out.append(failure.getMessage());
                    return 2;
                })
                .execute(arguments);
    }

    private static String line(String id, String text) {
        return "{\"id\": \"%s\", \"text\": \"%s\"}%n".formatted(id, text);
    }

    @Test
    void pairsAreCountedByTheirSimilarityAndOthersAreSaid() throws IOException {
        String page = new EnglishProse(1).page(3_000).replace("\"", "").replace("\n", " ");
        String other = new EnglishProse(2).page(3_000).replace("\"", "").replace("\n", " ");
        Path input = Files.writeString(
                folder.resolve("pages.jsonl"),
                line("a", page)
                        + line("b", page)
                        + line("c", page + " And an end.")
                        + line("d", other)
                        + line("e", other + " And another end."));
        Path truth = Files.writeString(
                folder.resolve("truth.jsonl"), "{\"a\": \"a\", \"b\": \"b\"}\n{\"a\": \"c\", \"b\": \"a\"}\n");
        String[] arguments = {"--input", input + "", "--truth", truth + "", "--draws", "3", "--work", folder + ""};
        assertThat(execute(new DedupBenchCommand(), arguments))
                .as(out.toString())
                .isZero();
        assertThat(out.toString().lines())
                .contains(
                        "5 documents, 2 pairs in the truth, 3 draws",
                        "0.9 to 1.0         1       1.0 +- 0.0            1.0             1.0           1",
                        "1                  1       1.0 +- 0.0            1.0             1.0           1",
                        "found 2 of 2; not found although similar: 0",
                        "removed for a document that the truth does not have beside it, exact similarity below 0.8: 0",
                        "removed for a document that the truth does not have beside it, exact similarity below 1.0: 2");

        Files.writeString(truth, "{\"a\": \"a\", \"b\": \"z\"}\n");
        assertThat(execute(new DedupBenchCommand(), arguments)).isEqualTo(2);
        assertThat(out.toString())
                .endsWith("%s, line 1: a and b must be ids of two documents of %s, are \"a\" and \"z\""
                        .formatted(truth, input));
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void everyStageIsTimedAtEverySize() throws IOException {
        String[] arguments = {"--sizes", "300,600", "--near-duplicates", "0.5", "--work", folder + ""};
        assertThat(execute(new ScaleBenchCommand(), arguments))
                .as(out.toString())
                .isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith("30-dedup")))
                .hasSize(4)
                .element(2)
                .asString()
                // a cost too small for this clock's noise is written as a dash
                .matches("30-dedup +300 .* (1\\.00|-) \\| .* (1\\.00|-) \\| .*");
        assertThat(leftBehind()).isEmpty();

        assertThat(execute(new ScaleBenchCommand(), "--sizes", "600,300")).isEqualTo(2);
        assertThat(out.toString()).endsWith("--sizes = [600, 300]: must be > 0 and ascending");
    }

    private Stream<Path> leftBehind() throws IOException {
        return Files.list(folder).filter(path -> path.getFileName().toString().startsWith("bench-"));
    }
}
