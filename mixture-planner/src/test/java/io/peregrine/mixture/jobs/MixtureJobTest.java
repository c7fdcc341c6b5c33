package io.peregrine.mixture.jobs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.plan.HistoryFile;
import io.peregrine.mixture.plan.PlanLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureJobTest {
    @TempDir
    Path root;

    @Test
    void aPlanThatWasTrainedOnIsNotMadeAnewByAnEditedRunFile() throws IOException {
        RunLayout layout = new RunLayout(root);
        MixtureConfig planned = config("0.5");
        MixtureConfig edited = config("0.25");
        HistoryFile.write(layout.mixture(), MixtureHistory.of(planned));
        assertThatCode(() -> MixtureJob.of(layout, edited)).doesNotThrowAnyException();

        new PlanLease("0123", 0).write(layout.mixture());
        assertThatCode(() -> MixtureJob.of(layout, edited)).doesNotThrowAnyException();

        new PlanLease("0123", 4096).write(layout.mixture());
        assertThatCode(() -> MixtureJob.of(layout, planned)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MixtureJob.of(layout, edited))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("training has read 4096 sequences of the plan of " + root)
                .hasMessageContaining("'mixture change' changes it from a block on, or delete")
                .hasMessageContaining(PlanLease.FILE_NAME);
    }

    private MixtureConfig config(String weight) throws IOException {
        Path file = Files.writeString(
                root.resolve("run.yaml"), """
                run: try
                root: %s
                seed: 1
                mixture: {total-tokens: 1000000, streams: {web: {weight: %s}, code: {weight: %s}}}
                """.formatted(root, weight, weight.equals("0.5") ? "0.5" : "0.75"));
        return RunFile.open(file).section("mixture", MixtureConfig.class);
    }
}
