package io.peregrine.mixture.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.YamlConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptimizeConfigTest {
    private static final String GOOD = """
            runs: {mixtures: m.csv, losses: l.csv}
            targets: {prose: 1}
            kl: 0.1
            sources:
              web: {}
              code: {}
            """;

    private static OptimizeConfig read(String yaml) {
        return YamlConfig.parse(Path.of("o.yaml"), yaml, OptimizeConfig.class);
    }

    @Test
    void whatMayBeLeftOutHasDefaults() {
        OptimizeConfig config = read(GOOD);
        assertThat(config.columns()).isEqualTo(new RunColumns("index", "weight/*", "loss/*"));
        assertThat(config.fit().folds()).isEqualTo(10);
        assertThat(config.fit().ridge()).isEqualTo(1e-4);
        assertThat(config.fit().checks()).isEmpty();
        assertThat(config.budgetTokens()).isEmpty();
        assertThat(config.sources().keySet()).as("in the order of the file").containsExactly("web", "code");
    }

    @Test
    void faultsNameFileLineKeyAndRule() {
        assertFault("kl: 0.1", "kl: -1", "o.yaml:3: kl = -1.0: must be 0..1000000");
        assertFault("kl: 0.1", "", "o.yaml: 'kl' is missing");
        assertFault("{prose: 1}", "{prose: 0}", "targets = {prose=0}: must name at least one target with a weight > 0");
        assertFault("{prose: 1}", "{prose: -1}", "o.yaml:2: targets.prose = -1: must be >= 0");
        assertFault(
                "web: {}", "web: {max-epochs: 4}", "o.yaml:5: sources.web.unique-tokens = none: must be given where");
        assertFault(
                "web: {}",
                "web: {unique-tokens: 5, max-epochs: 4}",
                "budget-tokens = none: must be given, for sources.web has max-epochs");
        assertFault("web: {}", "web: {prior: 0}", "o.yaml:5: sources.web.prior = 0: must be > 0");
        assertFault(
                "web: {}",
                "web: {prior: 0.5}",
                "o.yaml:6: sources.code.prior = none: must be given for all sources or for none");
        assertFault(
                "web: {}",
                "web: {uniqe-tokens: 1}",
                "unknown key 'sources.web.uniqe-tokens'; did you mean 'unique-tokens'?");
        assertFault(
                "kl: 0.1",
                "kl: 0.1\ncolumns: {sources: weight}",
                "o.yaml:4: columns.sources = weight: must have exactly one *, where the name stands");
        assertFault("kl: 0.1", "kl: 0.1\nfit: {folds: 1}", "o.yaml:4: fit.folds = 1: must be 2..100 folds");
        assertFault("kl: 0.1", "kl: 0.1\nfit: {ridge: 0}", "o.yaml:4: fit.ridge = 0.0: must be > 0 and <= 1000000");
        assertFault(
                "sources:\n  web: {}\n  code: {}",
                "budget-tokens: 100\nsources:\n  web: {unique-tokens: 5, max-epochs: 4}\n"
                        + "  code: {unique-tokens: 5, window-tokens: 10}",
                "o.yaml:5: sources = web 0.200000 (epochs), code 0.500000 (window): caps must sum to >= 1, and 0.300000");
        assertFault("  code: {}\n", "", "sources = [web]: must name at least two sources");
    }

    private static void assertFault(String part, String other, String message) {
        assertThatThrownBy(() -> read(GOOD.replace(part, other)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
