package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.code.CodeConfig;
import io.peregrine.data.config.Key;
import io.peregrine.data.language.LanguageConfig;
import io.peregrine.data.math.MathConfig;
import io.peregrine.data.quality.QualityConfig;
import java.io.Serializable;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One set of rules: which families judge, in which order, and what is different from what they ship with. */
public record RuleSetConfig(
        @Key(doc = "families that judge, in this order: language, text, math, quality")
        List<FamilyName> families,

        @Key(doc = "settings of the family language") LanguageConfig language,

        @Key(doc = "profile of the family text: a name in conf/filters, or the path of a .yaml file")
        String profile,

        @Key(doc = "what the family text measures where the profile is about source code")
        CodeConfig code,

        @Key(doc = "settings of the family math") MathConfig math,

        @Key(doc = "settings of the family quality") QualityConfig quality,

        @Key(doc = "limits by reason, in place of those that the families ship with; in every language")
        Map<String, Double> limits,

        @Key(doc = "reasons for which no document is dropped; their values are measured all the same")
        List<String> switchedOff)
        implements Serializable {
    /** A set that has no family yet. */
    public static final RuleSetConfig DEFAULTS = new RuleSetConfig(
            List.of(),
            LanguageConfig.DEFAULTS,
            "gopher",
            CodeConfig.DEFAULTS,
            MathConfig.DEFAULTS,
            QualityConfig.DEFAULTS,
            Map.of(),
            List.of());

    public static final RuleSetConfig ENGLISH = DEFAULTS.judgedBy(FamilyName.LANGUAGE, FamilyName.TEXT)
            .withLanguage(LanguageConfig.ENGLISH)
            .withProfile("fineweb2");
    public static final RuleSetConfig MULTILINGUAL = DEFAULTS.judgedBy(FamilyName.LANGUAGE, FamilyName.TEXT)
            .withLanguage(LanguageConfig.FALCON_H1)
            .withProfile("fineweb2");
    public static final RuleSetConfig MATH =
            DEFAULTS.judgedBy(FamilyName.LANGUAGE, FamilyName.MATH).withLanguage(LanguageConfig.ENGLISH);
    public static final RuleSetConfig CODE = DEFAULTS.judgedBy(FamilyName.TEXT).withProfile("code-stack-v2");

    public RuleSetConfig {
        families = List.copyOf(families);
        if (new HashSet<>(families).size() < families.size()) {
            throw new ConfigException("families", families, "must name each family once");
        }
        limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        switchedOff = List.copyOf(switchedOff);
    }

    private RuleSetConfig judgedBy(FamilyName... judges) {
        return new RuleSetConfig(List.of(judges), language, profile, code, math, quality, limits, switchedOff);
    }

    private RuleSetConfig withLanguage(LanguageConfig other) {
        return new RuleSetConfig(families, other, profile, code, math, quality, limits, switchedOff);
    }

    private RuleSetConfig withProfile(String other) {
        return new RuleSetConfig(families, language, other, code, math, quality, limits, switchedOff);
    }
}
