package io.peregrine.data.filters.datatrove;

import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The rule families of datatrove, in the order in which its FineWeb pipeline applies them, and what each measures. */
public enum Family {
    /** Repeated paragraphs, lines and n-grams (Gopher, arXiv:2112.11446, table A1). */
    REPETITION(repetition()),

    /** Counts and shares of words, symbols and lines (Gopher, arXiv:2112.11446, appendix A.1.1). */
    QUALITY(List.of(
            new Signal("gopher_words", "words", "words, symbols included"),
            new Signal("gopher_plain_words", "words", "words with a character that is not punctuation"),
            new Signal("gopher_mean_word", "characters", "mean length of the plain words"),
            new Signal("gopher_hashes", "per word", "number signs in the text over all words"),
            new Signal("gopher_ellipses", "per word", "\"...\" and U+2026 in the text over all words"),
            new Signal("gopher_bullet_lines", "0..1", "share of lines that begin with U+2022 or a hyphen"),
            new Signal("gopher_ellipsis_lines", "0..1", "share of lines that end with an ellipsis"),
            new Signal("gopher_letter_words", "0..1", "share of words that have a letter"),
            new Signal("gopher_stop_words", "words", "how many different stop words occur, in this very case"))),

    /**
     * Line rules that rewrite the text, and rules on the document (C4, arXiv:1910.10683, section 2.2). Without the rule
     * that a line must end with a punctuation mark, as in FineWeb.
     */
    C4(List.of(
            new Signal("c4_lines", "lines", "lines before the line rules"),
            new Signal("c4_long_word_lines", "lines", "lines left out for a word of over 1000 characters"),
            new Signal("c4_short_lines", "lines", "lines left out because they have under 3 words"),
            new Signal("c4_javascript_lines", "lines", "lines left out because they speak of JavaScript"),
            new Signal("c4_policy_lines", "lines", "lines left out for a phrase on cookies, privacy or terms of use"),
            new Signal("c4_kept_lines", "lines", "lines that are left"),
            new Signal("c4_lorem_ipsum", "0 or 1", "1 for a line with lorem ipsum before any with a curly bracket"),
            new Signal("c4_curly_bracket", "0 or 1", "1 for a line with an opening curly bracket"),
            new Signal("c4_late_lorem_ipsum", "0 or 1", "1 for a line with lorem ipsum, wherever it is"),
            new Signal("c4_sentences", "sentences", "sentences of the lines that are left"))),

    /** Shares of lines in the text that C4 left (FineWeb, arXiv:2406.17557, section 3.6). */
    FINEWEB(List.of(
            new Signal("fineweb_lines", "lines", "lines that are not blank"),
            new Signal("fineweb_punctuated_lines", "0..1", "share of lines that end with a mark that ends sentences"),
            new Signal("fineweb_short_lines", "0..1", "share of lines of at most 30 characters"),
            new Signal("fineweb_duplicate_line_characters", "0..1", "share of characters in lines met before"),
            new Signal("fineweb_words", "words", "words, symbols included"),
            new Signal("fineweb_line_ends", "per word", "line feeds over words")));

    private final List<Signal> signals;

    Family(List<Signal> signals) {
        this.signals = signals;
    }

    /** What the family measures, in the order of the values. */
    public List<Signal> signals() {
        return signals;
    }

    /** The signals of some families, those of the first family first. */
    static List<Signal> signals(Set<Family> families) {
        List<Signal> all = new ArrayList<>();
        for (Family family : values()) {
            all.addAll(families.contains(family) ? family.signals : List.of());
        }
        return Collections.unmodifiableList(all);
    }

    /** The families whose signals some rules ask about. */
    public static Set<Family> of(List<Rule> rules) {
        Set<Family> asked = EnumSet.noneOf(Family.class);
        for (Family family : values()) {
            Set<String> names = family.signals.stream().map(Signal::name).collect(Collectors.toSet());
            if (rules.stream().map(Rule::signal).anyMatch(names::contains)) {
                asked.add(family);
            }
        }
        return asked;
    }

    private static List<Signal> repetition() {
        Stream<Signal> text = Stream.of(
                new Signal("repetition_characters", "characters", "length of the text, the denominator of the shares"),
                new Signal("repetition_paragraphs", "0..1", "share of paragraphs that are met again"),
                new Signal("repetition_paragraph_characters", "0..1", "share of characters in paragraphs met again"),
                new Signal("repetition_lines", "0..1", "share of lines that are met again"),
                new Signal("repetition_line_characters", "0..1", "share of characters in lines met again"));
        Stream<Signal> top = IntStream.rangeClosed(Repetition.TOP_MIN, Repetition.TOP_MAX)
                .mapToObj(n -> new Signal(
                        "repetition_top_%d_gram".formatted(n),
                        "0..1",
                        "share of characters in the most frequent run of %d words".formatted(n)));
        Stream<Signal> duplicate = IntStream.rangeClosed(Repetition.DUPLICATE_MIN, Repetition.DUPLICATE_MAX)
                .mapToObj(n -> new Signal(
                        "repetition_duplicate_%d_grams".formatted(n),
                        "0..1",
                        "share of characters in runs of %d words that are met again".formatted(n)));
        return Stream.of(text, top, duplicate).flatMap(s -> s).toList();
    }
}
