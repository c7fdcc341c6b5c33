package io.peregrine.data.filters.words;

import io.peregrine.data.ConfigException;
import io.peregrine.data.text.SpacyWords;
import io.peregrine.data.text.WordSplitter;
import io.peregrine.data.text.Words;
import java.util.Optional;

/** Finds the splitter that a profile names. */
public final class WordSplitters {
    private static final String NAMES =
            Words.PROFILE + ", " + SeparatedWords.PYTHON_SPLIT + ", " + SeparatedWords.FASTTEXT + ", "
                    + SegmentWords.PROFILE + ", " + PunctWords.PROFILE + ", " + SpacyWords.ENGLISH;

    private WordSplitters() {}

    /** A new splitter of this name, if it is one of ours. */
    public static Optional<WordSplitter> find(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case Words.PROFILE -> new UnicodeWords();
                    case SeparatedWords.PYTHON_SPLIT -> SeparatedWords.pythonSplit();
                    case SeparatedWords.FASTTEXT -> SeparatedWords.fastText();
                    case SegmentWords.PROFILE -> new SegmentWords();
                    case PunctWords.PROFILE -> new PunctWords();
                    case SpacyWords.ENGLISH -> SpacyWords.english();
                    default -> null;
                });
    }

    /**
     * A new splitter of this name.
     *
     * @throws ConfigException if there is none
     */
    public static WordSplitter of(String name) {
        return find(name).orElseThrow(() -> new ConfigException("words", name, "must be one of " + NAMES));
    }
}
