package io.peregrine.data.filters.datatrove;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profile.LanguageRules;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.text.SentenceCounter;
import io.peregrine.data.text.WordSplitter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Measures what a profile of definitions {@value #DEFINITIONS} asks for: the families that its rules speak of, and in each
 * language with the words and stop words that the profile gives it.
 */
public final class ProfileAnnotator implements Annotator {
    /** What {@link Profile#definitions()} says. */
    public static final String DEFINITIONS = "datatrove";

    private final Profile profile;
    private final Function<String, WordSplitter> splitters;
    private final SentenceCounter sentences;
    private final Set<Family> families;
    private final Map<String, DatatroveAnnotator> annotators = new HashMap<>();

    /**
     * @param splitters makes a word splitter of the name that the profile gives; asked once for each language met
     * @param sentences what a sentence is, for {@link Family#C4}
     */
    public ProfileAnnotator(Profile profile, Function<String, WordSplitter> splitters, SentenceCounter sentences) {
        if (!profile.definitions().equals(DEFINITIONS)) {
            throw new ConfigException("definitions", profile.definitions(), "must be " + DEFINITIONS);
        }
        this.profile = profile;
        this.splitters = splitters;
        this.sentences = sentences;
        this.families = Family.of(profile.rules());
    }

    @Override
    public List<Signal> signals() {
        return Family.signals(families);
    }

    @Override
    public Annotation annotate(Document document) {
        String own = profile.languages().containsKey(document.language()) ? document.language() : "";
        return annotators.computeIfAbsent(own, this::annotator).annotate(document);
    }

    private DatatroveAnnotator annotator(String language) {
        Optional<LanguageRules> own = Optional.ofNullable(profile.languages().get(language));
        List<String> stopWords = own.flatMap(LanguageRules::stopWords).orElse(profile.stopWords());
        return new DatatroveAnnotator(splitters.apply(profile.words(language)), sentences, stopWords, families);
    }
}
