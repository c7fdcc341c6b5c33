package io.peregrine.data.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profile.LanguageRules;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.rules.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
    private static Profile read(String yaml) {
        return YamlConfig.parse(Path.of("written.yaml"), yaml, Profile.class);
    }

    @Test
    void componentsAreInOrderAbsentOnesLeftOutAndTextsQuoted() {
        Profile profile = new Profile(
                "one",
                "none",
                "no",
                List.of("yes", "\u00fcber"),
                List.of(new Rule("short", "length", "some_words", Optional.of(50.0), Optional.empty())),
                Map.of(
                        "de",
                        new LanguageRules(Optional.empty(), Optional.of(List.of("\u0438")), Map.of("short", 0.125))));
        assertThat(YamlWriter.write("Two lines\nof comment.", profile)).isEqualTo("""
                        # Two lines
                        # of comment.
                        profile: "one"
                        definitions: "none"
                        words: "no"
                        stop-words:
                          - "yes"
                          - "\u00fcber"
                        rules:
                          - reason: "short"
                            filter: "length"
                            signal: "some_words"
                            min: 50
                        languages:
                          de:
                            stop-words:
                              - "\u0438"
                            limits:
                              short: 0.125
                        """);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1.5, 0.1, 1e-9, 1.0 / 3, 100_000, 1e20, 4e15, Double.MIN_VALUE, 1.7976931348623157e308})
    void everyNumberComesBackAsItWas(double number) {
        Profile profile = new Profile(
                "p",
                "d",
                "w",
                List.of(),
                List.of(new Rule("r", "f", "a_b", Optional.empty(), Optional.of(number))),
                Map.of());
        assertThat(read(YamlWriter.write("", profile))).isEqualTo(profile);
        assertThat(Double.parseDouble(YamlWriter.plain(number))).isEqualTo(number);
        assertThat(YamlWriter.plain(number)).doesNotContain("E");
    }

    @Test
    void hardTextsComeBackAsTheyWere() {
        Profile profile = new Profile(
                "p",
                "no",
                "",
                List.of(
                        "no",
                        "null",
                        "~",
                        "12",
                        "1e3",
                        "a: b",
                        "- x",
                        "#",
                        "\"",
                        "'",
                        "\\",
                        " ",
                        "\u060c",
                        "\u00b7",
                        "\u2028",
                        "\uD835\uDC00",
                        "l'"),
                List.of(),
                Map.of("no", LanguageRules.DEFAULTS));
        assertThat(read(YamlWriter.write("", profile))).isEqualTo(profile);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dclm-refinedweb", "dolma-v1", "rpv2"})
    void shippedProfilesComeBackEqual(String name) {
        Profile profile = Profiles.load(name);
        assertThat(read(YamlWriter.write("again", profile))).isEqualTo(profile);
    }
}
