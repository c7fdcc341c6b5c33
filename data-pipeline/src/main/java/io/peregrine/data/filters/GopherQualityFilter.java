package io.peregrine.data.filters;

import static io.peregrine.data.filters.Check.atLeast;
import static io.peregrine.data.filters.Check.atMost;
import static io.peregrine.data.filters.DropReason.GOPHER_ABOVE_AVG_THRESHOLD;
import static io.peregrine.data.filters.DropReason.GOPHER_BELOW_ALPHA_THRESHOLD;
import static io.peregrine.data.filters.DropReason.GOPHER_BELOW_AVG_THRESHOLD;
import static io.peregrine.data.filters.DropReason.GOPHER_ENOUGH_STOP_WORDS;
import static io.peregrine.data.filters.DropReason.GOPHER_LONG_DOC;
import static io.peregrine.data.filters.DropReason.GOPHER_NO_WORDS;
import static io.peregrine.data.filters.DropReason.GOPHER_SHORT_DOC;
import static io.peregrine.data.filters.DropReason.GOPHER_TOO_MANY_BULLETS;
import static io.peregrine.data.filters.DropReason.GOPHER_TOO_MANY_ELLIPSIS;
import static io.peregrine.data.filters.DropReason.GOPHER_TOO_MANY_END_ELLIPSIS;
import static io.peregrine.data.filters.DropReason.GOPHER_TOO_MANY_HASHES;

import io.peregrine.data.Document;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The quality rules of Gopher, in datatrove's order and with its comparisons.
 *
 * <p>Lengths are code points, lines and whitespace are Python's. A word is what {@link io.peregrine.data.text.Words}
 * says; a <em>plain</em> word has a character that is not punctuation. Without any plain word there is no mean length,
 * and the two rules about it do not fire.
 *
 * @see <a href="https://arxiv.org/abs/2112.11446">Scaling Language Models (Gopher)</a>, appendix A.1.1
 */
public final class GopherQualityFilter implements DocumentFilter {
    private final GopherConfig config;
    private final Set<DropReason> off;

    public GopherQualityFilter(GopherConfig config) {
        this.config = config;
        this.off = config.off();
    }

    @Override
    public List<Check> checks(Document document) {
        GopherMeasures m = GopherMeasures.of(document.text());
        return Stream.of(
                        atLeast(GOPHER_SHORT_DOC, m.plainWords(), config.wordsMin()),
                        atMost(GOPHER_LONG_DOC, m.plainWords(), config.wordsMax()),
                        atLeast(GOPHER_NO_WORDS, m.words(), 1),
                        atLeast(GOPHER_BELOW_AVG_THRESHOLD, m.meanPlainWord(), config.meanWordCharactersMin()),
                        atMost(GOPHER_ABOVE_AVG_THRESHOLD, m.meanPlainWord(), config.meanWordCharactersMax()),
                        atMost(GOPHER_TOO_MANY_HASHES, m.perWord(m.hashes()), config.hashRatioMax()),
                        atMost(GOPHER_TOO_MANY_ELLIPSIS, m.perWord(m.ellipses()), config.ellipsisRatioMax()),
                        atMost(GOPHER_TOO_MANY_BULLETS, m.perLine(m.bulletLines()), config.bulletLineRatioMax()),
                        atMost(
                                GOPHER_TOO_MANY_END_ELLIPSIS,
                                m.perLine(m.ellipsisLines()),
                                config.ellipsisLineRatioMax()),
                        atLeast(GOPHER_BELOW_ALPHA_THRESHOLD, m.perWord(m.letterWords()), config.letterWordRatioMin()),
                        atLeast(GOPHER_ENOUGH_STOP_WORDS, m.stopWords(), config.stopWordsMin()))
                .filter(check -> !off.contains(check.reason()))
                .toList();
    }
}
