package io.peregrine.data.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.ibm.icu.lang.UScript;
import io.peregrine.data.testing.ForAll;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;
import opennlp.tools.util.normalizer.AggregateCharSequenceNormalizer;
import opennlp.tools.util.normalizer.CharSequenceNormalizer;
import opennlp.tools.util.normalizer.EmojiCharSequenceNormalizer;
import opennlp.tools.util.normalizer.NumberCharSequenceNormalizer;
import opennlp.tools.util.normalizer.ShrinkCharSequenceNormalizer;
import opennlp.tools.util.normalizer.TwitterCharSequenceNormalizer;
import opennlp.tools.util.normalizer.UrlCharSequenceNormalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenNlpLanguageIdentifierTest {
    private static final CharSequenceNormalizer ORIGINAL = new AggregateCharSequenceNormalizer(
            EmojiCharSequenceNormalizer.getInstance(),
            UrlCharSequenceNormalizer.getInstance(),
            TwitterCharSequenceNormalizer.getInstance(),
            NumberCharSequenceNormalizer.getInstance(),
            ShrinkCharSequenceNormalizer.getInstance());

    private final OpenNlpLanguageIdentifier identifier = new OpenNlpLanguageIdentifier(1000);

    @Test
    void theEighteenLanguagesAreFoundInOneSentence() {
        Sentences.ALL.forEach((language, sentence) -> {
            Identification found = identifier.identify(sentence);
            assertThat(found.language()).as(sentence).isEqualTo(language);
            assertThat(found.confidence()).as(sentence).isGreaterThan(0.5);
            assertThat(found.ownScriptRatio()).as(sentence).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "da | Han har ikke noget imod, at de bliver her efter middagen, og det er meget venligt af ham.",
                "nb | Han har ikke noe imot at de blir her etter middagen, og det er mye vennlig av ham.",
                "nn | Han har ikkje noko imot at dei vert her etter middagen, og det er venleg av han fr\u00e5 i g\u00e5r.",
                "sk | Kniha, ktor\u00fa som ti dal, nie je moja, preto\u017ee bola pre m\u00f4jho brata, ktor\u00fd ju h\u013ead\u00e1.",
                "cs | Kniha, kterou jsem ti dal, nen\u00ed moje, proto\u017ee byla pro m\u00e9ho bratra, kter\u00fd ji hled\u00e1.",
                "hr | Nitko ne mo\u017ee tijekom ispita oti\u0107i prije nego \u0161to svatko preda svoj rad; takvi su uvjeti.",
                "bs | Niko ne mo\u017ee tokom ispita oti\u0107i prije nego svako preda svoj rad; takvi su uslovi. Ko, \u0161ta?",
                "gl | Non sei cando vir\u00e1 a mi\u00f1a irm\u00e1, pero unha persoa moi boa ten dereito a sa\u00edr coa s\u00faa familia.",
                "id | Dia tidak bisa datang karena hujan, dan pemerintah memiliki hukum yang berlaku saat ini.",
                "ms | Dia tidak boleh datang kerana hujan, dan kerajaan mempunyai undang yang berkuat kuasa ini.",
                "af | Hierdie man het nie geweet wat om te s\u00ea nie, want sy vrou het vir elke kind 'n boek gegee.",
                "uk | \u0412\u0456\u043d \u043d\u0435 \u0437\u043d\u0430\u0454, \u0449\u043e \u0446\u0435 \u0442\u0430\u043a\u0435, \u0430\u043b\u0435 \u0439\u043e\u0433\u043e \u0434\u0440\u0443\u0433 \u043f\u0440\u0438\u0439\u0448\u043e\u0432 \u0434\u043e \u043d\u0430\u0441 \u0456 \u043f\u0440\u0438\u043d\u0456\u0441 \u043a\u043d\u0438\u0433\u0443 \u0434\u043b\u044f \u0434\u0456\u0442\u0435\u0439.",
                "bg | \u0422\u043e\u0432\u0430 \u0435 \u043a\u043d\u0438\u0433\u0430, \u043a\u043e\u044f\u0442\u043e \u0441\u0435 \u0447\u0435\u0442\u0435 \u043e\u0442 \u0432\u0441\u0435\u043a\u0438, \u043a\u043e\u0439\u0442\u043e \u0438\u043c\u0430 \u0432\u0440\u0435\u043c\u0435 \u0434\u0430 \u043c\u0438\u0441\u043b\u0438 \u0437\u0430 \u043d\u0435\u0449\u0430\u0442\u0430.",
                "fa | \u0627\u06cc\u0646 \u06a9\u062a\u0627\u0628 \u0631\u0627 \u06a9\u0647 \u0627\u0632 \u062f\u0648\u0633\u062a\u0645 \u06af\u0631\u0641\u062a\u0645 \u0628\u0631\u0627\u06cc \u0634\u0645\u0627 \u0627\u0633\u062a \u0648 \u0647\u0631 \u0631\u0648\u0632 \u0622\u0646 \u0631\u0627 \u0645\u06cc \u062e\u0648\u0627\u0646\u0645.",
                "mr | \u0939\u0947 \u092a\u0941\u0938\u094d\u0924\u0915 \u092e\u093e\u091d\u0947 \u0906\u0939\u0947 \u0906\u0923\u093f \u0924\u0947 \u092a\u0941\u0938\u094d\u0924\u0915 \u0924\u094d\u092f\u093e\u091a\u0947 \u0928\u093e\u0939\u0940, \u092f\u093e \u0918\u0930\u093e\u0924 \u092e\u0941\u0932\u0947 \u0906\u0939\u0947\u0924.",
                "ne | \u092f\u094b \u0915\u093f\u0924\u093e\u092c \u092e\u0947\u0930\u094b \u0939\u094b \u0930 \u0924\u094d\u092f\u094b \u092a\u0928\u093f \u092e\u0947\u0930\u094b \u0939\u094b, \u0915\u0947\u091f\u093e\u0915\u0947\u091f\u0940\u0939\u0930\u0942 \u0918\u0930\u092e\u093e \u091b\u0928\u094d, \u0939\u0941\u0928\u0947\u091b \u0935\u093e \u0939\u0941\u0928\u0947 \u091b\u0948\u0928\u0964",
            })
    void closeLanguagesAreToldApart(String language, String text) {
        assertThat(identifier.identify(text).language()).isEqualTo(language);
    }

    @ParameterizedTest
    @CsvSource({
        "el, \u0391\u03c5\u03c4\u03cc \u03b5\u03af\u03bd\u03b1\u03b9 \u03ad\u03bd\u03b1 \u03b2\u03b9\u03b2\u03bb\u03af\u03bf",
        "hy, \u054d\u0561 \u0563\u056b\u0580\u0584 \u0567",
        "ka, \u10d4\u10e1 \u10d0\u10e0\u10d8\u10e1 \u10ec\u10d8\u10d2\u10dc\u10d8",
        "he, \u05d6\u05d4 \u05e1\u05e4\u05e8 \u05d8\u05d5\u05d1",
        "th, \u0e19\u0e35\u0e48\u0e04\u0e37\u0e2d\u0e2b\u0e19\u0e31\u0e07\u0e2a\u0e37\u0e2d",
        "lo, \u0e99\u0eb5\u0ec9\u0ec1\u0ea1\u0ec8\u0e99\u0e9b\u0eb6\u0ec9\u0ea1",
        "km, \u1793\u17c1\u17c7\u1787\u17b6\u179f\u17c0\u179c\u1797\u17c5",
        "my, \u1012\u102b\u1000\u1005\u102c\u1021\u102f\u1015\u103a\u1015\u102b",
        "am, \u12ed\u1205 \u1218\u133d\u1210\u134d \u1290\u12cd",
        "si, \u0db8\u0dd9\u0dba \u0db4\u0ddc\u0dad\u0d9a\u0dd2",
        "ta, \u0b87\u0ba4\u0bc1 \u0b92\u0bb0\u0bc1 \u0baa\u0bc1\u0ba4\u0bcd\u0ba4\u0b95\u0bae\u0bcd",
        "bn, \u098f\u099f\u09bf \u098f\u0995\u099f\u09bf \u09ac\u0987",
        "dv, \u0789\u07a8\u0787\u07a9 \u078a\u07ae\u078c\u07ac\u0786\u07ac\u0788\u07ac",
        "ja, \u6771\u4eac\u30bf\u30ef\u30fc\u306f\u9ad8\u3044",
        "zh, \u6771\u4eac\u5854\u5f88\u9ad8",
    })
    void aScriptOfOneLanguageDecides(String language, String text) {
        Identification found = identifier.identify(text);
        assertThat(found.language()).isEqualTo(language);
        assertThat(found.confidence()).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void namesInLatinLettersDoNotTakeAPageAway() {
        assertThat(identifier
                        .identify(
                                "\u30b5\u30fc\u30d0\u30fc\u306f docker compose up \u3067\u8d77\u52d5\u3057\u307e\u3059")
                        .language())
                .isEqualTo("ja");
        assertThat(identifier
                        .identify(
                                "\u041a\u043e\u043c\u0430\u043d\u0434\u0430 git commit \u0441\u043e\u0445\u0440\u0430\u043d\u044f\u0435\u0442 \u0438\u0437\u043c\u0435\u043d\u0435\u043d\u0438\u044f")
                        .language())
                .isEqualTo("ru");
        assertThat(identifier
                        .identify("The word \u30b5\u30fc\u30d0\u30fc means server in that language")
                        .language())
                .isEqualTo("en");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "12345 67890", "... !?", "\uD800", "\uDC00\uDC00"})
    void whatHasNoLettersHasNoLanguage(String text) {
        assertThat(identifier.identify(text)).isEqualTo(Identification.UNDETERMINED);
    }

    @Test
    void theModelsLanguageIsLessSureOfARelativeThatItDoesNotKnow() {
        String scots = "Aw human sowels is born free and equal in dignity and richts. They are tholed wi mense and "
                + "conscience and shuld guide theirsels ane til ither in a speirit o britherheid.";
        String english = "All human beings come into the world free and alike in dignity and in rights. They have "
                + "been given reason and conscience and should meet one another in the spirit of brothers.";
        assertThat(identifier.identify(scots).confidence())
                .isLessThan(identifier.identify(english).confidence());
    }

    @Test
    void normalFormsAreThoseOfTheOriginal() {
        List<String> pieces = List.of(
                "http://a.b/c?d=e#f ",
                "https://",
                "https://x",
                "me@host.org",
                "a+b_c@d.e_f@g.hi",
                "@x",
                "@you there",
                "#tag!",
                "rt ",
                "RT:rt ",
                "Start rt x",
                ":)",
                ";P",
                "explain",
                "x(",
                "hahaha",
                "hhaahahaa",
                "jejeje",
                "hAHa",
                "hehaha",
                "a-b",
                "  \n ",
                "\t",
                "\n",
                "123",
                "aaaa",
                "AaAaa",
                "\n\n\n",
                "....",
                "\u00e9",
                "\u00c0\u00c0\u00c0",
                "Stra\u00dfe",
                "\uff08\u5168\u89d2\uff09",
                "\ufb00",
                "\ud83e\udd85\ud83e\udd85",
                "\u0130I",
                "\uD800",
                "\u0085\u0085\u0085",
                " ",
                "\u00a0\u00a0",
                "1 2",
                "h",
                "a",
                ".",
                "@");
        ForAll.forAll(3000, gen -> {
            StringBuilder text = new StringBuilder(gen.size() % 3 == 0 ? gen.text() : "");
            for (int i = gen.between(0, 8); i > 0; i--) {
                text.append(pieces.get(gen.between(0, pieces.size() - 1)));
            }
            StringBuilder expected = new StringBuilder(ORIGINAL.normalize(text));
            for (int i = 0; i < expected.length(); i++) {
                expected.setCharAt(i, Character.toLowerCase(expected.charAt(i)));
            }
            char[] units = text.toString().toCharArray();
            int length = new OpenNlpNormalizer().normalize(units, units.length);
            assertThat(new String(units, 0, length)).as("of <%s>", text).isEqualTo(expected.toString());
        });
    }

    /** Our scores are unnormalised logarithms: their differences are those of the original's logarithms. */
    @Test
    void scoresAreThoseOfTheOriginalDetectorWithinAScript() throws IOException {
        LanguageDetectorME original = original();
        NgramModel model = NgramModel.load(MarkerWords.load());
        Map<String, Integer> scripts = Map.of(
                "fr",
                UScript.LATIN,
                "pl",
                UScript.LATIN,
                "ru",
                UScript.CYRILLIC,
                "ur",
                UScript.ARABIC,
                "hi",
                UScript.DEVANAGARI);
        scripts.forEach((language, script) -> {
            NgramTable table = model.table(script).orElseThrow();
            String text = Sentences.ALL.get(language);
            Map<String, Double> theirs = new HashMap<>();
            for (Language found : original.predictLanguages(text)) {
                theirs.merge(LanguageCodes.bcp47(found.getLang()), Math.log(found.getConfidence()), Math::max);
            }
            char[] units = text.toCharArray();
            int length = new OpenNlpNormalizer().normalize(units, units.length);
            float[] scores = identifier.scores(table, new String(units, 0, length));
            Map<String, Double> ours = new HashMap<>();
            for (int i = 0; i < scores.length; i++) {
                ours.merge(table.languages().get(i), (double) scores[i], Math::max);
            }
            double offset = theirs.get(language) - ours.get(language);
            ours.forEach((other, score) ->
                    assertThat(score + offset).as(language + " " + other).isCloseTo(theirs.get(other), within(1e-5)));
        });
    }

    private static LanguageDetectorME original() throws IOException {
        try (InputStream model = OpenNlpLanguageIdentifier.class.getResourceAsStream("/langdetect-183.bin")) {
            return new LanguageDetectorME(new LanguageDetectorModel(model));
        }
    }

    @Test
    void theLastAnswerDoesNotColourTheNext() {
        Identification before = identifier.identify(Sentences.ALL.get("en"));
        Sentences.ALL.values().forEach(identifier::identify);
        assertThat(identifier.identify(Sentences.ALL.get("en"))).isEqualTo(before);
        assertThat(new OpenNlpLanguageIdentifier(1000).identify(Sentences.ALL.get("en")))
                .isEqualTo(before);
    }

    @Test
    void atLeastAHundredLanguagesHaveShortCodes() {
        assertThat(OpenNlpLanguageIdentifier.languages())
                .hasSizeGreaterThan(100)
                .contains("zh", "fa", "lv", "et", "en", "ar", "tl", "nds", "ceb", "am", "km")
                .doesNotContain("cmn", "eng", "pes", "lvs", "ekk", "tgl", "und")
                .containsAll(Sentences.ALL.keySet())
                .isSorted();
    }

    @Test
    void lettersOfAnotherScriptAreCounted() {
        String mixed = Sentences.ALL.get("ru") + " "
                + Sentences.ALL.get("ru").replaceAll("\\P{L}", "").replaceAll(".", "x");
        assertThat(identifier.identify(mixed).ownScriptRatio()).isBetween(0.45, 0.55);
    }

    @Test
    void baitOfTenMillionUnitsIsReadInLinearTime() {
        OpenNlpLanguageIdentifier whole = new OpenNlpLanguageIdentifier(10_000_000);
        for (String bait :
                List.of("h", "ha", "@", "a@", "rt ", "#", "http://", ":", "x", "\uD83E\uDD85", "-a", "\uD800")) {
            String text = bait.repeat(10_000_000 / bait.length());
            assertThat(whole.identify(text).confidence()).as(bait).isBetween(0.0, 1.0);
        }
    }

    @Test
    void aSampleIsBoundedAndCutsNoPair() {
        String eagles = "\uD83E\uDD85".repeat(5000);
        for (int limit = 8; limit < 200; limit++) {
            String sample = TextSample.of(eagles, limit);
            assertThat(sample.length()).isLessThanOrEqualTo(limit + 4);
            assertThat(sample.replace(" ", "").codePoints()).allMatch(c -> c == 0x1F985);
        }
        assertThat(TextSample.of("short", 8)).isEqualTo("short");
        assertThat(TextSample.of("a".repeat(50) + "z", 16)).startsWith("aaa").endsWith("z ");
    }
}
