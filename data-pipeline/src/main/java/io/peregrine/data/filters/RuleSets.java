package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.rules.Signal;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All rule sets of a run, and which of them judges a document. */
public final class RuleSets implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The set without rules: it keeps everything as it is. */
    public static final String NONE = "none";

    private final TreeMap<String, RuleSet> sets;
    private final TreeMap<String, String> domains;
    private final TreeMap<String, String> sources;

    private RuleSets(TreeMap<String, RuleSet> sets, Map<String, String> domains, Map<String, String> sources) {
        this.sets = sets;
        this.domains = new TreeMap<>(domains);
        this.sources = new TreeMap<>(sources);
    }

    /**
     * The sets that the settings describe. Profiles and list files are read.
     *
     * @throws ConfigException if a set has no such profile, reason or limit
     */
    public static RuleSets of(FilterConfig config) {
        TreeMap<String, RuleSet> sets = new TreeMap<>();
        config.sets().forEach((name, set) -> sets.put(name, Families.ruleSet(name, set)));
        sets.put(NONE, new RuleSet(NONE, List.of()));
        return new RuleSets(sets, config.domains(), config.sources());
    }

    /** The sets in order of their names. */
    public List<RuleSet> all() {
        return List.copyOf(sets.values());
    }

    /**
     * The set that judges the documents of a source: the source's own, or else that of the domain.
     *
     * @throws ConfigException if the settings do not say
     */
    public RuleSet of(String source, String domain) {
        String name = sources.getOrDefault(source, domains.get(domain));
        if (name == null) {
            throw new ConfigException(
                    "filter.domains",
                    domains.keySet(),
                    "has no rules for domain '%s'; add '%s: SET' with one of the sets %s"
                            .formatted(domain, domain, sets.keySet()));
        }
        return sets.get(name);
    }

    /** Every signal of every set, each once, in the order of the sets. */
    public List<Signal> signals() {
        Map<String, Signal> signals = new LinkedHashMap<>();
        for (RuleSet set : sets.values()) {
            for (Signal signal : set.annotator().signals()) {
                Signal other = signals.putIfAbsent(signal.name(), signal);
                if (other != null && !other.unit().equals(signal.unit())) {
                    throw new IllegalStateException(
                            "two families measure %s in different units".formatted(signal.name()));
                }
            }
        }
        return new ArrayList<>(signals.values());
    }

    /** Identity of the profiles that decide: a profile file may change without the settings that name it. */
    public String decidingDigest() {
        PayloadDigest digest = new PayloadDigest();
        sets.values().forEach(set -> set.addDeciding(digest));
        return digest.hex();
    }

    /** Identity of what is measured, and of whom by which set; limits have no part in it. */
    public String measuringDigest() {
        PayloadDigest digest = new PayloadDigest();
        sets.values().forEach(set -> set.addMeasuring(digest));
        domains.forEach((domain, set) -> digest.add(domain).add(set));
        sources.forEach((source, set) -> digest.add(source).add(set));
        return digest.hex();
    }
}
