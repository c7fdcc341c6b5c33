package io.peregrine.data.dedup;

import io.peregrine.data.text.CodePoints;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Names the lines of a text, and removes some of them: the text's part in taking away menus, cookie notices and other
 * lines that many pages share (CCNet, arXiv:1911.00359, section 3.2, does so for paragraphs).
 *
 * <p>Lines end at line feeds. Two lines are the same if they are once simplified: case, numbers, punctuation, accents and
 * spacing do not count. A line that is shorter than the limit after that has no name, and so always stays.
 */
public final class RepeatedLines {
    private final int charactersMin;

    /** @param charactersMin fewest characters, that is code points, of a simplified line with a name */
    public RepeatedLines(int charactersMin) {
        this.charactersMin = charactersMin;
    }

    /** A line's name: 128 bits of its simplified text. */
    public record Name(long high, long low) implements Serializable {}

    /**
     * What is left of a text.
     *
     * @param text the text without the removed lines and the line feeds that ended them
     * @param lines how many lines were removed
     * @param characters how many code points went
     */
    public record Rest(String text, int lines, int characters) {}

    /** The names of the text's lines, each once, in the order of their first line. */
    public Set<Name> names(String text) {
        Set<Name> names = new LinkedHashSet<>();
        for (int from = 0; from < text.length(); ) {
            int end = end(text, from);
            name(text, from, end).ifPresent(names::add);
            from = end + 1;
        }
        return names;
    }

    /** The text's first line of each of these names. */
    public List<Sample> samples(String text, Set<Name> wanted) {
        Set<Name> missing = new LinkedHashSet<>(wanted);
        List<Sample> samples = new ArrayList<>();
        for (int from = 0; from < text.length() && !missing.isEmpty(); ) {
            int end = end(text, from);
            String line = text.substring(from, end);
            name(text, from, end).filter(missing::remove).ifPresent(found -> samples.add(new Sample(found, line)));
            from = end + 1;
        }
        return samples;
    }

    /** A line as some document has it. */
    public record Sample(Name name, String line) {}

    /** Removes all lines of these names. */
    public Rest without(String text, Set<Name> names) {
        StringBuilder rest = new StringBuilder(text.length());
        int lines = 0;
        for (int from = 0; from < text.length(); ) {
            int end = end(text, from);
            if (name(text, from, end).filter(names::contains).isPresent()) {
                lines++;
            } else {
                rest.append(text, from, Math.min(end + 1, text.length()));
            }
            from = end + 1;
        }
        if (lines > 0) {
            // The line that is last now ends as the last line did.
            int length = rest.length();
            boolean ended = text.endsWith("\n");
            if (!ended && length > 0 && rest.charAt(length - 1) == '\n') {
                rest.setLength(length - 1);
            }
        }
        String kept = rest.toString();
        return new Rest(kept, lines, CodePoints.count(text) - CodePoints.count(kept));
    }

    private static int end(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private Optional<Name> name(String text, int from, int end) {
        String simple = SimplifiedText.of(text.substring(from, end));
        if (CodePoints.count(simple) < charactersMin) {
            return Optional.empty();
        }
        byte[] bytes = simple.getBytes(StandardCharsets.UTF_8);
        return Optional.of(
                new Name(XxHash64.hash(1, bytes, 0, bytes.length), XxHash64.hash(0, bytes, 0, bytes.length)));
    }
}
