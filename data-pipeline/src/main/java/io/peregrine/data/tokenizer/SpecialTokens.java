package io.peregrine.data.tokenizer;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The tokens that no text produces. They have the first ids; those with a meaning have Falcon-H1's ids, so that its
 * {@code config.json} fits.
 */
public final class SpecialTokens {
    public static final int PAD = 0;
    public static final int BEGIN_OF_TEXT = 1;

    /** Ends every document. */
    public static final int END_OF_TEXT = 11;

    /** The fewest that hold all of the above. */
    static final int COUNT_MIN = END_OF_TEXT + 1;

    private SpecialTokens() {}

    /** The name of a special token. */
    public static String name(int id) {
        return switch (id) {
            case PAD -> "<|pad|>";
            case BEGIN_OF_TEXT -> "<|begin_of_text|>";
            case END_OF_TEXT -> "<|end_of_text|>";
            default -> "<|reserved_" + id + "|>";
        };
    }

    /** The names of the first {@code count} ids. */
    static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(SpecialTokens::name).toList();
    }
}
