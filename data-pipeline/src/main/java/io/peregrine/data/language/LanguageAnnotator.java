package io.peregrine.data.language;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Says which language a document is in, writes it into the document, and measures how sure that is.
 *
 * <p>For texts that people read; a program's language is known from its file name and does not pass here.
 *
 * <p>Constructed where it is used: settings are {@link java.io.Serializable}, this is not. A fastText model is read once
 * per JVM.
 */
public final class LanguageAnnotator implements Annotator {
    private static final String FAMILY = "language";

    private static final List<Signal> SIGNALS = List.of(
            new Signal("language_accepted", "0 or 1", "1 where the language found is one of those accepted"),
            new Signal(
                    "language_confidence_margin",
                    "0..1",
                    "confidence less the least confidence for that language; below 0 it is too small"),
            new Signal("language_confidence", "0..1", "how sure the language found is"),
            new Signal(
                    "language_own_script_share",
                    "0..1",
                    "letters in a script that the language found is written in, over all letters looked at"),
            new Signal(
                    "language_mixed_share",
                    "0..1",
                    "letters in parts that are surely in another language, over those of all parts looked at"));

    /** What {@link LanguageConfig#DEFAULTS} asks, first to decide first. */
    public static final List<Rule> RULES = rules(LanguageConfig.DEFAULTS);

    private final LanguageConfig config;
    private final LanguageIdentifier identifier;
    private final MixedLanguages mixed;

    /**
     * An annotator of one thread.
     *
     * @throws io.peregrine.data.DataException if the settings name a fastText model that cannot be read
     */
    public LanguageAnnotator(LanguageConfig config) {
        this.config = config;
        this.identifier = identifier(config);
        this.mixed = new MixedLanguages(identifier, config.mixedSegments());
    }

    /** The identifier that settings name, for one thread. */
    public static LanguageIdentifier identifier(LanguageConfig config) {
        return config.model().equals(LanguageConfig.OPENNLP)
                ? new OpenNlpLanguageIdentifier(config.sampleCharacters())
                : new FastTextLanguageIdentifier(
                        FastTextModel.shared(Path.of(config.model())), config.sampleCharacters());
    }

    /** The rules with the limits of these settings. */
    public static List<Rule> rules(LanguageConfig config) {
        return List.of(
                atLeast("language_not_accepted", "language_accepted", 1),
                atLeast("language_low_confidence", "language_confidence_margin", 0),
                atLeast("language_wrong_script", "language_own_script_share", config.ownScriptShareMin()),
                new Rule(
                        "language_mixed",
                        FAMILY,
                        "language_mixed_share",
                        Optional.empty(),
                        Optional.of(config.mixedShareMax())));
    }

    private static Rule atLeast(String reason, String signal, double limit) {
        return new Rule(reason, FAMILY, signal, Optional.of(limit), Optional.empty());
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        Identification found = identifier.identify(document.text());
        boolean known = !found.language().equals(Document.UNDETERMINED);
        return new Annotation(
                document.withLanguage(found.language()),
                known && config.accepts(found.language()) ? 1 : 0,
                found.confidence() - config.confidenceMin(found.language()),
                found.confidence(),
                known ? found.ownScriptRatio() : Double.NaN,
                known ? mixed.share(document.text(), found.language()) : Double.NaN);
    }
}
