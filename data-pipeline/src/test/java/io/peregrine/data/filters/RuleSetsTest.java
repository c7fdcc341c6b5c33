package io.peregrine.data.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleSetsTest {
    @TempDir
    Path folder;

    private RuleSets withProfile(String definitions, String words, String signal) throws Exception {
        Path profile = Files.writeString(folder.resolve("own.yaml"), """
                profile: own
                definitions: %s
                words: %s
                rules:
                  - {reason: repeated, filter: own, signal: %s, max: 0.3}
                """.formatted(definitions, words, signal));
        return RuleSets.of(io.peregrine.data.config.YamlConfig.parse(
                Path.of("run.yaml"), "english: {families: [text], profile: '" + profile + "'}", FilterConfig.class));
    }

    /** Dolma's mixers once asked for a signal that its tagger wrote with another ending, and three filters never fired. */
    @Test
    void aRuleOnWhatNobodyMeasuresIsRefused() throws Exception {
        assertThat(withProfile("datatrove", "unicode-words-1", "repetition_top_2_gram")
                        .signals())
                .isNotEmpty();
        for (String[] definitions : new String[][] {
            {"datatrove", "unicode-words-1"},
            {"dolma", "python-split"},
            {"dclm", "uax29"},
            {"redpajama", "nltk-wordpunct"},
            {"code", "none"}
        }) {
            assertThatThrownBy(() -> withProfile(definitions[0], definitions[1], "repetition_top_2_grams"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("repetition_top_2_grams")
                    .hasMessageContaining("is no signal of the definitions " + definitions[0]
                            + ", so the rule could never drop a document; it is in the profile own");
        }
    }
}
