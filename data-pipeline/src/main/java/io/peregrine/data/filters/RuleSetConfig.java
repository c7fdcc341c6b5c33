package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.code.CodeConfig;
import io.peregrine.data.code.licence.LicenceConfig;
import io.peregrine.data.config.Key;
import io.peregrine.data.language.LanguageConfig;
import io.peregrine.data.math.MathConfig;
import io.peregrine.data.pii.PiiConfig;
import io.peregrine.data.quality.QualityConfig;
import io.peregrine.data.toxicity.ToxicityConfig;
import io.peregrine.data.url.UrlConfig;
import java.io.Serializable;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One set of rules: which families judge, in which order, and what is different from what they ship with. */
public record RuleSetConfig(
        @Key(doc = "families that judge, in this order: url, language, text, math, quality, licence, toxicity, pii")
        List<FamilyName> families,

        @Key(doc = "settings of the family url") UrlConfig url,

        @Key(doc = "settings of the family language") LanguageConfig language,

        @Key(doc = "profile of the family text: a name in conf/filters, or the path of a .yaml file")
        String profile,

        @Key(doc = "what the family text measures where the profile is about source code")
        CodeConfig code,

        @Key(doc = "settings of the family math") MathConfig math,

        @Key(doc = "settings of the family quality") QualityConfig quality,

        @Key(doc = "settings of the family licence") LicenceConfig licence,
        @Key(doc = "settings of the family toxicity") ToxicityConfig toxicity,
        @Key(doc = "settings of the family pii") PiiConfig pii,

        @Key(doc = "limits by reason, in place of those that the families ship with; in every language")
        Map<String, Double> limits,

        @Key(doc = "reasons for which no document is dropped; their values are measured all the same")
        List<String> switchedOff,

        @Key(doc = "BCP 47 language to another set: documents whose text is found to be in it are judged by that set")
        Map<String, String> byLanguage)
        implements Serializable {
    /** A set that has no family yet. */
    public static final RuleSetConfig DEFAULTS = new RuleSetConfig(
            List.of(),
            UrlConfig.DEFAULTS,
            LanguageConfig.DEFAULTS,
            "gopher",
            CodeConfig.DEFAULTS,
            MathConfig.DEFAULTS,
            QualityConfig.DEFAULTS,
            LicenceConfig.DEFAULTS,
            ToxicityConfig.DEFAULTS,
            PiiConfig.DEFAULTS,
            Map.of(),
            List.of(),
            Map.of());

    /** FineWeb's recipe (arXiv:2406.17557, section 3): addresses, language, heuristics, personal data. */
    public static final RuleSetConfig ENGLISH = DEFAULTS.judgedBy(
            LanguageConfig.ENGLISH,
            "datatrove-fineweb-0.10",
            FamilyName.URL,
            FamilyName.LANGUAGE,
            FamilyName.TEXT,
            FamilyName.PII);

    /** FineWeb-2's (arXiv:2506.20920), for the eighteen languages of Falcon-H1. */
    public static final RuleSetConfig MULTILINGUAL = DEFAULTS.judgedBy(
            LanguageConfig.FALCON_H1, "fineweb2", FamilyName.URL, FamilyName.LANGUAGE, FamilyName.TEXT, FamilyName.PII);

    /** OpenWebMath's order (arXiv:2310.06786, section 3.2), with Gopher's rules for what is hardly text. */
    public static final RuleSetConfig MATH = DEFAULTS.judgedBy(
            LanguageConfig.ENGLISH, "gopher", FamilyName.URL, FamilyName.LANGUAGE, FamilyName.MATH, FamilyName.PII);

    /** The Stack v2's (arXiv:2402.19173, section 4.1). */
    public static final RuleSetConfig CODE = DEFAULTS.judgedBy(
            LanguageConfig.DEFAULTS, "code-stack-v2", FamilyName.TEXT, FamilyName.LICENCE, FamilyName.PII);

    public RuleSetConfig {
        families = List.copyOf(families);
        if (new HashSet<>(families).size() < families.size()) {
            throw new ConfigException("families", families, "must name each family once");
        }
        limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        switchedOff = List.copyOf(switchedOff);
        byLanguage = Collections.unmodifiableMap(new TreeMap<>(byLanguage));
    }

    private RuleSetConfig judgedBy(LanguageConfig languages, String textProfile, FamilyName... judges) {
        return new RuleSetConfig(
                List.of(judges),
                url,
                languages,
                textProfile,
                code,
                math,
                quality,
                licence,
                toxicity,
                pii,
                limits,
                switchedOff,
                byLanguage);
    }
}
