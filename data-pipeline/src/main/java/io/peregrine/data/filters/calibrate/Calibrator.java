package io.peregrine.data.filters.calibrate;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.filters.calibrate.Calibration.Outcome;
import io.peregrine.data.filters.calibrate.Calibration.Row;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profile.LanguageRules;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Side;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.text.WordSplitter;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Learns a profile's limits and stop words per language from reference text.
 *
 * <p>Add documents to as many calibrators of equal settings as there are partitions, merge them in any order, and finish
 * one: the result depends on nothing but the set of documents. Memory: at most {@code documentsMax} texts of {@code
 * documentCharactersMax} characters for each language.
 *
 * <p>Mutable; one thread at a time.
 */
public final class Calibrator implements Serializable {
    private static final long serialVersionUID = 1L;

    private final CalibrationConfig config;
    private final ReferenceSample sample;

    public Calibrator(CalibrationConfig config) {
        this.config = config;
        this.sample = new ReferenceSample(config.documentsMax(), config.documentCharactersMax());
    }

    /**
     * Takes a reference document.
     *
     * @param language BCP 47 code, as in {@link Profile#languages()}
     */
    public void add(String language, String text) {
        sample.add(language, text);
    }

    /** Takes over what another calibrator of the same settings has; returns this one. */
    public Calibrator merge(Calibrator other) {
        if (!config.equals(other.config)) {
            throw new IllegalArgumentException("calibrators of different settings cannot be merged");
        }
        sample.merge(other.sample);
        return this;
    }

    /**
     * Learns from what was added.
     *
     * @param profile the rules, and the limits that count as published
     * @param annotators the code that measures a profile, by its definitions
     * @param splitters word splitters by the name that the profile gives
     * @throws ConfigException if a setting names a rule or a language that is not there
     */
    public Calibration finish(
            Profile profile, Function<Profile, Annotator> annotators, Function<String, WordSplitter> splitters) {
        checkFixed(profile);
        Map<String, Integer> tooFew = new TreeMap<>();
        Map<String, List<String>> stopWords = new TreeMap<>();
        for (String language : sample.languages()) {
            Collection<String> texts = sample.texts(language);
            if (texts.size() < config.documentsMin()) {
                tooFew.put(language, texts.size());
            } else {
                stopWords.put(language, stopWords(profile, language, texts, splitters));
            }
        }
        if (config.method().needsPivot() && !stopWords.containsKey(config.pivot())) {
            throw new ConfigException(
                    "pivot", config.pivot(), "must be a language of which the reference has enough documents");
        }
        Profile withWords = withWords(profile, stopWords);
        Annotator annotator = annotators.apply(withWords);
        int[] signals = signals(profile, annotator);
        double[][] pivot = config.method().needsPivot()
                ? measure(annotator, signals, config.pivot())
                : new double[signals.length][0];
        List<Row> rows = new ArrayList<>();
        Map<String, LanguageRules> learned = new TreeMap<>(withWords.languages());
        for (String language : stopWords.keySet()) {
            double[][] values = measure(annotator, signals, language);
            List<Row> own = rows(profile, language, pivot, values);
            rows.addAll(own);
            rows.add(any(profile, language, own, values));
            learned.put(language, withLimits(learned.get(language), own));
        }
        Profile result = new Profile(
                config.name(), profile.definitions(), profile.words(), profile.stopWords(), profile.rules(), learned);
        return new Calibration(result, rows, tooFew, reference(stopWords.keySet()));
    }

    private void checkFixed(Profile profile) {
        List<String> reasons = profile.rules().stream().map(Rule::reason).toList();
        for (String reason : config.fixed()) {
            if (!reasons.contains(reason)) {
                throw new ConfigException("fixed", reason, "must be one of the profile's reasons, " + reasons);
            }
        }
    }

    private Map<String, String> reference(Collection<String> languages) {
        Map<String, String> reference = new TreeMap<>();
        for (String language : languages) {
            reference.put(
                    language,
                    "%d documents, %d measured, %d too long"
                            .formatted(
                                    sample.seen(language),
                                    sample.texts(language).size(),
                                    sample.tooLong(language)));
        }
        return reference;
    }

    private List<String> stopWords(
            Profile profile, String language, Collection<String> texts, Function<String, WordSplitter> splitters) {
        Optional<LanguageRules> own = Optional.ofNullable(profile.languages().get(language));
        if (!config.learnStopWords()) {
            return own.flatMap(LanguageRules::stopWords).orElse(profile.stopWords());
        }
        String words = own.flatMap(LanguageRules::words).orElse(profile.words());
        return FrequentWords.learn(texts, splitters.apply(words), config);
    }

    private static Profile withWords(Profile profile, Map<String, List<String>> stopWords) {
        Map<String, LanguageRules> languages = new TreeMap<>(profile.languages());
        stopWords.forEach((language, words) -> {
            LanguageRules own = languages.getOrDefault(language, LanguageRules.DEFAULTS);
            languages.put(language, new LanguageRules(own.words(), Optional.of(words), own.limits()));
        });
        return new Profile(
                profile.profile(),
                profile.definitions(),
                profile.words(),
                profile.stopWords(),
                profile.rules(),
                languages);
    }

    /** For each rule the position of its signal among those that are measured. */
    private static int[] signals(Profile profile, Annotator annotator) {
        Map<String, Integer> positions = new HashMap<>();
        for (Signal signal : annotator.signals()) {
            positions.put(signal.name(), positions.size());
        }
        return profile.rules().stream()
                .mapToInt(rule -> Optional.ofNullable(positions.get(rule.signal()))
                        .orElseThrow(() -> new ConfigException(
                                "signal", rule.signal(), "must be one of those measured, " + positions.keySet())))
                .toArray();
    }

    /** The values that each rule asks for, one for each sampled document, NaN included. */
    private double[][] measure(Annotator annotator, int[] signals, String language) {
        Collection<String> texts = sample.texts(language);
        double[][] values = new double[signals.length][texts.size()];
        int at = 0;
        for (String text : texts) {
            Annotation found = annotator.annotate(Document.of("reference", "", "", "", language, text));
            for (int rule = 0; rule < signals.length; rule++) {
                values[rule][at] = found.value(signals[rule]);
            }
            at++;
        }
        return values;
    }

    private List<Row> rows(Profile profile, String language, double[][] pivot, double[][] values) {
        List<Rule> published = profile.rules(language);
        List<Rule> pivotRules = profile.rules(config.pivot());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < published.size(); i++) {
            Rule rule = published.get(i);
            double[] own = numbers(values[i]);
            double found = own.length == 0
                    ? Double.NaN
                    : config.method()
                            .limit(
                                    rule.side(),
                                    config.dropShareMax(),
                                    pivotRules.get(i).limit(),
                                    numbers(pivot[i]),
                                    own);
            boolean fixed = config.fixed().contains(rule.reason());
            Outcome outcome = fixed ? Outcome.FIXED : Double.isFinite(found) ? Outcome.LEARNED : Outcome.UNDEFINED;
            double limit = outcome == Outcome.LEARNED ? rounded(found, rule.side()) : rule.limit();
            rows.add(new Row(
                    language,
                    rule.reason(),
                    own.length,
                    rule.limit(),
                    limit,
                    share(rule, rule.limit(), values[i]),
                    share(rule, limit, values[i]),
                    outcome));
        }
        return rows;
    }

    private static double[] numbers(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    }

    private double rounded(double limit, Side side) {
        RoundingMode mode = side == Side.ABOVE ? RoundingMode.CEILING : RoundingMode.FLOOR;
        return BigDecimal.valueOf(limit).setScale(config.decimals(), mode).doubleValue();
    }

    private static double share(Rule rule, double limit, double[] values) {
        long broken = Arrays.stream(values)
                .filter(value -> rule.side().broken(value, limit))
                .count();
        return (double) broken / values.length;
    }

    /** The row of all rules together: what share some rule drops. */
    private static Row any(Profile profile, String language, List<Row> rows, double[][] values) {
        List<Rule> published = profile.rules(language);
        int documents = values.length == 0 ? 0 : values[0].length;
        int before = 0;
        int after = 0;
        for (int document = 0; document < documents; document++) {
            boolean brokenBefore = false;
            boolean brokenAfter = false;
            for (int i = 0; i < values.length; i++) {
                Side side = published.get(i).side();
                brokenBefore |= side.broken(values[i][document], rows.get(i).published());
                brokenAfter |= side.broken(values[i][document], rows.get(i).learned());
            }
            before += brokenBefore ? 1 : 0;
            after += brokenAfter ? 1 : 0;
        }
        double all = Math.max(1, documents);
        return new Row(
                language,
                Calibration.ANY,
                documents,
                Double.NaN,
                Double.NaN,
                before / all,
                after / all,
                Outcome.LEARNED);
    }

    private static LanguageRules withLimits(LanguageRules own, List<Row> rows) {
        Map<String, Double> limits = new TreeMap<>(own.limits());
        rows.stream()
                .filter(row -> row.outcome() == Outcome.LEARNED)
                .forEach(row -> limits.put(row.reason(), row.learned()));
        return new LanguageRules(own.words(), own.stopWords(), limits);
    }
}
