package io.peregrine.data.filters.words;

import io.peregrine.data.ConfigException;
import io.peregrine.data.text.SpacyWords;
import io.peregrine.data.text.WordSplitter;
import io.peregrine.data.text.Words;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the splitter that a profile names. */
public final class WordSplitters {
    private static final String OURS = "a definition of our own";

    private static final Map<String, Kind> KINDS = kinds();

    private WordSplitters() {}

    private record Kind(String origin, Supplier<WordSplitter> maker) {}

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put(Words.PROFILE, new Kind(OURS, UnicodeWords::new));
        kinds.put(SeparatedWords.PYTHON_SPLIT, new Kind(exactly("Python's"), SeparatedWords::pythonSplit));
        kinds.put(SeparatedWords.FASTTEXT, new Kind(exactly("fastText's"), SeparatedWords::fastText));
        kinds.put(SegmentWords.PROFILE, new Kind(exactly("uniseg's"), SegmentWords::new));
        kinds.put(PunctWords.PROFILE, new Kind(exactly("NLTK's"), PunctWords::new));
        kinds.put(IndicWords.HINDI, new Kind(exactly("the Indic NLP Library's"), IndicWords::hindi));
        kinds.put(IndicWords.URDU, new Kind(exactly("the Indic NLP Library's"), IndicWords::urdu));
        kinds.put(JiebaWords.PROFILE, new Kind(exactly("jieba's"), JiebaWords::new));
        kinds.put(MorphemeWords.JAPANESE, new Kind(inPlaceOf("Sudachi's"), MorphemeWords::japanese));
        kinds.put(MorphemeWords.KOREAN, new Kind(inPlaceOf("Kiwi's"), MorphemeWords::korean));
        SpacyWords.names()
                .forEach(name -> kinds.put(
                        name,
                        new Kind(
                                exactly("spaCy's"), () -> SpacyWords.named(name).orElseThrow())));
        return kinds;
    }

    private static String exactly(String whose) {
        return whose + " words, exactly";
    }

    private static String inPlaceOf(String whose) {
        return "in place of " + whose + " words, not exact";
    }

    /** Whose words a splitter's are, and whether exactly; none if there is no splitter of this name. */
    public static Optional<String> origin(String name) {
        return Optional.ofNullable(KINDS.get(name)).map(Kind::origin);
    }

    /** A new splitter of this name, if it is one of ours. */
    public static Optional<WordSplitter> find(String name) {
        return Optional.ofNullable(KINDS.get(name)).map(kind -> kind.maker().get());
    }

    /**
     * A new splitter of this name.
     *
     * @throws ConfigException if there is none
     */
    public static WordSplitter of(String name) {
        return find(name)
                .orElseThrow(() ->
                        new ConfigException("words", name, "must be one of " + String.join(", ", KINDS.keySet())));
    }
}
