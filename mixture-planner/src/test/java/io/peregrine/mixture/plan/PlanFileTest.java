package io.peregrine.mixture.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.TestPlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFileTest {
    @TempDir
    Path folder;

    private Path file;
    private final MixturePlan plan = TestPlans.plan(List.of(600_000_000, 400_000_000), List.of(50L, 7L), 1000, 64, 5);

    @BeforeEach
    void write() {
        file = folder.resolve("plan.json");
        PlanFile.write(file, plan);
    }

    @Test
    void aPlanSurvivesItsFile() throws IOException {
        assertThat(PlanFile.read(file)).isEqualTo(plan);
        byte[] first = Files.readAllBytes(file);
        PlanFile.write(file, PlanFile.read(file));
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
    }

    @Test
    void aPlanChangedByHandIsRefused() throws IOException {
        replace("\"window-sequences\":5", "\"window-sequences\":6");
        assertThatThrownBy(() -> PlanFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": the plan does not have the digest");
    }

    @Test
    void countsThatDoNotFillTheBlocksAreRefused() throws IOException {
        replace("\"total-sequences\":1000", "\"total-sequences\":1001");
        assertThatThrownBy(() -> PlanFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        file + ": not a mixture plan (mixture plan: total-sequences = 1001: must be the sum");
    }

    @Test
    void anUnknownKeyAndACutFileAreRefused() throws IOException {
        String whole = Files.readString(file);
        replace("\"block-size\":64", "\"block-size\":64,\"extra\":1");
        assertThatThrownBy(() -> PlanFile.read(file)).hasMessageContaining("extra");
        Files.writeString(file, whole.substring(0, whole.length() / 2));
        assertThatThrownBy(() -> PlanFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("run 'mixture plan' again");
    }

    @Test
    void anotherVersionIsRefused() throws IOException {
        replace("\"version\":2", "\"version\":3");
        assertThatThrownBy(() -> PlanFile.read(file))
                .hasMessage(file + ": format peregrine-mixture-plan version 3; this program reads "
                        + "peregrine-mixture-plan version 2");
    }

    @Test
    void aMissingFileSaysWhatToRun() {
        assertThatThrownBy(() -> PlanFile.read(folder.resolve("none.json")))
                .isInstanceOf(DataException.class)
                .hasMessage(folder.resolve("none.json") + ": there is no plan here; run 'mixture plan' first");
    }

    private void replace(String what, String with) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, with));
    }
}
