package io.peregrine.data.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.Document;
import io.peregrine.data.config.YamlConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SetChoiceTest {
    private static final String ENGLISH = "The letter was found in the drawer of an old desk, where nobody had looked.";
    private static final String GERMAN = "Der Brief wurde in der Schublade eines alten Tisches gefunden.";

    private static FilterConfig config(String more) {
        return YamlConfig.parse(Path.of("run.yaml"), """
                domains: {web: multilingual, curated: english}
                multilingual: {by-language: {en: english}}
                """ + more, FilterConfig.class);
    }

    private static Document document(String domain, String text) {
        return Document.of("s", domain, "f", "#1", "und", text);
    }

    @Test
    void aSetMayLeaveALanguageToAnother() {
        SetChoice choice = new SetChoice(RuleSets.of(config("")));
        assertThat(choice.of(document("web", ENGLISH)).name()).isEqualTo("english");
        assertThat(choice.of(document("web", GERMAN)).name()).isEqualTo("multilingual");
        assertThat(choice.of(document("curated", GERMAN)).name()).isEqualTo("english");
        assertThat(choice.of(document("web", "12 + 30 = 42")).name()).isEqualTo("multilingual");
    }

    @Test
    void whatIsMeasuredDependsOnWhoIsChosen() {
        FilterConfig without = YamlConfig.parse(
                Path.of("run.yaml"), "domains: {web: multilingual, curated: english}", FilterConfig.class);
        assertThat(RuleSets.of(config("")).measuringDigest())
                .isNotEqualTo(RuleSets.of(without).measuringDigest());
    }

    @Test
    void aLanguageIsLeftToASetThatJudgesIt() {
        assertThatThrownBy(() -> config("others: {a: {by-language: {de: b}}}\n"))
                .hasMessageContaining("a.by-language.de = b: must be none or one of the sets");
        assertThatThrownBy(() -> config("others: {a: {by-language: {de: multilingual}}}\n"))
                .hasMessageContaining("a.by-language.de = multilingual: must be a set that judges what it is given");
    }
}
