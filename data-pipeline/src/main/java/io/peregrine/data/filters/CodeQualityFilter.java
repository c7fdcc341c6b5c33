package io.peregrine.data.filters;

import static io.peregrine.data.filters.Check.atLeast;
import static io.peregrine.data.filters.Check.atMost;

import io.peregrine.data.Document;
import io.peregrine.data.text.CodePoints;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The length rules of The Stack for source code: files that were generated, minified or are data in disguise.
 *
 * <p>Lines are Python's {@code splitlines}, without their ends; lengths are code points. Rules about words make no sense
 * for code and are not applied to it.
 *
 * @see <a href="https://arxiv.org/abs/2301.03988">SantaCoder</a>, section 4
 */
public final class CodeQualityFilter implements DocumentFilter {
    private final CodeConfig config;
    private final Set<DropReason> off;

    public CodeQualityFilter(CodeConfig config) {
        this.config = config;
        this.off = config.off();
    }

    @Override
    public List<Check> checks(Document document) {
        Measures m = Measures.of(document.text());
        return Stream.of(
                        atLeast(DropReason.CODE_EMPTY, m.visible, 1),
                        atMost(DropReason.CODE_LONG_LINE, m.longestLine, config.lineCharactersMax()),
                        atMost(
                                DropReason.CODE_LONG_MEAN_LINE,
                                (double) m.lineCharacters / m.lines,
                                config.meanLineCharactersMax()),
                        atMost(DropReason.CODE_TOO_MANY_LINES, m.lines, config.linesMax()),
                        atLeast(
                                DropReason.CODE_BELOW_ALPHANUMERIC,
                                (double) m.alphanumeric / m.characters,
                                config.alphanumericRatioMin()))
                .filter(check -> !off.contains(check.reason()))
                .toList();
    }

    /** Counts of one pass over the text. */
    private static final class Measures {
        private long characters;
        private long visible;
        private long alphanumeric;
        private long lines;
        private long lineCharacters;
        private long longestLine;
        private long line;

        static Measures of(String text) {
            Measures measures = new Measures();
            int previous = -1;
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                measures.add(c, previous);
                previous = c;
                i += Character.charCount(c);
            }
            if (previous >= 0 && !CodePoints.is(previous, CodePoints.LINE_END)) {
                measures.closeLine();
            }
            return measures;
        }

        private void add(int c, int previous) {
            characters++;
            int flags = CodePoints.flags(c);
            visible += (flags & CodePoints.SPACE) == 0 ? 1 : 0;
            alphanumeric += (flags & CodePoints.ALPHANUMERIC) == 0 ? 0 : 1;
            if ((flags & CodePoints.LINE_END) == 0) {
                line++;
            } else if (c != '\n' || previous != '\r') {
                closeLine();
            }
        }

        private void closeLine() {
            lines++;
            lineCharacters += line;
            longestLine = Math.max(longestLine, line);
            line = 0;
        }
    }
}
