package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.language.LanguageConfig;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.rules.Signal;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All rule sets of a run, and which of them judges a document.
 *
 * <p>To an executor they travel as their settings and profiles, and are put together anew there: annotators hold models and
 * buffers, which do not travel.
 */
public final class RuleSets implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The set without rules: it keeps everything as it is. */
    public static final String NONE = "none";

    private final transient FilterConfig config;
    private final transient TreeMap<String, Profile> profiles;
    private final transient TreeMap<String, RuleSet> sets = new TreeMap<>();

    private RuleSets(FilterConfig config, TreeMap<String, Profile> profiles) {
        this.config = config;
        this.profiles = profiles;
        config.sets().forEach((name, set) -> sets.put(name, Families.ruleSet(name, set, profiles)));
        sets.put(NONE, new RuleSet(NONE, List.of()));
    }

    /**
     * The sets that the settings describe. Profiles are read here, on the driver.
     *
     * @throws ConfigException if a set has no such profile, reason or limit
     */
    public static RuleSets of(FilterConfig config) {
        TreeMap<String, Profile> profiles = new TreeMap<>();
        config.sets().values().stream()
                .filter(set -> set.families().contains(FamilyName.TEXT))
                .forEach(set -> profiles.computeIfAbsent(set.profile(), Profiles::load));
        return new RuleSets(config, profiles);
    }

    private Object writeReplace() {
        TreeMap<String, String> profileTexts = new TreeMap<>();
        profiles.forEach((name, profile) -> profileTexts.put(name, ConfigDigest.canonical(profile)));
        return new Luggage(ConfigDigest.canonical(config), profileTexts);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("travels as its luggage only");
    }

    /** What travels: settings and profiles as JSON. */
    private record Luggage(String settings, TreeMap<String, String> profiles) implements Serializable {
        private Object readResolve() {
            TreeMap<String, Profile> unpacked = new TreeMap<>();
            profiles.forEach((name, profile) ->
                    unpacked.put(name, YamlConfig.parse(Path.of("profile " + name), profile, Profile.class)));
            FilterConfig config = YamlConfig.parse(Path.of("filter"), settings, FilterConfig.class);
            return new RuleSets(config, unpacked);
        }
    }

    /** The sets in order of their names. */
    public List<RuleSet> all() {
        return List.copyOf(sets.values());
    }

    /**
     * The set named for the documents of a source: the source's own, or else that of the domain. It may leave some of
     * them to others, see {@link SetChoice}.
     *
     * @throws ConfigException if the settings do not say
     */
    public RuleSet of(String source, String domain) {
        String name = config.sources().getOrDefault(source, config.domains().get(domain));
        if (name == null) {
            throw new ConfigException(
                    "filter.domains",
                    config.domains().keySet(),
                    "has no rules for domain '%s'; add '%s: SET' with one of the sets %s"
                            .formatted(domain, domain, sets.keySet()));
        }
        return sets.get(name);
    }

    /** The set of this name, which the settings know. */
    RuleSet named(String name) {
        return sets.get(name);
    }

    /** The sets to which a set leaves languages, by language. */
    Map<String, String> byLanguage(String set) {
        return set.equals(NONE) ? Map.of() : config.sets().get(set).byLanguage();
    }

    /** How a set finds languages. */
    LanguageConfig languages(String set) {
        return config.sets().get(set).language();
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
        config.domains().forEach((domain, set) -> digest.add(domain).add(set));
        config.sources().forEach((source, set) -> digest.add(source).add(set));
        config.sets().forEach((name, set) -> {
            if (!set.byLanguage().isEmpty()) {
                digest.add(name).add(ConfigDigest.canonical(set.byLanguage())).add(ConfigDigest.of(set.language()));
            }
        });
        return digest.hex();
    }
}
