package io.peregrine.data.language;

import com.ibm.icu.lang.UScript;
import com.ibm.icu.util.ULocale;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From the codes of models and corpora (ISO 639-1 or -3, with or without a script or region) to ours (BCP 47), and the
 * scripts of a language.
 */
public final class LanguageCodes {
    /** Members of a macrolanguage that a model tells apart from it, or names instead of it. */
    private static final Map<String, String> MACROLANGUAGES = Map.ofEntries(
            Map.entry("cmn", "zh"),
            Map.entry("pes", "fa"),
            Map.entry("lvs", "lv"),
            Map.entry("ekk", "et"),
            Map.entry("plt", "mg"),
            Map.entry("arb", "ar"),
            Map.entry("fil", "tl"),
            Map.entry("tgl", "tl"),
            Map.entry("zsm", "ms"),
            Map.entry("npi", "ne"),
            Map.entry("swh", "sw"),
            Map.entry("als", "sq"),
            Map.entry("khk", "mn"),
            Map.entry("azj", "az"),
            Map.entry("uzn", "uz"),
            Map.entry("ory", "or"),
            Map.entry("pbt", "ps"),
            Map.entry("ydd", "yi"),
            Map.entry("no", "nb"),
            Map.entry("nor", "nb"));

    private static final Map<String, int[]> SCRIPTS = new ConcurrentHashMap<>();

    private LanguageCodes() {}

    /** The shortest code of a language: two letters where ISO 639-1 has them, nothing of a script behind it. */
    public static String bcp47(String code) {
        String language = code.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        String macro = MACROLANGUAGES.get(language);
        return macro != null ? macro : new ULocale(language).getLanguage();
    }

    /** ICU's numbers of the scripts that a language is written in; empty if ICU does not know. Not to be changed. */
    static int[] scripts(String bcp47) {
        return SCRIPTS.computeIfAbsent(bcp47, language -> {
            int[] scripts = UScript.getCode(new ULocale(language));
            return scripts == null ? new int[0] : scripts;
        });
    }
}
