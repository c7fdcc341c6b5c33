package io.peregrine.trainer.experiments.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowComparisonTest {
    @TempDir
    Path folder;

    private Path results(String run, double predicted, String window) throws IOException {
        return Files.writeString(folder.resolve(run + ".json"), """
                {"format": "peregrine-memorization-window", "version": 1, "run": "%s",
                 "learningRate": 0.01, "weightDecay": 0.1,
                 "checkpoints": [{"step": 10}, {"step": 20, "etaLambda": 0.001, "predictedTokens": %s}],
                 "windows": [
                  {"source": "web", "step": 20, "window": {"kind": "found", "tokens": 1}, "fits": []},
                  {"source": "(all)", "step": 10, "window": {"kind": "found", "tokens": 2}, "fits": []},
                  {"source": "(all)", "step": 20, "window": %s, "fits": [{"halfLifeTokens": %s}]}]}
                """.formatted(run, predicted, window, predicted / 2));
    }

    @Test
    void theLineGoesThroughTheWindowsThatWereFound() throws IOException {
        WindowComparison comparison = WindowComparison.of(List.of(
                results("a", 1e6, "{\"kind\": \"found\", \"tokens\": 2e6, \"lower\": 1e6, \"upper\": 3e6}"),
                results("b", 4e6, "{\"kind\": \"beyond\", \"tokens\": 5e6}"),
                results("c", 16e6, "{\"kind\": \"found\", \"tokens\": 8e6, \"lower\": 1e6, \"upper\": 3e6}")));
        assertThat(comparison.windowLaw().orElseThrow().slope()).isCloseTo(0.5, within(1e-9));
        assertThat(comparison.windowLaw().orElseThrow().factor()).isCloseTo(1, within(1e-9));
        assertThat(comparison.halfLifeLaw().orElseThrow().slope()).isCloseTo(1, within(1e-9));
        assertThat(WindowText.of(comparison))
                .containsPattern("b +0\\.0100 +0\\.100 +0\\.0316 +4,000,000 +beyond 5,000,000 +2,000,000")
                .contains("windows go as the prediction to the power 0.500 (1 if it holds); factor k 1.00");
    }

    @Test
    void whatIsNoResultIsRefused() throws IOException {
        assertThatThrownBy(() -> WindowComparison.of(List.of(folder.resolve("none.json"))))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("none.json: no results; run the experiment on that run first");
        Path other = Files.writeString(folder.resolve("other.json"), "{}");
        assertThatThrownBy(() -> WindowComparison.of(List.of(other)))
                .hasMessageEndingWith(
                        "other.json: not the results of this experiment in version 1; run it again on that run");
    }
}
