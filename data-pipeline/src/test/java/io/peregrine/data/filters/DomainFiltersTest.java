package io.peregrine.data.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.language.Identification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DomainFiltersTest {
    private static final String PROSE = "words ".repeat(48) + "the with";

    @TempDir
    Path folder;

    private static DomainFilters.Decision decide(String domain, String text, Identification found) {
        return new DomainFilters(FilterConfig.DEFAULTS, any -> found)
                .decide(Document.of("s", domain, "f", "#0", "und", text));
    }

    private static Verdict drop(DropReason reason, double measured, double limit) {
        return new Verdict.Drop(reason, measured, limit);
    }

    @Test
    void theLanguageFoundIsWrittenDownWhateverTheVerdict() {
        DomainFilters.Decision kept = decide("web", PROSE, new Identification("en", 0.5, 1));
        assertThat(kept.verdict()).isEqualTo(Verdict.KEEP);
        assertThat(kept.document().language()).isEqualTo("en");
        DomainFilters.Decision dropped = decide("web", PROSE, new Identification("da", 0.5, 1));
        assertThat(dropped.verdict()).isEqualTo(drop(DropReason.LANGUAGE_NOT_ACCEPTED, 1, 0));
        assertThat(dropped.document().language()).isEqualTo("da");
    }

    @Test
    void theLanguageMustBeSureAndInItsScript() {
        assertThat(decide("web", PROSE, new Identification("en", 0.3, 0.5)).verdict())
                .isEqualTo(Verdict.KEEP);
        assertThat(decide("web", PROSE, new Identification("en", 0.29, 1)).verdict())
                .isEqualTo(drop(DropReason.LANGUAGE_LOW_CONFIDENCE, 0.29, 0.3));
        assertThat(decide("web", PROSE, new Identification("en", 0.5, 0.4)).verdict())
                .isEqualTo(drop(DropReason.LANGUAGE_WRONG_SCRIPT, 0.4, 0.5));
        assertThat(decide("web", PROSE, Identification.UNDETERMINED).verdict())
                .isEqualTo(drop(DropReason.LANGUAGE_NOT_ACCEPTED, 1, 0));
    }

    @Test
    void anEmptyListAcceptsWhateverIsFound() {
        Document document = Document.of("s", "web", "f", "#0", "und", PROSE);
        LanguageConfig any = new LanguageConfig(List.of(), 0, 0);
        assertThat(new LanguageFilter(any, new Identification("da", 0, 0)).judge(document))
                .isEqualTo(Verdict.KEEP);
        assertThat(new LanguageFilter(any, Identification.UNDETERMINED).judge(document))
                .isNotEqualTo(Verdict.KEEP);
    }

    @Test
    void eachDomainHasItsRules() {
        Identification english = new Identification("en", 0.5, 1);
        String noStopWords = "words ".repeat(50);
        assertThat(decide("math", noStopWords, english).verdict())
                .isEqualTo(drop(DropReason.GOPHER_ENOUGH_STOP_WORDS, 0, 2));
        assertThat(decide("multilingual", noStopWords, english).verdict()).isEqualTo(Verdict.KEEP);
        assertThat(decide("code", "x", Identification.UNDETERMINED).verdict()).isEqualTo(Verdict.KEEP);
        assertThat(decide("code", "x", Identification.UNDETERMINED).document().language())
                .isEqualTo("und");
        assertThatThrownBy(() -> decide("poetry", PROSE, english))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "has no rules for domain 'poetry'; add 'poetry: english', multilingual, code or none");
    }

    @Test
    void aSourceMayHaveRulesOfItsOwn() throws IOException {
        FilterConfig config = load("sources: {proofs: code}\n");
        DomainFilters filters = new DomainFilters(config, any -> Identification.UNDETERMINED);
        assertThat(filters.decide(Document.of("proofs", "math", "f", "#0", "java", "class A {}"))
                        .verdict())
                .isEqualTo(Verdict.KEEP);
        assertThat(filters.decide(Document.of("pages", "math", "f", "#0", "java", "class A {}"))
                        .verdict())
                .isNotEqualTo(Verdict.KEEP);
    }

    @Test
    void anExplanationHoldsEveryRule() {
        Document document = Document.of("s", "web", "f", "#0", "und", "short");
        List<Check> checks =
                new DomainFilters(FilterConfig.DEFAULTS, any -> new Identification("en", 0.5, 1)).explain(document);
        assertThat(checks).hasSize(14);
        assertThat(checks.stream().filter(Check::broken).map(Check::reason))
                .contains(DropReason.GOPHER_SHORT_DOC, DropReason.GOPHER_ENOUGH_STOP_WORDS);
    }

    private FilterConfig load(String yaml) throws IOException {
        return YamlConfig.load(Files.writeString(folder.resolve("filters.yaml"), yaml), FilterConfig.class);
    }

    @Test
    void aFileChangesWhatItNamesAndNothingElse() throws IOException {
        FilterConfig config =
                load("multilingual: {gopher: {words-min: 5}}\nenglish: {language: {confidence-min: 0.2}}\n");
        GopherConfig multilingual = config.multilingual().gopher();
        assertThat(multilingual.wordsMin()).isEqualTo(5);
        assertThat(multilingual.switchedOff()).isEqualTo(GopherConfig.MULTILINGUAL.switchedOff());
        assertThat(multilingual.meanWordCharactersMax()).isEqualTo(GopherConfig.MULTILINGUAL.meanWordCharactersMax());
        assertThat(config.multilingual().language()).isEqualTo(LanguageConfig.FALCON_H1);
        assertThat(config.english().language()).isEqualTo(new LanguageConfig(List.of("en"), 0.2, 0.5));
        assertThat(load("{}\n")).isEqualTo(FilterConfig.DEFAULTS);
        assertThat(load("domains: {web: none}\n").domains())
                .isEqualTo(java.util.Map.of("web", FilterConfig.RuleSet.NONE));
    }

    @Test
    void badSettingsAreRefusedWithTheirPlace() {
        assertThatThrownBy(() -> load("english:\n  gopher:\n    words-min: -1\n"))
                .hasMessageContaining("filters.yaml:3: english.gopher.words-min = -1")
                .hasMessageContaining("must be >= 0 words");
        assertThatThrownBy(() -> load("english:\n  gopher:\n    switched-off: [gopher_stop_words]\n"))
                .hasMessageContaining(
                        "filters.yaml:3: english.gopher.switched-off = gopher_stop_words: must be one of [gopher_short_doc,");
        assertThatThrownBy(() -> load("words: spacy\n")).hasMessageContaining("words = spacy: must be unicode-words-1");
        assertThatThrownBy(() -> load("domains: {web: prose}\n")).hasMessageContaining("filters.yaml:1");
        assertThatThrownBy(() -> load("english: {language: {accepted: [English]}}\n"))
                .hasMessageContaining("accepted = English: must be a BCP 47 language of 2 or 3 small letters");
    }
}
