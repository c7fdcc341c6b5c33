package io.peregrine.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.util.ULocale;
import io.peregrine.data.testing.ForAll;
import org.junit.jupiter.api.Test;

class UnicodeTextTest {
    /** Marks of several classes, some that come apart into two, and letters that end in one. */
    private static final int[] STACK = {
        0x301, 0x323, 0x345, 0x315, 0x5b0, 0x64b, 0x3099, 0x344, 0xf73, 0x1d165, 0x1d16e, 'a', 0xe9, 0x1ee9, 0xac01
    };

    @Test
    void decompositionIsThatOfUnicodeHoweverManyMarksThereAre() {
        Normalizer2 nfd = Normalizer2.getNFDInstance();
        ForAll.forAll(100, gen -> {
            StringBuilder text = new StringBuilder(gen.text());
            int letters = gen.between(0, 3);
            for (int i = gen.between(0, 20 * gen.size()); i > 0; i--) {
                boolean mark = gen.between(0, 99) >= letters;
                text.appendCodePoint(STACK[mark ? gen.between(0, 10) : gen.between(11, STACK.length - 1)]);
            }
            assertThat(UnicodeText.decomposed(text)).isEqualTo(nfd.normalize(text));
        });
    }

    @Test
    void lowerCaseIsUnicodes() {
        assertThat(UnicodeText.lower("\u039F\u0394\u039F\u03A3 \u03A3\u0391\u03A3 \u0130X"))
                .isEqualTo("\u03BF\u03B4\u03BF\u03C2 \u03C3\u03B1\u03C2 i\u0307x");
        assertThat(UnicodeText.lower("ABC \uD800")).isEqualTo("abc \uD800");
        ForAll.forAll(100, gen -> {
            String text = gen.text();
            assertThat(UnicodeText.lower(text)).isEqualTo(UCharacter.toLowerCase(ULocale.ROOT, text));
        });
    }
}
