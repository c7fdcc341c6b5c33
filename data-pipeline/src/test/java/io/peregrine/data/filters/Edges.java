package io.peregrine.data.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts whose measures are known by construction, and what a table of such texts is checked with. */
public final class Edges {
    private static final int LETTERS = 26;

    private Edges() {}

    /**
     * One line of a conformance table.
     *
     * @param reason the rule whose threshold is meant
     * @param text the document
     * @param value what its signal must be, worked out by hand
     * @param broken whether the rule drops it
     */
    public record Edge(String reason, String text, double value, boolean broken) {
        @Override
        public String toString() {
            return "%s %s at %s".formatted(reason, broken ? "drops" : "keeps", value);
        }
    }

    /** A document on the limit, or on the good side next to it. */
    public static Edge kept(String reason, String text, double value) {
        return new Edge(reason, text, value, false);
    }

    /** A document just beyond the limit. */
    public static Edge dropped(String reason, String text, double value) {
        return new Edge(reason, text, value, true);
    }

    /** Checks that the text measures what the table says, and that the rule alone decides as it says. */
    public static void check(Profile profile, Annotator annotator, Edge edge) {
        Rule rule = profile.rules().stream()
                .filter(r -> r.reason().equals(edge.reason()))
                .findFirst()
                .orElseThrow();
        double measured = value(annotator, rule.signal(), edge.text());
        assertThat(measured).isCloseTo(edge.value(), within(1e-12));
        assertThat(rule.side().broken(measured, rule.limit())).isEqualTo(edge.broken());
    }

    /** Checks that a table has both sides of every rule. */
    public static void checkComplete(Profile profile, List<Edge> table) {
        for (Rule rule : profile.rules()) {
            List<Boolean> sides = table.stream()
                    .filter(edge -> edge.reason().equals(rule.reason()))
                    .map(Edge::broken)
                    .toList();
            assertThat(sides).as(rule.reason()).contains(true, false);
        }
    }

    /** Checks that every rule asks for something that is measured. */
    public static void checkSignals(Profile profile, Annotator annotator) {
        List<String> names = annotator.signals().stream().map(Signal::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(profile.rules()).extracting(Rule::signal).isSubsetOf(names);
        assertThat(annotator.annotate(document("")).size()).isEqualTo(names.size());
    }

    public static Document document(String text) {
        return Document.of("test", "web", "file", "place", "en", text);
    }

    public static double value(Annotator annotator, String signal, String text) {
        Annotation annotation = annotator.annotate(document(text));
        for (int i = 0; i < annotator.signals().size(); i++) {
            if (annotator.signals().get(i).name().equals(signal)) {
                return annotation.value(i);
            }
        }
        throw new AssertionError("no signal " + signal);
    }

    /** All values of a text, in the order of the signals. */
    public static List<Double> values(Annotator annotator, String text) {
        Annotation annotation = annotator.annotate(document(text));
        return IntStream.range(0, annotation.size()).mapToObj(annotation::value).toList();
    }

    /** Different words of three letters, and one of four or five, that have this many letters together; at least 3. */
    public static String fresh(int letters) {
        List<String> words = new ArrayList<>();
        int left = letters;
        for (int i = 0; left > 0; i++) {
            String word = "z" + (char) ('a' + i / LETTERS) + (char) ('a' + i % LETTERS);
            int extra = left - 3 < 3 ? left - 3 : 0;
            words.add(word + "y".repeat(extra));
            left -= 3 + extra;
        }
        return String.join(" ", words);
    }

    /** A text of {@code letters} letters in which a phrase stands twice and everything else once. */
    public static String twice(String phrase, int letters) {
        int own = phrase.replace(" ", "").length();
        return phrase + " " + fresh(letters - 2 * own) + " " + phrase;
    }

    /** As many different words as the phrase of an n-gram test needs: {@code words} words, {@code letters} letters. */
    public static String phrase(int words, int letters) {
        StringBuilder phrase = new StringBuilder();
        for (int i = 0; i < words; i++) {
            int length = letters / words + (i < letters % words ? 1 : 0);
            phrase.append(i == 0 ? "" : " ")
                    .append(String.valueOf((char) ('a' + i)).repeat(length));
        }
        return phrase.toString();
    }

    /** {@code total} different lines, the first {@code marked} of them with something before or behind. */
    public static String lines(int total, int marked, String before, String behind) {
        return IntStream.range(0, total)
                .mapToObj(i -> i < marked ? before + "line " + word(i) + behind : "line " + word(i))
                .collect(Collectors.joining("\n"));
    }

    /** {@code same} times the same line, then different ones, {@code total} in all, with a separator between. */
    public static String repeated(int total, int same, String separator) {
        return IntStream.range(0, total)
                .mapToObj(i -> i < same ? "again" : "line " + word(i))
                .collect(Collectors.joining(separator));
    }

    /** A different word of two letters for each number below 676. */
    public static String word(int number) {
        return "" + (char) ('a' + number / LETTERS) + (char) ('a' + number % LETTERS);
    }

    /** Latin letters as mathematical bold ones, which are two UTF-16 units long; the rest as it is. */
    public static String astral(String text) {
        StringBuilder astral = new StringBuilder();
        text.codePoints()
                .map(c -> c >= 'a' && c <= 'z' ? 0x1D41A + c - 'a' : c >= 'A' && c <= 'Z' ? 0x1D400 + c - 'A' : c)
                .forEach(astral::appendCodePoint);
        return astral.toString();
    }
}
