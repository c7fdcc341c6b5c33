package io.peregrine.rewrite.prompts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Cuts a text into segments of at most so many tokens, which put together are the text to the character.
 *
 * <p>A cut is made at the end of a paragraph, and not inside a fenced block or a formula set apart. Only a piece that has
 * too many tokens by itself is cut where it must be: near its middle, and there at a blank line, else a line's end, else a
 * sentence's, else a blank, else between two characters. A single character of too many tokens is a segment nevertheless.
 *
 * <p>The tokens of a segment are the sum of those of its pieces. A tokenizer that counts more for a text than for its
 * parts, cut at the ends of paragraphs, would make segments longer by that. Time: the text is read, and its tokens are
 * counted, at most so often as a piece is halved.
 */
public final class Segmenter {
    private final ToIntFunction<String> tokens;
    private final int tokensMax;

    /**
     * @param tokens tokens of a text
     * @param tokensMax most tokens of a segment, above 0
     */
    public Segmenter(ToIntFunction<String> tokens, int tokensMax) {
        if (tokensMax < 1) {
            throw new IllegalArgumentException("segments of %d tokens: must be > 0".formatted(tokensMax));
        }
        this.tokens = tokens;
        this.tokensMax = tokensMax;
    }

    /** The segments in order; none for an empty text. */
    public List<String> segments(String text) {
        List<String> segments = new ArrayList<>();
        StringBuilder segment = new StringBuilder();
        long used = 0;
        Deque<String> left = new ArrayDeque<>(Paragraphs.of(text));
        while (!left.isEmpty()) {
            String piece = left.pop();
            int count = tokens.applyAsInt(piece);
            if (count > tokensMax && piece.codePointCount(0, piece.length()) > 1) {
                List<String> parts = parts(piece);
                for (int i = parts.size() - 1; i >= 0; i--) {
                    left.push(parts.get(i));
                }
                continue;
            }
            if (used + count > tokensMax && !segment.isEmpty()) {
                segments.add(segment.toString());
                segment.setLength(0);
                used = 0;
            }
            segment.append(piece);
            used += count;
        }
        if (!segment.isEmpty()) {
            segments.add(segment.toString());
        }
        return List.copyOf(segments);
    }

    /** Answers in the order of their segments, with between them the white space that was between the segments. */
    public static String join(List<String> segments, List<String> answers) {
        if (segments.size() != answers.size()) {
            throw new IllegalArgumentException(
                    "%d answers for %d segments: must be as many".formatted(answers.size(), segments.size()));
        }
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < answers.size(); i++) {
            joined.append(answers.get(i).strip());
            if (i < answers.size() - 1) {
                String segment = segments.get(i);
                joined.append(segment.substring(segment.stripTrailing().length()));
            }
        }
        return joined.toString();
    }

    /** A piece of too many tokens in smaller ones: its blocks, or else two halves. */
    private static List<String> parts(String piece) {
        List<String> blocks = Paragraphs.blocksOf(piece);
        if (blocks.size() > 1) {
            return blocks;
        }
        int cut = cut(piece);
        return List.of(piece.substring(0, cut), piece.substring(cut));
    }

    /** Where to cut a piece of at least two characters: the best place of the middle half, nearest to the middle. */
    private static int cut(String piece) {
        int middle = piece.length() / 2;
        int reach = piece.length() / 4;
        for (Place place : Place.values()) {
            for (int away = 0; away <= reach; away++) {
                if (place.isAt(piece, middle - away)) {
                    return middle - away;
                }
                if (place.isAt(piece, middle + away)) {
                    return middle + away;
                }
            }
        }
        boolean inside =
                Character.isLowSurrogate(piece.charAt(middle)) && Character.isHighSurrogate(piece.charAt(middle - 1));
        return !inside ? middle : middle > 1 ? middle - 1 : middle + 1;
    }

    /** Places to cut, the best first. */
    private enum Place {
        PARAGRAPH,
        LINE,
        SENTENCE,
        BLANK;

        /** Whether a text may be cut before an index. */
        boolean isAt(String text, int index) {
            if (index < 1 || index >= text.length()) {
                return false;
            }
            char before = text.charAt(index - 1);
            return switch (this) {
                case PARAGRAPH -> before == '\n' && index > 1 && text.charAt(index - 2) == '\n';
                case LINE -> before == '\n';
                case SENTENCE ->
                    "\u3002\uff01\uff1f".indexOf(before) >= 0
                            || (before == ' ' && index > 1 && ".!?".indexOf(text.charAt(index - 2)) >= 0);
                case BLANK -> Character.isWhitespace(before);
            };
        }
    }
}
