package io.peregrine.data.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.data.seed.SeedStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageManifestTest {
    @TempDir
    Path root;

    private StageManifest manifest() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("in", 10L);
        counts.put("dropped.short", 3L);
        counts.put("out", 7L);
        return new StageManifest(
                Stage.FILTERS,
                "ab",
                Map.of("10-documents/documents", "cd"),
                Map.of("kept", new TableVersion("20-filters/kept", 3, 7, "ef")),
                counts,
                1.5,
                CodeVersion.CURRENT);
    }

    @Test
    void isReadBackAsItWasWrittenInItsOrder() {
        RunLayout layout = new RunLayout(root);
        manifest().write(layout);
        StageManifest read = StageManifest.require(layout, Stage.FILTERS);
        assertThat(read).isEqualTo(manifest());
        assertThat(read.counts().keySet()).containsExactly("in", "dropped.short", "out");
    }

    @Test
    void aStageWithoutManifestHasNotHappened() {
        RunLayout layout = new RunLayout(root);
        assertThat(StageManifest.read(layout, Stage.DEDUP)).isEmpty();
        assertThatThrownBy(() -> StageManifest.require(layout, Stage.DEDUP))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("30-dedup: this stage has not finished (no manifest.json); run it first");
    }

    @Test
    void aDamagedManifestIsNamed() throws IOException {
        RunLayout layout = new RunLayout(root);
        Files.createDirectories(layout.filters());
        Files.writeString(layout.manifest(Stage.FILTERS), "{\"stage\": \"FILTERS\"");
        assertThatThrownBy(() -> StageManifest.read(layout, Stage.FILTERS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("manifest.json: not a stage manifest");
    }

    @Test
    void aFingerprintChangesWithWhateverDecidesTheOutputs() {
        Map<String, String> inputs = Fingerprint.inputsOf(List.of(manifest()));
        String print = Fingerprint.of(Stage.DEDUP, "config", inputs, SeedStream.of(1));
        assertThat(Fingerprint.of(Stage.DEDUP, "config", inputs, SeedStream.of(1)))
                .isEqualTo(print);
        assertThat(Fingerprint.of(Stage.DEDUP, "config", inputs, SeedStream.of(2)))
                .isNotEqualTo(print);
        assertThat(Fingerprint.of(Stage.DEDUP, "other", inputs, SeedStream.of(1)))
                .isNotEqualTo(print);
        assertThat(Fingerprint.of(Stage.DEDUP, "config", Map.of("20-filters/kept", "xx"), SeedStream.of(1)))
                .isNotEqualTo(print);
    }

    @Test
    void codeVersionIsThatOfTheBuild() {
        assertThat(CodeVersion.CURRENT).matches("\\d+\\.\\d+\\.\\d+.*");
    }
}
