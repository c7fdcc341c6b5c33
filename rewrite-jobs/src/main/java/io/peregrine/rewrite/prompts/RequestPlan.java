package io.peregrine.rewrite.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The requests that one document needs for one variant.
 *
 * @param notAsked why there are none, if there are none
 * @param segments the parts of its text, one request for each
 * @param reductions by level, which of the answers of the level before (at first: those for the segments) one request makes
 *     into one; the last level has one request, and there is none where the answers are joined
 */
public record RequestPlan(Optional<NotAsked> notAsked, List<String> segments, List<List<Span>> reductions) {
    /** Why a document is not asked about. */
    public enum NotAsked {
        /** Its domain is none of the template's. */
        OTHER_DOMAIN,
        /** It has fewer tokens than the template asks for. */
        TOO_FEW_TOKENS,
        /** It has more tokens than one request takes, and the template cuts nothing. */
        TOO_MANY_TOKENS,
        /** It has more segments than the template allows. */
        TOO_MANY_SEGMENTS
    }

    /**
     * Answers from one index up to, and without, another.
     *
     * @param from the first
     * @param to the one after the last
     */
    public record Span(int from, int to) {
        public Span {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("answers %d to %d: must be at least one".formatted(from, to));
            }
        }
    }

    public RequestPlan {
        segments = List.copyOf(segments);
        reductions = reductions.stream().map(List::copyOf).toList();
        if (notAsked.isPresent() == !segments.isEmpty()) {
            throw new IllegalArgumentException("a plan has segments, or a reason why not");
        }
    }

    static RequestPlan none(NotAsked reason) {
        return new RequestPlan(Optional.of(reason), List.of(), List.of());
    }

    static RequestPlan joined(List<String> segments) {
        return new RequestPlan(Optional.empty(), segments, List.of());
    }

    /**
     * Reduces answers level by level until there is one.
     *
     * @param fanIn most answers that one request takes, at least 2
     */
    static RequestPlan reduced(List<String> segments, int fanIn) {
        List<List<Span>> levels = new ArrayList<>();
        for (int answers = segments.size();
                answers > 1;
                answers = levels.get(levels.size() - 1).size()) {
            levels.add(spans(answers, fanIn));
        }
        return new RequestPlan(Optional.empty(), segments, levels);
    }

    /** As few spans as there can be, of sizes that differ by at most one. */
    private static List<Span> spans(int answers, int fanIn) {
        int count = (answers + fanIn - 1) / fanIn;
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spans.add(new Span((int) ((long) answers * i / count), (int) ((long) answers * (i + 1) / count)));
        }
        return spans;
    }

    /** How many requests this is. */
    public int requests() {
        return segments.size() + reductions.stream().mapToInt(List::size).sum();
    }
}
