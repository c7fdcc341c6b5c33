package io.peregrine.data.filters.words;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import java.util.function.IntPredicate;

/** A word is what stands between separators. */
public final class SeparatedWords implements WordSplitter {
    /** Profile name of {@link #pythonSplit()}. */
    public static final String PYTHON_SPLIT = "python-split";
    /** Profile name of {@link #fastText()}. */
    public static final String FASTTEXT = "fasttext";

    private final String profile;
    private final IntPredicate separates;

    private SeparatedWords(String profile, IntPredicate separates) {
        this.profile = profile;
        this.separates = separates;
    }

    /** Python's {@code str.split()}: separators are Unicode whitespace. */
    public static SeparatedWords pythonSplit() {
        return new SeparatedWords(PYTHON_SPLIT, c -> CodePoints.is(c, CodePoints.SPACE));
    }

    /**
     * fastText's tokens: separators are six ASCII blanks and NUL, so a no-break space is inside a word. The mark that
     * fastText emits for a line end is left out; it is no word of the text.
     */
    public static SeparatedWords fastText() {
        return new SeparatedWords(FASTTEXT, c -> c == ' ' || (c >= '\t' && c <= '\r') || c == 0);
    }

    @Override
    public String profile() {
        return profile;
    }

    @Override
    public void split(CharSequence text, Spans words) {
        words.clear();
        int start = -1;
        for (int i = 0; i < text.length(); i++) {
            // Every separator is in the basic plane, and no half of a surrogate pair is one.
            boolean separator = separates.test(text.charAt(i));
            if (separator && start >= 0) {
                words.add(start, i);
                start = -1;
            } else if (!separator && start < 0) {
                start = i;
            }
        }
        if (start >= 0) {
            words.add(start, text.length());
        }
    }
}
