package io.peregrine.trainer.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.SparkTest;
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
class MixtureBenchSparkTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private int execute(String... arguments) {
        SparkTest.spark();
        return new CommandLine(new MixtureBenchCommand())
                .setOut(new PrintWriter(out, true))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    out.append(failure.toString());
                    return 2;
                })
                .execute(arguments);
    }

    @Test
    void everyPartIsTimedAndNothingIsLeftBehind() throws IOException {
        int code = execute("--sequences", "300000", "--tokens", "1000000", "--rounds", "1", "--work", folder + "");
        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("plan +300,000 sequences of 40 streams in 5 blocks: [\\d.]+ s")
                .containsPattern("order +block of 65,536: [\\d.]+ ms")
                .containsPattern("build +2 MB of tokens on \\d cores: .* MB/s per core")
                .containsPattern("loader +uncompressed +1 M tokens in order")
                .containsPattern("loader +zstd +1 M tokens in order")
                .containsPattern("resume +at any position: [\\d.]+ ms");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        assertThat(execute("--sequences", "39")).isEqualTo(2);
        assertThat(out.toString()).endsWith("--sequences = 39: must be >= 40");
    }
}
