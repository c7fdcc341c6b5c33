package io.peregrine.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import org.junit.jupiter.api.Test;

/** The first four values were computed with datatrove 0.10.0. */
class SimplifiedTextTest {
    @Test
    void numbersPunctuationSpacingAndAccentsGo() {
        assertThat(SimplifiedText.of("Caf\u00e9 \u21165, 1,234.56 \u2014 \u0661\u0662\u0663 \u201cOk\u201d!\tx"))
                .isEqualTo("cafe \u21160 0 0 0 ok x");
    }

    @Test
    void caseIsLoweredAsUnicodeSays() {
        assertThat(SimplifiedText.of("\u0130stanbul STRASSE \u00df \ufb01 \u00c5"))
                .isEqualTo("istanbul strasse \u00df \ufb01 a");
        assertThat(SimplifiedText.of("\u039f\u0394\u039f\u03a3 \u03a3")).isEqualTo("\u03bf\u03b4\u03bf\u03c2 \u03c3");
    }

    @Test
    void aNumberHasOneSeparator() {
        assertThat(SimplifiedText.of("3.14.15 1.2,3 10:30")).isEqualTo("0 0 0 0 0 0");
        assertThat(SimplifiedText.of("a1b")).isEqualTo("a0b");
        assertThat(SimplifiedText.of("\uff11")).isEqualTo("0");
    }

    @Test
    void punctuationBecomesSpace() {
        assertThat(SimplifiedText.of("don't_stop \u00abx\u00bb \u00bfqu\u00e9? \u3002\uff0c"))
                .isEqualTo("don t stop x \u00bfque");
        assertThat(SimplifiedText.of("a\u0007b\u0085c\u00a0d")).isEqualTo("a b c d");
    }

    @Test
    void nothingButWhatGoesIsEmpty() {
        assertThat(SimplifiedText.of("")).isEmpty();
        assertThat(SimplifiedText.of(" \t\n ... !")).isEmpty();
        assertThat(SimplifiedText.of("\u0301")).isEmpty();
    }

    @Test
    void simplifyingOnceIsEnoughForWhatHasNoMarksBetweenSpaces() {
        ForAll.forAll(300, gen -> {
            String once = SimplifiedText.of(gen.text().replaceAll("\\p{M}", ""));
            assertThat(SimplifiedText.of(once).replace(" ", "")).isEqualTo(once.replace(" ", ""));
        });
    }
}
