package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsLogTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFiveSteps() {
        file = folder.resolve("80-train/metrics.jsonl");
        try (MetricsLog log = MetricsLog.after(file, 0)) {
            for (int step = 1; step <= 5; step++) {
                log.add("step", report(step));
            }
        }
    }

    private static StepReport report(long step) {
        return new StepReport(
                step, 100 * step, 8, 1.0 / 3 + step, 1e-3, 0.1, 0.5, 20, 1000, 0.25, 2, null, null, 1L << 30, null);
    }

    @Test
    void aLineIsTheReportInSnakeCaseWithAllDigits() throws IOException {
        assertThat(Files.readAllLines(file).get(2))
                .isEqualTo("{\"kind\":\"step\",\"step\":3,\"tokens\":300,\"sequences\":8,\"loss\":3.3333333333333335,"
                        + "\"learning_rate\":0.001,\"weight_decay\":0.1,\"gradient_norm\":0.5,\"parameter_norm\":20.0,\"tokens_per_second\":1000.0,"
                        + "\"loader_wait_seconds\":0.25,\"gflops\":2.0,"
                        + "\"memory_most_bytes\":1073741824}");
    }

    @Test
    void linesAfterTheCheckpointGoAndTheRestStaysAsItWas() throws IOException {
        String before = Files.readString(file);
        try (MetricsLog log = MetricsLog.after(file, 3)) {
            log.add("step", report(4));
            log.add("step", report(5));
        }
        assertThat(Files.readString(file)).isEqualTo(before);
        MetricsLog.after(file, 2).close();
        assertThat(MetricsLog.read(file))
                .extracting((JsonNode line) -> line.path("step").asInt())
                .containsExactly(1, 2);
    }

    @Test
    void aLineCutOffIsDropped() throws IOException {
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 30));
        assertThat(MetricsLog.read(file)).hasSize(4);
        MetricsLog.after(file, 5).close();
        assertThat(Files.readAllLines(file)).hasSize(4);
    }

    @Test
    void beginningAnewEmptiesTheFile() throws IOException {
        MetricsLog.after(file, 0).close();
        assertThat(Files.size(file)).isZero();
    }
}
