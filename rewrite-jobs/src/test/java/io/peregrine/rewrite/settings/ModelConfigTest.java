package io.peregrine.rewrite.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.config.RunFile;
import io.peregrine.rewrite.RewriteConfig;
import io.peregrine.rewrite.calls.Price;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelConfigTest {
    private static final String RUN = """
            run: r
            root: work/r
            seed: 1
            rewrite:
              domains: [web]
              model:
                name: m
                revision: r1
                endpoints:
                  - {name: a, url: 'http://host:8000/v1', key-env: KEY_OF_A}
                  - {name: b, url: 'http://host:8001/v1', weight: 3}
                styles:
                  - {template: web-qa, variants: 2, domain: questions}
                  - {template: web-notes, domains: [web]}
                budget: {tokens: 1000, dollars: 1.5}
                price: {prompt-per-million: 0.15}
            """;

    @TempDir
    Path folder;

    private ModelConfig read(Map<String, String> overrides) {
        try {
            Path file = folder.resolve("run.yaml");
            Files.writeString(file, RUN);
            return RunFile.open(file, overrides)
                    .section("rewrite", RewriteConfig.class)
                    .model()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theSectionIsReadAndItsDefaultsFilledIn() {
        ModelConfig model = read(Map.of());
        assertThat(model.servers().all()).hasSize(2);
        assertThat(model.price().price()).isEqualTo(new Price(150_000, 0));
        assertThat(model.calls()).isEqualTo(CallsConfig.DEFAULTS);
        assertThat(model.budget().microDollars()).isEqualTo(1_500_000);
        assertThat(model.loadStyles().get(0).variants()).isEqualTo(2);
        assertThat(model.loadStyles().get(0).domainOf("web")).isEqualTo("questions");
        assertThat(model.loadStyles().get(1).domainOf("web")).isEqualTo("rewritten-web");
    }

    @Test
    void whatDecidesTheOutcomeIsTheModelAndWhatItIsAsked() {
        String digest = ConfigDigest.of(read(Map.of()).decisive());
        for (String key : List.of("calls.in-flight", "budget.tokens", "calls.timeout-seconds")) {
            assertThat(ConfigDigest.of(read(Map.of("rewrite.model." + key, "7")).decisive()))
                    .as(key)
                    .isEqualTo(digest);
        }
        assertThat(ConfigDigest.of(read(Map.of("rewrite.model.revision", "r2")).decisive()))
                .isNotEqualTo(digest);
    }

    @Test
    void whatIsWrongIsNamedWithItsPlaceAndNoSecretIsRepeated() {
        assertThatThrownBy(() -> read(Map.of("rewrite.model.budget", "{tokens: 5}")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'dollars' is missing in 'rewrite.model.budget'");
        assertThatThrownBy(() ->
                        read(Map.of("rewrite.model.endpoints", "[{name: a, url: 'http://me:sk-secret@host/v1'}]")))
                .hasMessageContaining("must have no user, query or fragment; a key belongs in key-env or key-file")
                .hasMessageNotContaining("sk-secret");
        assertThatThrownBy(() -> read(Map.of("rewrite.model.styles", "[{template: web-qa, domains: [code]}]"))
                        .loadStyles())
                .hasMessage("domains = [code]: must be domains that template web-qa@1 is for: [web, curated]");
        assertThatThrownBy(() -> read(Map.of("rewrite.model.styles", "[{template: web-qa}, {template: web-qa}]"))
                        .loadStyles())
                .hasMessage("template = web-qa: must be named once in rewrite.model.styles");
        assertThatThrownBy(() -> read(Map.of("rewrite.model.mode", "batch")))
                .hasMessageContaining("endpoints = 2: must be one where mode is batch");
    }
}
