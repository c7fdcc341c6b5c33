package io.peregrine.rewrite.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.language.Identification;
import io.peregrine.rewrite.RewriteConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptChecksTest {
    /** Those of a rewriter that keeps every word. */
    private static final AcceptChecks STRICT =
            checks(config(AcceptConfig.DEFAULTS.checks(), 0.5, 1.5, Map.of(), Map.of()));

    private static AcceptConfig config(
            List<Check> checks,
            double shortest,
            double longest,
            Map<String, Double> lost,
            Map<String, Double> invented) {
        return new AcceptConfig(checks, shortest, longest, 20, 0.2, lost, invented, 0.5, 0.3);
    }

    /** Thinks that a text is German if it says so. */
    private static AcceptChecks checks(AcceptConfig config) {
        return new AcceptChecks(config, text -> new Identification(text.contains("deutsch") ? "de" : "en", 0.75, 1));
    }

    private static AcceptChecks only(Check check) {
        return checks(config(List.of(check), 0, 100, Map.of(), Map.of()));
    }

    private static Document document(String text) {
        return Document.of("s", "web", "f", "l", "en", text);
    }

    private static Optional<Rejection> check(String text, String answer) {
        return STRICT.check(document(text), answer);
    }

    private static RejectReason reason(String text, String answer) {
        return check(text, answer).orElseThrow().reason();
    }

    private static Optional<RejectReason> reason(Check check, String text, String answer) {
        return only(check).check(document(text), answer).map(Rejection::reason);
    }

    @Test
    void anAnswerThatKeepsTheFactsStands() {
        assertThat(check("In  1,234 cases\nsee https://a.org/x .", "In 1,234 cases see https://a.org/x ."))
                .isEmpty();
    }

    @Test
    void emptyAndUnchangedAnswersAreRefused() {
        assertThat(reason("text", " \n")).isEqualTo(RejectReason.EMPTY);
        assertThat(reason("text", "text")).isEqualTo(RejectReason.UNCHANGED);
        assertThat(checks(config(List.of(), 0, 1, Map.of(), Map.of())).check(document("text"), "\t"))
                .as("whatever the settings say")
                .isPresent();
    }

    @Test
    void anAnswerThatWasCutOffIsRefusedForThat() {
        AcceptChecks finish = only(Check.FINISH);
        assertThat(finish.check(document("text"), "answer", "stop")).isEmpty();
        assertThat(finish.check(document("text"), "answer", "length").orElseThrow())
                .isEqualTo(new Rejection(RejectReason.CUT_OFF, 1, 0));
        assertThat(finish.check(document("text"), "", "content_filter")
                        .orElseThrow()
                        .reason())
                .isEqualTo(RejectReason.CUT_OFF);
    }

    @Test
    void lengthHasBounds() {
        assertThat(check("0123456789", "0123").orElseThrow())
                .isEqualTo(new Rejection(RejectReason.TOO_SHORT, 0.4, 0.5));
        assertThat(check("abcdefghij", "abcde ")).isEmpty();
        assertThat(check("abcdefghij", "abcdefghij klmno").orElseThrow())
                .isEqualTo(new Rejection(RejectReason.TOO_LONG, 1.6, 1.5));
        assertThat(check("abcdefghij", "abcdefghij klmn")).isEmpty();
    }

    @Test
    void numbersStay() {
        assertThat(reason("from 3 to 5 and 3", "from 3 to 5 and")).isEqualTo(RejectReason.NUMBERS_LOST);
        assertThat(reason("it is 3.14 long", "it is 3.15 long")).isEqualTo(RejectReason.NUMBERS_LOST);
        assertThat(reason("it is 3 long", "it is 3 long, 4")).isEqualTo(RejectReason.NUMBERS_NEW);
        assertThat(check("one 1 two 2", "two 2 one 1")).isEmpty();
        assertThat(check("one 1 two", "one 1 two, 1")).as("said twice").isEmpty();
        assertThat(check("at 10:30 on 3/4", "at 10:31 on 3/4").orElseThrow())
                .isEqualTo(new Rejection(RejectReason.NUMBERS_LOST, 0.5, 0));
    }

    @Test
    void aBoundLetsAShareGo() {
        AcceptChecks lenient =
                checks(config(List.of(Check.NUMBERS), 0, 100, Map.of("numbers", 0.5), Map.of("numbers", 0.25)));
        assertThat(lenient.check(document("1 2 3 4"), "1 2")).isEmpty();
        assertThat(lenient.check(document("1 2 3 4"), "1").orElseThrow())
                .isEqualTo(new Rejection(RejectReason.NUMBERS_LOST, 0.75, 0.5));
        assertThat(lenient.check(document("1 2 3"), "1 2 3 4")).isEmpty();
        assertThat(lenient.check(document("1 2"), "1 2 3 4").orElseThrow())
                .isEqualTo(new Rejection(RejectReason.NUMBERS_NEW, 0.5, 0.25));
    }

    @Test
    void addressesFormulasAndCodeStay() {
        assertThat(reason("see https://a.org/x now", "see https://a.org/y now")).isEqualTo(RejectReason.URLS_LOST);
        assertThat(reason("so \\alpha is it", "so \\beta is it")).isEqualTo(RejectReason.LATEX_LOST);
        assertThat(reason("so $a  b$ is it", "so $a b$ is it")).isEqualTo(RejectReason.LATEX_LOST);
        assertThat(reason("x\n```\na  b\n```\n y", "x\n```\na b\n```\n y")).isEqualTo(RejectReason.CODE_LOST);
        assertThat(check("x\n```\na  b\n```\n  y", "x\n```\na  b\n```\ny")).isEmpty();
    }

    @Test
    void theLanguageStays() {
        String text = "a text of some length in English";
        assertThat(check(text, "ein deutscher Text, recht lang").orElseThrow())
                .isEqualTo(new Rejection(RejectReason.LANGUAGE_CHANGED, 0.75, 0));
        assertThat(check("short text of it", "deutsch ist kurz"))
                .as("too short to tell")
                .isEmpty();
    }

    @Test
    void whatRepeatsMoreThanItsDocumentIsRefused() {
        String loop = "the same eight words again and again here ".repeat(20);
        assertThat(reason(Check.REPETITION, "a plain text", loop)).contains(RejectReason.REPETITIVE);
        assertThat(reason(Check.REPETITION, loop, loop)).isEmpty();
        assertThat(reason(Check.REPETITION, "a plain text", "one two three four five six seven eight nine ten"))
                .isEmpty();
    }

    @Test
    void copiesAndStrangersAreRefused() {
        String text = "the river rises in the hills north of the old town and runs through three lakes to the sea";
        assertThat(reason(Check.COPY, text, "Well: " + text)).contains(RejectReason.COPIED);
        assertThat(
                        reason(
                                Check.COPY,
                                text,
                                "from hills north of the town the river comes and it runs to the sea through lakes, three of them"))
                .isEmpty();
        assertThat(reason(Check.DRIFT, text, "quantum computers factor large integers quickly"))
                .contains(RejectReason.DRIFTED);
        assertThat(reason(Check.DRIFT, text, "The river of the hills runs to the sea."))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "so \\boxed{\\frac{1}{2}}     | hence \\boxed{0.5}            | true",
                "so \\boxed{\\frac{1}{2}}     | hence \\boxed{0.51}           | false",
                "x #### 1,200                 | The answer is $1200.          | true",
                "x #### 1,200                 | The answer is 1,201           | false",
                "answer: 2^{-3}               | Answer: 12.5%                 | true",
                "answer is x = 3 \\cdot (4-1) | \\boxed{x=9}                  | true",
                "answer is \\sqrt{2}          | \\boxed{3}                    | true",
                "no such thing                | \\boxed{3}                    | true",
                "\\boxed{1} so \\boxed{2}     | \\boxed{2}                    | true",
                "answer: 1/0                  | answer: 7                     | true",
            })
    void finalAnswersAreTheSameNumber(String text, String answer, boolean same) {
        assertThat(reason(Check.RESULT, text, answer))
                .isEqualTo(same ? Optional.empty() : Optional.of(RejectReason.RESULT_CHANGED));
    }

    @Test
    void allReasonsAreThereInTheirOrder() {
        AcceptChecks all = checks(config(List.of(Check.DRIFT, Check.NUMBERS, Check.FINISH), 0, 9, Map.of(), Map.of()));
        assertThat(all.checkAll(document("seven of 7"), "nothing like it", "length"))
                .extracting(Rejection::reason)
                .containsExactly(RejectReason.CUT_OFF, RejectReason.NUMBERS_LOST, RejectReason.DRIFTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,", "1", "http://a ", "http://", "http://(", "\\a", "$", "$a", "$$", "\\[", "\\(x", "```\n",
                        "```java\n",
                "~", " ", "\n", "a_", "aB", "May ", "5 May ", "5 km ", "2024-01-01", "\\boxed{", "#### ", "answer: ",
                        "(",
                "{", "sure:\n", "Here is the text:\n", "a ", "\u4e00", "1.1.", "<", "\u0130", "\ud800"
            })
    void hostileRunsCostNoMoreThanOtherText(String unit) {
        AcceptChecks all = checks(config(Arrays.asList(Check.values()), 0, 100, Map.of(), Map.of()));
        String text = unit.repeat(400_000 / unit.length());
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> all.checkAll(document(text), text + "x", "length"));
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> config(List.of(), -0.1, 2, Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("length-ratio-min = -0.1: must be >= 0");
        assertThatThrownBy(() -> config(List.of(), 0.5, 0.4, Map.of(), Map.of()))
                .hasMessage("length-ratio-max = 0.4: must be > 0 and >= length-ratio-min, 0.5");
        assertThatThrownBy(() -> config(List.of(Check.COPY, Check.COPY), 0, 1, Map.of(), Map.of()))
                .hasMessage("checks = [COPY, COPY]: must name each check once");
        assertThatThrownBy(() -> config(List.of(), 0, 1, Map.of("nombres", 0.1), Map.of()))
                .hasMessage("lost-max.nombres = 0.1: must be a share of one of"
                        + " [numbers, dates, units, urls, identifiers, latex, code]");
        assertThatThrownBy(() -> config(List.of(), 0, 1, Map.of(), Map.of("urls", 1.5)))
                .hasMessage("new-max.urls = 1.5: must be 0 to 1");
        assertThatThrownBy(() -> new RewriteConfig(List.of("web", "web"), 1, AcceptConfig.DEFAULTS, Optional.empty()))
                .hasMessage("domains = [web, web]: must name each domain once");
        assertThatThrownBy(() -> new RewriteConfig(List.of("web"), 1.5, AcceptConfig.DEFAULTS, Optional.empty()))
                .hasMessage("share = 1.5: must be 0 to 1");
    }
}
