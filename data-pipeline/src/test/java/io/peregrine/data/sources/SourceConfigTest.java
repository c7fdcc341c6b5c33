package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceConfigTest {
    @TempDir
    Path folder;

    private List<SourceConfig> sources(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), "run: t\nroot: work\nseed: 1\nsources:\n" + yaml);
        return RunFile.open(file).listSection("sources", SourceConfig.class);
    }

    @Test
    void everyKeyBinds() throws IOException {
        SourceConfig source = sources("""
                  - name: pages
                    kind: html-archive
                    domain: web
                    paths: [a/*.zip, b]
                    licence: CC-BY-4.0
                    language: pt-BR
                    exclude: ["**/x.html"]
                    limits: {max-document-bytes: 1000}
                """).get(0);
        assertThat(source.kind()).isEqualTo(SourceKind.HTML_ARCHIVE);
        assertThat(source.paths()).containsExactly("a/*.zip", "b");
        assertThat(source.language()).hasValue("pt-BR");
        assertThat(source.limits().orElseThrow().maxDocumentBytes()).isEqualTo(1000);
        assertThat(source.limits().orElseThrow().maxInflationRatio())
                .isEqualTo(SourceLimits.DEFAULTS.maxInflationRatio());
    }

    @Test
    void wrongValuesAreNamed() {
        String rest = ", domain: web, paths: [a], licence: MIT";
        assertThatThrownBy(() -> sources("  - {name: x, kind: orc" + rest + "}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("run.yaml:5")
                .hasMessageContaining("orc")
                .hasMessageContaining("html-archive");
        assertThatThrownBy(() -> sources("  - {name: X Y, kind: text" + rest + "}\n"))
                .hasMessageContaining("name = X Y: must be lower-case letters, digits and dashes");
        assertThatThrownBy(() -> sources("  - {name: x, kind: text, fields: [a]" + rest + "}\n"))
                .hasMessageContaining("fields = [a]: names the fields of a jsonl, html-jsonl or parquet source");
        assertThatThrownBy(() -> sources("  - {name: x, kind: text, language: German" + rest + "}\n"))
                .hasMessageContaining("language = German");
        assertThatThrownBy(() -> sources("  - {name: x, kind: text, limits: {max-document-bytes: 0}" + rest + "}\n"))
                .hasMessageContaining("max-document-bytes = 0: must be in 1..268435456 bytes");
    }

    @Test
    void theDefaultsArePinned() {
        assertThat(SourceLimits.DEFAULTS).isEqualTo(new SourceLimits(16777216, 500000, 68719476736L, 250, 67108864));
    }
}
