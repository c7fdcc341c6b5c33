package io.peregrine.data.language;

import com.ibm.icu.lang.UScript;
import com.ibm.icu.util.ULocale;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** From the codes of the model (ISO 639-3) to ours (BCP 47), and the scripts a language is written in. */
final class LanguageCodes {
    /** Members of a macrolanguage that the model tells apart from it, or names instead of it. */
    private static final Map<String, String> MACROLANGUAGES = Map.of(
            "cmn", "zh",
            "pes", "fa",
            "lvs", "lv",
            "ekk", "et",
            "plt", "mg",
            "arb", "ar");

    private LanguageCodes() {}

    /** The shortest code of a language: two letters where ISO 639-1 has them. */
    static String bcp47(String iso639p3) {
        String macro = MACROLANGUAGES.get(iso639p3);
        return macro != null ? macro : new ULocale(iso639p3).getLanguage();
    }

    /** ICU's numbers of the scripts that a language is written in; empty if ICU does not know. */
    static Set<Integer> scripts(String bcp47) {
        int[] scripts = UScript.getCode(new ULocale(bcp47));
        return scripts == null ? Set.of() : Arrays.stream(scripts).boxed().collect(Collectors.toUnmodifiableSet());
    }
}
