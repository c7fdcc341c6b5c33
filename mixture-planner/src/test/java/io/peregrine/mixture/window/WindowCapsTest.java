package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.config.RunFile;
import io.peregrine.mixture.CapReason;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.TestPlans;
import io.peregrine.mixture.plan.MixturePlanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowCapsTest {
    private static final WindowCaps CAPS = WindowCaps.of(Map.of("web", 19_999.2, "code", 40_000.0));

    @TempDir
    Path folder;

    @Test
    void theFragmentIsWhatARunFileSays() {
        assertThat(CAPS.toYaml("Measured.")).isEqualTo("""
                # Measured.
                mixture:
                  streams:
                    code:
                      window-tokens: 40000
                    web:
                      window-tokens: 20000
                """);
    }

    /** 20,000 tokens of code over a window of 40,000 are half of the mixture, whatever was asked for. */
    @Test
    void aPlanKeepsTheStreamBelowItsTokensOverItsWindow() throws IOException {
        Path run = folder.resolve("run.yaml");
        Files.writeString(run, """
                run: capped
                root: %s
                seed: 1
                mixture:
                  sequence-length: 100
                  block-size-sequences: 64
                  total-tokens: 100000
                  streams:
                    web: {weight: 0.2}
                    code: {weight: 0.8}
                """.formatted(folder.resolve("root")));
        Map<String, String> overrides = new LinkedHashMap<>();
        for (String option : CAPS.toOptions().split("--set ", -1)) {
            if (!option.isEmpty()) {
                overrides.put(option.strip().split("=", -1)[0], option.strip().split("=", -1)[1]);
            }
        }
        assertThat(plan(run, Map.of()).stream("code").cappedBy()).isEmpty();
        MixturePlan plan = plan(run, overrides);
        assertThat(plan.stream("code").cappedBy()).contains(CapReason.WINDOW);
        assertThat(plan.stream("code").tokenSharePpb()).isEqualTo(500_000_000);
        assertThat(plan.stream("code").windowTokens()).contains(40_000L);
    }

    private static MixturePlan plan(Path run, Map<String, String> overrides) {
        MixtureConfig config = RunFile.open(run, overrides).section("mixture", MixtureConfig.class);
        return MixturePlanner.plan(
                config, List.of(TestPlans.full("code", 200), TestPlans.full("web", 2000)), 2, TestPlans.SEED);
    }

    @Test
    void aCertificateGoesBeforeAFit() {
        Optional<FittedWindow> found = Optional.of(new FittedWindow.Found(50, 40, 60));
        assertThat(WindowCaps.choose(new Certificate.Certified(70), found, 100)).contains(70.0);
        Certificate none = new Certificate.NotCertified("so");
        assertThat(WindowCaps.choose(none, found, 100)).contains(60.0);
        assertThat(WindowCaps.choose(none, found, 59)).isEmpty();
        assertThat(WindowCaps.choose(none, Optional.of(new FittedWindow.Beyond(9)), 100))
                .isEmpty();
        assertThat(WindowCaps.choose(none, Optional.empty(), 100)).isEmpty();
    }
}
