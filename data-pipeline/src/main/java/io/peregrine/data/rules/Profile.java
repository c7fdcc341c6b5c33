package io.peregrine.data.rules;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A published set of rules: whose definitions are meant, and the limits in the order in which they decide. */
public record Profile(
        @Key(doc = "name and version of the profile; the file's name without .yaml")
        String profile,

        @Key(doc = "whose definitions of word, line, duplicate and denominator are meant; the code that measures")
        String definitions,

        @Key(doc = "word splitter, where the definitions leave a choice")
        String words,

        @Key(doc = "stop words, where the definitions have such a rule")
        List<String> stopWords,

        @Key(doc = "the rules, first to decide first") List<Rule> rules,

        @Key(doc = "by BCP 47 language: what differs there") Map<String, LanguageRules> languages) {
    public static final Profile DEFAULTS = new Profile("unnamed", "none", "none", List.of(), List.of(), Map.of());

    /** What differs from the profile in one language. */
    public record LanguageRules(
            @Key(doc = "word splitter for the language") Optional<String> words,
            @Key(doc = "stop words of the language") Optional<List<String>> stopWords,

            @Key(doc = "limits by reason; the others are the profile's")
            Map<String, Double> limits) {
        public static final LanguageRules DEFAULTS = new LanguageRules(Optional.empty(), Optional.empty(), Map.of());

        public LanguageRules {
            stopWords = stopWords.map(List::copyOf);
            limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        }
    }

    public Profile {
        stopWords = List.copyOf(stopWords);
        rules = List.copyOf(rules);
        languages = Collections.unmodifiableMap(new TreeMap<>(languages));
        Set<String> reasons = new LinkedHashSet<>();
        for (Rule rule : rules) {
            if (!reasons.add(rule.reason())) {
                throw new ConfigException("rules", rule.reason(), "two rules have this reason; reasons must be unique");
            }
        }
        languages.forEach((language, own) ->
                own.limits().keySet().forEach(reason -> require(reasons, "languages." + language + ".limits", reason)));
    }

    /** Name of the word splitter for a language. */
    public String words(String language) {
        return Optional.ofNullable(languages.get(language))
                .flatMap(LanguageRules::words)
                .orElse(words);
    }

    /** The rules with the limits of a language. */
    public List<Rule> rules(String language) {
        LanguageRules own = languages.get(language);
        return own == null
                ? rules
                : rules.stream().map(rule -> limited(rule, own.limits())).toList();
    }

    /**
     * The same profile with other limits, in every language, and without some rules.
     *
     * @throws ConfigException if a reason is none of this profile
     */
    public Profile with(Map<String, Double> limits, List<String> switchedOff) {
        Set<String> reasons = new LinkedHashSet<>();
        rules.forEach(rule -> reasons.add(rule.reason()));
        limits.keySet().forEach(reason -> require(reasons, "limits", reason));
        switchedOff.forEach(reason -> require(reasons, "switched-off", reason));
        List<Rule> changed = new ArrayList<>();
        for (Rule rule : rules) {
            if (!switchedOff.contains(rule.reason())) {
                changed.add(limited(rule, limits));
            }
        }
        Map<String, LanguageRules> changedLanguages = new TreeMap<>();
        languages.forEach((language, own) -> {
            Map<String, Double> kept = new TreeMap<>(own.limits());
            kept.keySet().removeAll(limits.keySet());
            kept.keySet().removeAll(switchedOff);
            changedLanguages.put(language, new LanguageRules(own.words(), own.stopWords(), kept));
        });
        return new Profile(profile, definitions, words, stopWords, changed, changedLanguages);
    }

    private static Rule limited(Rule rule, Map<String, Double> limits) {
        Double limit = limits.get(rule.reason());
        return limit == null ? rule : rule.withLimit(limit);
    }

    private static void require(Set<String> reasons, String key, String reason) {
        if (!reasons.contains(reason)) {
            throw new ConfigException(key, reason, "must be one of the profile's reasons, " + reasons);
        }
    }
}
