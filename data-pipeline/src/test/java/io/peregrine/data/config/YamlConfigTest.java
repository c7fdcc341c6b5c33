package io.peregrine.data.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlConfigTest {
    enum Kind {
        PLAIN,
        FANCY
    }

    record Inner(
            @Key(unit = "words", doc = "shortest document") int wordsMin, double ratioMax) {
        static final Inner DEFAULTS = new Inner(50, 0.5);

        Inner {
            if (wordsMin <= 0) {
                throw new ConfigException("words-min", wordsMin, "must be > 0 words");
            }
        }
    }

    record Outer(
            String name,
            boolean on,
            Kind kind,
            Inner inner,
            List<Inner> more,
            Map<String, Double> weights,
            Optional<String> note) {
        static final List<Inner> NONE = List.of();
    }

    @TempDir
    Path folder;

    private Outer load(String yaml) throws IOException {
        return YamlConfig.load(Files.writeString(folder.resolve("a.yaml"), yaml), Outer.class);
    }

    private static final String GOOD = """
            name: x
            on: true
            kind: fancy
            inner:
              ratio-max: 1
            more:
              - words-min: 7
              - {ratio-max: 0.25}
            weights: {web: 0.75, code: 0.25}
            """;

    @Test
    void theFileIsLaidOverTheDefaults() throws IOException {
        assertThat(load(GOOD))
                .isEqualTo(new Outer(
                        "x",
                        true,
                        Kind.FANCY,
                        new Inner(50, 1),
                        List.of(new Inner(7, 0.5), new Inner(50, 0.25)),
                        Map.of("web", 0.75, "code", 0.25),
                        Optional.empty()));
    }

    @Test
    void whatIsAGroupWithDefaultsMayBeLeftOut() throws IOException {
        assertThat(load(GOOD.replace("inner:\n  ratio-max: 1\n", "")).inner()).isEqualTo(Inner.DEFAULTS);
    }

    private void fails(String yaml, String message) {
        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message.replace("FILE", folder.resolve("a.yaml").toString()));
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheNearestKnownOne() {
        fails(
                GOOD.replace("words-min: 7", "word-min: 7"),
                "FILE:7: unknown key 'more[0].word-min'; did you mean 'words-min'?; known keys here: [words-min, ratio-max]");
    }

    @Test
    void aMissingKeyIsNamed() {
        fails(GOOD.replace("name: x\n", ""), "FILE: 'name' is missing");
    }

    @Test
    void aBrokenRuleIsNamedWithLineKeyAndValue() {
        fails(GOOD.replace("words-min: 7", "words-min: -7"), "FILE:7: more[0].words-min = -7: must be > 0 words");
    }

    @Test
    void aKeyGivenTwiceIsAnError() {
        assertThatThrownBy(() -> load(GOOD + "name: y\n")).hasMessageContaining("Duplicate field 'name'");
    }

    @Test
    void aSecondDocumentIsAnError() {
        fails(GOOD + "---\nname: y\n", "FILE:11: a second YAML document begins here; a settings file has one");
    }

    @Test
    void scalarsAreNotBentIntoShape() {
        assertThatThrownBy(() -> load(GOOD.replace("words-min: 7", "words-min: 1.7")))
                .hasMessageContaining(":7: more[0].words-min: ");
        assertThatThrownBy(() -> load(GOOD.replace("on: true", "on: yes"))).hasMessageContaining(":2: on: ");
        assertThatThrownBy(() -> load(GOOD.replace("name: x", "name: 5"))).hasMessageContaining(":1: name: ");
        assertThatThrownBy(() -> load(GOOD.replace("kind: fancy", "kind: odd"))).hasMessageContaining(":3: kind: ");
        assertThatThrownBy(() -> load(GOOD.replace("words-min: 7", "words-min:")))
                .hasMessageContaining(":7: more[0].words-min");
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("none.yaml");
        assertThatThrownBy(() -> YamlConfig.load(missing, Outer.class))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": no such file");
    }

    @Test
    void brokenYamlIsNamedWithItsLine() {
        assertThatThrownBy(() -> load("name: x\n  bad: [\n")).hasMessageContaining("a.yaml:2: not valid YAML: ");
    }

    @Test
    void theDigestIsThatOfTheValues() throws IOException {
        String digest = ConfigDigest.of(load(GOOD));
        assertThat(ConfigDigest.of(
                        load(GOOD.replace("weights: {web: 0.75, code: 0.25}", "weights: {code: 0.25, web: 0.75}"))))
                .isEqualTo(digest);
        assertThat(ConfigDigest.of(load(GOOD.replace("words-min: 7", "words-min: 8"))))
                .isNotEqualTo(digest);
    }

    @Test
    void withoutAKeyTheDigestIsThatOfSettingsThatNeverHadIt() {
        record Before(double ratioMax) {}
        assertThat(ConfigDigest.without("words-min", Inner.DEFAULTS)).isEqualTo(ConfigDigest.of(new Before(0.5)));
        assertThatThrownBy(() -> ConfigDigest.without("words", Inner.DEFAULTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no key 'words' in Inner[wordsMin=50, ratioMax=0.5]");
    }
}
