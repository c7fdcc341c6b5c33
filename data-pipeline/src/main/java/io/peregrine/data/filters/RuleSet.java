package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.filters.words.WordSplitters;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Check;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The families that judge a kind of documents, in order. Each measures the document as the one before left it: a family
 * that corrects the text or finds the language does so for those behind it.
 */
public final class RuleSet {
    private final String name;
    private final List<Family> families;
    private Map<String, Integer> positions;

    RuleSet(String name, List<Family> families) {
        this.name = name;
        this.families = List.copyOf(families);
    }

    /** Name of the set, the value of column {@code rule_set}. */
    public String name() {
        return name;
    }

    /** The families' rules in a language, in the order in which they decide. */
    public List<Rule> rules(String language) {
        return families.stream()
                .flatMap(family -> family.deciding().rules(language).stream())
                .toList();
    }

    /** Names of the word splitters that the families' profiles name for a language. */
    public List<String> words(String language) {
        return families.stream()
                .map(family -> family.deciding().words(language))
                .filter(words -> WordSplitters.origin(words).isPresent())
                .distinct()
                .toList();
    }

    /** Languages in which some limit is not the usual one. */
    public List<String> ownLimitLanguages() {
        return families.stream()
                .flatMap(family -> family.deciding().languages().entrySet().stream())
                .filter(entry -> !entry.getValue().limits().isEmpty())
                .map(Map.Entry::getKey)
                .distinct()
                .sorted()
                .toList();
    }

    /** All families as one annotator. */
    public Annotator annotator() {
        return new Chain(families.stream().map(family -> family.factory().get()).toList());
    }

    /** Every rule held against what an annotator of this set measured. */
    public List<Check> checks(Annotation annotation) {
        if (positions == null) {
            positions = new LinkedHashMap<>();
            annotator().signals().forEach(signal -> positions.put(signal.name(), positions.size()));
        }
        return rules(annotation.document().language()).stream()
                .map(rule -> new Check(rule, annotation.value(positions.get(rule.signal()))))
                .toList();
    }

    /** The first rule that is broken; none if the document is kept. */
    public Optional<Check> verdict(Annotation annotation) {
        return checks(annotation).stream().filter(Check::broken).findFirst();
    }

    /** Adds the identity of what is measured. */
    void addMeasuring(PayloadDigest digest) {
        digest.add(name);
        families.forEach(family -> family.addMeasuring(digest));
    }

    /** Adds the identity of the rules that decide, limits included. */
    void addDeciding(PayloadDigest digest) {
        digest.add(name);
        families.forEach(family -> digest.add(ConfigDigest.of(family.deciding())));
    }

    /**
     * The same set with limits changed.
     *
     * @throws ConfigException if no family has a rule of that reason
     */
    RuleSet with(Map<String, Double> limits, List<String> switchedOff) {
        List<String> reasons =
                rules(Document.UNDETERMINED).stream().map(Rule::reason).toList();
        limits.keySet().forEach(reason -> require(reasons, "limits", reason));
        switchedOff.forEach(reason -> require(reasons, "switched-off", reason));
        return new RuleSet(
                name,
                families.stream()
                        .map(family -> family.with(limits, switchedOff))
                        .toList());
    }

    private static void require(List<String> reasons, String key, String reason) {
        if (!reasons.contains(reason)) {
            throw new ConfigException(key, reason, "must be one of the set's reasons, " + reasons);
        }
    }

    /** Annotators one after the other, their values side by side. */
    private static final class Chain implements Annotator {
        private final List<Annotator> links;
        private final List<Signal> signals;

        Chain(List<Annotator> links) {
            this.links = links;
            this.signals =
                    links.stream().flatMap(link -> link.signals().stream()).toList();
        }

        @Override
        public List<Signal> signals() {
            return signals;
        }

        @Override
        public Annotation annotate(Document document) {
            double[] values = new double[signals.size()];
            Document current = document;
            int at = 0;
            for (Annotator link : links) {
                Annotation annotation = link.annotate(current);
                current = annotation.document();
                for (int i = 0; i < annotation.size(); i++) {
                    values[at++] = annotation.value(i);
                }
            }
            return new Annotation(current, values);
        }
    }
}
