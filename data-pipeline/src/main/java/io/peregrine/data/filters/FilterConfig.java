package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.data.text.Words;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Settings of the filter stage: three sets of rules, and which domain is judged by which. */
public record FilterConfig(
        @Key(doc = "definition of a word; unicode-words-1 is the only one so far")
        String words,

        @Key(unit = "UTF-16 units", doc = "how much of a document language identification looks at")
        int languageSampleCharacters,

        @Key(doc = "the set english: one language, every rule")
        ProseConfig english,

        @Key(doc = "the set multilingual: rules that fit every language")
        ProseConfig multilingual,

        @Key(doc = "the set code: rules about lines, no language identification")
        CodeConfig code,

        @Key(doc = "domain to set of rules: english, multilingual, code or none; replaces the default table as a whole")
        Map<String, RuleSet> domains,

        @Key(doc = "source to set of rules, where a source is not like its domain: code among mathematics, for example")
        Map<String, RuleSet> sources)
        implements Serializable {
    /** What judges a domain. */
    public enum RuleSet {
        ENGLISH,
        MULTILINGUAL,
        CODE,
        /** Everything is kept as it is. */
        NONE
    }

    public static final FilterConfig DEFAULTS = new FilterConfig(
            Words.PROFILE,
            1000,
            ProseConfig.ENGLISH,
            ProseConfig.MULTILINGUAL,
            CodeConfig.DEFAULTS,
            Map.of(
                    "web",
                    RuleSet.ENGLISH,
                    "math",
                    RuleSet.ENGLISH,
                    "curated",
                    RuleSet.ENGLISH,
                    "multilingual",
                    RuleSet.MULTILINGUAL,
                    "code",
                    RuleSet.CODE),
            Map.of());

    public FilterConfig {
        if (!words.equals(Words.PROFILE)) {
            throw new ConfigException("words", words, "must be " + Words.PROFILE);
        }
        if (languageSampleCharacters < 100) {
            throw new ConfigException("language-sample-characters", languageSampleCharacters, "must be >= 100");
        }
        domains = Collections.unmodifiableMap(new TreeMap<>(domains));
        sources = Collections.unmodifiableMap(new TreeMap<>(sources));
    }

    /**
     * The set of rules that judges the documents of a source: its own, or else that of the domain.
     *
     * @throws ConfigException if the settings do not say
     */
    public RuleSet rules(String source, String domain) {
        RuleSet rules = sources.getOrDefault(source, domains.get(domain));
        if (rules == null) {
            throw new ConfigException(
                    "domains",
                    domains.keySet(),
                    "has no rules for domain '%s'; add '%s: english', multilingual, code or none"
                            .formatted(domain, domain));
        }
        return rules;
    }
}
