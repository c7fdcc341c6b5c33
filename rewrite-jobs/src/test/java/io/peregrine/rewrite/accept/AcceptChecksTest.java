package io.peregrine.rewrite.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.language.Identification;
import io.peregrine.rewrite.RewriteConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptChecksTest {
    /** Thinks that a text is German if it says so. */
    private static final AcceptChecks CHECKS = new AcceptChecks(
            new AcceptConfig(0.5, 1.5, 20),
            text -> new Identification(text.contains("deutsch") ? "de" : "en", 0.75, 1));

    private static Optional<Rejection> check(String text, String answer) {
        return CHECKS.check(Document.of("s", "web", "f", "l", "en", text), answer);
    }

    private static RejectReason reason(String text, String answer) {
        return check(text, answer).orElseThrow().reason();
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
        assertThat(reason("from 3 to 5 and 3", "from 3 to 5 and")).isEqualTo(RejectReason.NUMBERS_CHANGED);
        assertThat(reason("it is 3.14 long", "it is 3.15 long")).isEqualTo(RejectReason.NUMBERS_CHANGED);
        assertThat(check("one 1 two 2", "two 2 one 1")).isEmpty();
        assertThat(check("at 10:30 on 3/4", "at 10:31 on 3/4").orElseThrow())
                .isEqualTo(new Rejection(RejectReason.NUMBERS_CHANGED, 2, 0));
    }

    @Test
    void addressesStay() {
        assertThat(reason("see https://a.org/x now", "see https://a.org/y now")).isEqualTo(RejectReason.URLS_CHANGED);
    }

    @Test
    void formulasAndCommandsStay() {
        assertThat(reason("so \\alpha is it", "so \\beta is it")).isEqualTo(RejectReason.LATEX_CHANGED);
        assertThat(reason("so $a  b$ is it", "so $a b$ is it")).isEqualTo(RejectReason.LATEX_CHANGED);
    }

    @Test
    void codeStays() {
        assertThat(reason("x\n```\na  b\n```\n y", "x\n```\na b\n```\n y")).isEqualTo(RejectReason.CODE_CHANGED);
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

    @ParameterizedTest
    @ValueSource(strings = {"1,", "1", "http://a ", "http://", "\\a", "$", "$a", "```\n", "~", " "})
    void hostileRunsCostNoMoreThanOtherText(String unit) {
        String text = unit.repeat(200_000);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> check(text, text + "x"));
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new AcceptConfig(1.1, 2, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("length-ratio-min = 1.1: must be 0 to 1");
        assertThatThrownBy(() -> new AcceptConfig(0.5, 0.9, 0)).hasMessage("length-ratio-max = 0.9: must be >= 1");
        assertThatThrownBy(() -> new RewriteConfig(List.of("web", "web"), 1, AcceptConfig.DEFAULTS))
                .hasMessage("domains = [web, web]: must name each domain once");
        assertThatThrownBy(() -> new RewriteConfig(List.of("web"), 1.5, AcceptConfig.DEFAULTS))
                .hasMessage("share = 1.5: must be 0 to 1");
    }
}
