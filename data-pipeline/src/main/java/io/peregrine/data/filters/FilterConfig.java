package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Settings of the filter stages: the sets of rules, and which domain is judged by which. */
public record FilterConfig(
        @Key(doc = "the set english: text in one language, every rule")
        RuleSetConfig english,

        @Key(doc = "the set multilingual: limits and stop words by language")
        RuleSetConfig multilingual,

        @Key(doc = "the set math: text with formulas") RuleSetConfig math,

        @Key(doc = "the set code: rules about files, no identification of human languages")
        RuleSetConfig code,

        @Key(doc = "further sets by name; each starts from an empty one")
        Map<String, RuleSetConfig> others,

        @Key(doc = "domain to set of rules: one of the sets, or none; replaces the default table as a whole")
        Map<String, String> domains,

        @Key(doc = "source to set of rules, where a source is not like its domain: code among mathematics, for example")
        Map<String, String> sources)
        implements Serializable {
    public static final FilterConfig DEFAULTS = new FilterConfig(
            RuleSetConfig.ENGLISH,
            RuleSetConfig.MULTILINGUAL,
            RuleSetConfig.MATH,
            RuleSetConfig.CODE,
            Map.of(),
            Map.of(
                    "web", "english",
                    "curated", "english",
                    "math", "math",
                    "multilingual", "multilingual",
                    "code", "code"),
            Map.of());

    public FilterConfig {
        others = Collections.unmodifiableMap(new TreeMap<>(others));
        domains = Collections.unmodifiableMap(new TreeMap<>(domains));
        sources = Collections.unmodifiableMap(new TreeMap<>(sources));
        TreeMap<String, RuleSetConfig> all = sets(english, multilingual, math, code, others);
        for (String name : others.keySet()) {
            if (!name.matches("[a-z][a-z0-9-]*") || name.equals(RuleSets.NONE)) {
                throw new ConfigException(
                        "others", name, "must be lower-case letters, digits and dashes, and not none");
            }
        }
        domains.forEach((domain, set) -> require(all, "domains." + domain, set));
        sources.forEach((source, set) -> require(all, "sources." + source, set));
        all.forEach((name, set) -> set.byLanguage().forEach((language, other) -> {
            String key = name + ".by-language." + language;
            require(all, key, other);
            if (all.containsKey(other) && !all.get(other).byLanguage().isEmpty()) {
                throw new ConfigException(
                        key, other, "must be a set that judges what it is given, without by-language");
            }
        }));
    }

    /** Every set by its name. */
    public Map<String, RuleSetConfig> sets() {
        return Collections.unmodifiableMap(sets(english, multilingual, math, code, others));
    }

    private static TreeMap<String, RuleSetConfig> sets(
            RuleSetConfig english,
            RuleSetConfig multilingual,
            RuleSetConfig math,
            RuleSetConfig code,
            Map<String, RuleSetConfig> others) {
        TreeMap<String, RuleSetConfig> sets = new TreeMap<>(others);
        sets.put("english", english);
        sets.put("multilingual", multilingual);
        sets.put("math", math);
        sets.put("code", code);
        return sets;
    }

    private static void require(Map<String, RuleSetConfig> sets, String key, String set) {
        if (!sets.containsKey(set) && !set.equals(RuleSets.NONE)) {
            throw new ConfigException(key, set, "must be none or one of the sets " + sets.keySet());
        }
    }
}
