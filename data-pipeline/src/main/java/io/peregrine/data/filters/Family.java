package io.peregrine.data.filters;

import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Rule;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One family of a rule set: what measures it, and what its rules are.
 *
 * @param name of the family, for reports: url, language, text, ...
 * @param published the family's rules as they ship; which of them there are may decide what has to be measured
 * @param deciding the same rules with the limits of the run, and without those that are switched off
 * @param settingsDigest identity of all else that decides a value: settings and the contents of list files
 * @param factory makes an annotator; one for each thread
 */
record Family(String name, Profile published, Profile deciding, String settingsDigest, Supplier<Annotator> factory) {
    /** A family that measures in one way and has a fixed list of rules. */
    static Family of(String name, List<Rule> rules, String settingsDigest, Supplier<Annotator> factory) {
        Profile profile = new Profile(name, name, "", List.of(), rules, Map.of());
        return new Family(name, profile, profile, settingsDigest, factory);
    }

    /** A family whose rules are a profile. */
    static Family of(String name, Profile profile, Supplier<Annotator> factory) {
        return new Family(name, profile, profile, "", factory);
    }

    /** The same family with other limits; keys that are not reasons of this family are left to the others. */
    Family with(Map<String, Double> limits, List<String> switchedOff) {
        List<String> own = published.rules().stream().map(Rule::reason).toList();
        Map<String, Double> ownLimits = new java.util.TreeMap<>(limits);
        ownLimits.keySet().retainAll(own);
        List<String> ownOff = switchedOff.stream().filter(own::contains).toList();
        return new Family(name, published, published.with(ownLimits, ownOff), settingsDigest, factory);
    }

    /** Identity of what is measured; limits have no part in it. */
    void addMeasuring(PayloadDigest digest) {
        digest.add(name).add(settingsDigest).add(published.definitions()).add(published.words());
        digest.add(ConfigDigest.canonical(published.stopWords()));
        published.rules().forEach(rule -> digest.add(rule.reason()).add(rule.signal()));
        published
                .languages()
                .forEach((language, own) -> digest.add(language)
                        .add(own.words().orElse(""))
                        .add(ConfigDigest.canonical(own.stopWords().orElse(List.of()))));
    }
}
