package io.peregrine.data.decontaminate;

import io.peregrine.data.dedup.SimplifiedText;
import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.Words;
import java.util.Optional;

/**
 * A text without the words that it shares.
 *
 * <p>Words are counted in the simplified text, and this says where they were in the written one: the text is cut at
 * whitespace and around characters that are words by themselves, and each piece is simplified alone. What is masked is whole
 * pieces, so punctuation that touches a masked word goes with it.
 */
final class MaskedText {
    private MaskedText() {}

    /** The text with each stretch of shared words replaced; nothing if the words cannot be told apart in it. */
    static Optional<String> of(String text, Contamination contamination, String mask) {
        Spans places = places(text);
        if (places.size() != contamination.words()) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        int from = 0;
        int to = 0;
        for (Contamination.Shared run : contamination.shared()) {
            if (run.word() > to) {
                copied = cut(text, places, from, to, copied, mask, out);
                from = run.word();
            }
            to = Math.max(to, run.word() + run.words());
        }
        copied = cut(text, places, from, to, copied, mask, out);
        return Optional.of(out.append(text, copied, text.length()).toString());
    }

    private static int cut(String text, Spans places, int from, int to, int copied, String mask, StringBuilder out) {
        if (from == to) {
            return copied;
        }
        int start = Math.max(copied, places.start(from));
        out.append(text, copied, start).append(mask);
        return Math.max(start, places.end(to - 1));
    }

    /** For each word of the simplified text, the piece of the written one that it comes from. */
    static Spans places(String text) {
        Spans places = new Spans();
        int at = 0;
        while (at < text.length()) {
            int end = endOfPiece(text, at);
            if (!CodePoints.is(text.codePointAt(at), CodePoints.SPACE)) {
                Words words = new Words(SimplifiedText.of(text.substring(at, end)));
                while (words.next()) {
                    places.add(at, end);
                }
            }
            at = end;
        }
        return places;
    }

    private static int endOfPiece(String text, int from) {
        int first = text.codePointAt(from);
        int at = from + Character.charCount(first);
        if (CodePoints.is(first, CodePoints.SPACE)) {
            return at;
        }
        boolean alone = CodePoints.is(first, CodePoints.SOLO);
        while (at < text.length()) {
            int c = text.codePointAt(at);
            boolean attached = CodePoints.is(c, CodePoints.ATTACHED);
            if (CodePoints.is(c, CodePoints.SPACE | CodePoints.SOLO) || (alone && !attached)) {
                return at;
            }
            at += Character.charCount(c);
        }
        return at;
    }
}
