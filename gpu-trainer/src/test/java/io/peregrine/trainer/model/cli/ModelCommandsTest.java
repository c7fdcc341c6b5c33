package io.peregrine.trainer.model.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Config.Multipliers;
import io.peregrine.trainer.model.MuP;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ModelCommandsTest {
    private static final Path MODELS = Path.of("../conf/model");

    @TempDir
    Path folder;

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new ModelCommand());
        command.setOut(new PrintWriter(out));
        assertThat(command.execute(arguments)).isZero();
        return out.toString();
    }

    private static List<Double> all(Multipliers it) {
        List<Double> all = new ArrayList<>(List.of(
                it.embedding(),
                it.lmHead(),
                it.key(),
                it.attentionIn(),
                it.attentionOut(),
                it.ssmIn(),
                it.ssmOut(),
                it.mlpGate(),
                it.mlpDown()));
        all.addAll(it.ssm());
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.5b", "1.5b", "1.5b-deep", "3b", "7b", "34b"})
    void theClosedFormReproducesWhatWasReleased(String size) {
        FalconH1Config config = FalconH1Config.read(MODELS.resolve("falcon-h1-" + size + ".json"));
        List<Double> rule = all(MuP.of(config));
        List<Double> released = all(config.multipliers());
        for (int i = 0; i < released.size(); i++) {
            assertThat(rule.get(i)).as("multiplier %d", i).isCloseTo(released.get(i), within(1e-15 * released.get(i)));
        }
    }

    @Test
    void aConfigurationIsWrittenWithItsMultipliersAndNothingElseChanged() throws Exception {
        Path quickstart = MODELS.resolve("quickstart.json");
        Path out = folder.resolve("tuned.json");
        run("mup", quickstart.toString(), "--out", out.toString());
        FalconH1Config before = FalconH1Config.read(quickstart);
        FalconH1Config after = FalconH1Config.read(out);
        assertThat(after.multipliers()).isEqualTo(MuP.of(before));
        assertThat(after.mamba()).isEqualTo(before.mamba());
        assertThat(after.attention()).isEqualTo(before.attention());
        assertThat(after.vocabSize()).isEqualTo(before.vocabSize());
        assertThat(run("mup", quickstart.toString())).isEqualTo(Files.readString(out));
    }

    @Test
    void aModelIsShown() {
        String shown = run("show", MODELS.resolve("falcon-h1-0.5b.json").toString());
        assertThat(shown).contains("state-space mixer", "feed-forward", "521.4", "recompute block", "same");
        assertThat(shown).doesNotContain("norms               0.000");
        assertThat(run("show", MODELS.resolve("quickstart.json").toString())).contains("attention");
    }
}
