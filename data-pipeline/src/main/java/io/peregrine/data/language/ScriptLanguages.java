package io.peregrine.data.language;

import com.ibm.icu.lang.UScript;
import io.peregrine.data.Document;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Languages that their script gives away: the only one, or by far the most written one, of its script.
 *
 * <p>Chinese and Japanese share ideographs; kana decide between them.
 */
final class ScriptLanguages {
    /**
     * Share of kana among kana and ideographs from which on a text is Japanese. Measured: Japanese documents have 0.30 and
     * more, Chinese ones at most 0.02, in quoted names.
     */
    static final double JAPANESE_KANA_MIN = 0.1;

    private static final SortedMap<Integer, String> LANGUAGES = new TreeMap<>(Map.ofEntries(
            Map.entry(UScript.ARMENIAN, "hy"),
            Map.entry(UScript.BENGALI, "bn"),
            Map.entry(UScript.CHEROKEE, "chr"),
            Map.entry(UScript.ETHIOPIC, "am"),
            Map.entry(UScript.GEORGIAN, "ka"),
            Map.entry(UScript.GREEK, "el"),
            Map.entry(UScript.GUJARATI, "gu"),
            Map.entry(UScript.GURMUKHI, "pa"),
            Map.entry(UScript.HANGUL, "ko"),
            Map.entry(UScript.HEBREW, "he"),
            Map.entry(UScript.KANNADA, "kn"),
            Map.entry(UScript.KHMER, "km"),
            Map.entry(UScript.LAO, "lo"),
            Map.entry(UScript.MALAYALAM, "ml"),
            Map.entry(UScript.MYANMAR, "my"),
            Map.entry(UScript.NKO, "nqo"),
            Map.entry(UScript.ORIYA, "or"),
            Map.entry(UScript.SINHALA, "si"),
            Map.entry(UScript.SYRIAC, "syr"),
            Map.entry(UScript.TAMIL, "ta"),
            Map.entry(UScript.TELUGU, "te"),
            Map.entry(UScript.THAANA, "dv"),
            Map.entry(UScript.THAI, "th"),
            Map.entry(UScript.TIBETAN, "bo"),
            Map.entry(UScript.YI, "ii")));

    private ScriptLanguages() {}

    /** Every language this class can answer with. */
    static List<String> languages() {
        return java.util.stream.Stream.concat(LANGUAGES.values().stream(), java.util.stream.Stream.of("ja", "zh"))
                .sorted()
                .toList();
    }

    /** The language of a text whose main script has no other; {@code und} where the script says nothing. */
    static String language(LetterCount letters, int script) {
        if (script != UScript.HAN) {
            return LANGUAGES.getOrDefault(script, Document.UNDETERMINED);
        }
        return kana(letters) >= JAPANESE_KANA_MIN ? "ja" : "zh";
    }

    /** 0..1: how much of the text is in the script, less what speaks for the other language of the script. */
    static double confidence(LetterCount letters, int script) {
        double share = letters.mainShare(script);
        if (script != UScript.HAN) {
            return share;
        }
        double kana = kana(letters);
        double doubt = kana >= JAPANESE_KANA_MIN
                ? Math.max(0, 2 - kana / JAPANESE_KANA_MIN) / 2
                : kana / JAPANESE_KANA_MIN / 2;
        return share * (1 - doubt);
    }

    private static double kana(LetterCount letters) {
        double kana = letters.of(UScript.HIRAGANA) + letters.of(UScript.KATAKANA);
        double all = kana + letters.of(UScript.HAN) + letters.of(UScript.BOPOMOFO);
        return all == 0 ? 0 : kana / all;
    }
}
