package io.peregrine.rewrite.accept;

import io.peregrine.data.Document;
import io.peregrine.data.language.Identification;
import io.peregrine.data.language.LanguageIdentifier;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Holds an answer against its document. Verdicts are a pure function of both texts and the settings; the time they take
 * is linear in the texts, but for sorting. For one thread: buffers are used again.
 */
public final class AcceptChecks {
    /** What a model says that came to an end by itself. */
    public static final String FINISHED = "stop";

    private static final int REPEATED_WORDS = 8;
    private static final int COPIED_WORDS = 13;

    private final AcceptConfig config;
    private final Set<Check> checks;
    private final LanguageIdentifier languages;
    private final CodeSyntax syntax = new CodeSyntax();

    public AcceptChecks(AcceptConfig config, LanguageIdentifier languages) {
        this.config = config;
        this.checks = EnumSet.noneOf(Check.class);
        this.checks.addAll(config.checks());
        this.languages = languages;
    }

    /** Nothing if an answer that came to its end may stand, else the first reason why not. */
    public Optional<Rejection> check(Document document, String answer) {
        return check(document, answer, FINISHED);
    }

    /** Nothing if the answer may stand, else the first reason why not in the order of {@link RejectReason}. */
    public Optional<Rejection> check(Document document, String answer, String finishReason) {
        return rejections(document, answer, finishReason).findFirst();
    }

    /** All reasons why an answer may not stand, in their order; an empty answer has no reason but that. */
    public List<Rejection> checkAll(Document document, String answer, String finishReason) {
        return rejections(document, answer, finishReason).toList();
    }

    /** Lazy: a check is run when those before it have let the answer pass or all reasons are asked for. */
    private Stream<Rejection> rejections(Document document, String answer, String finishReason) {
        if (answer.isBlank()) {
            boolean cutOff = checks.contains(Check.FINISH) && !finishReason.equals(FINISHED);
            RejectReason reason = cutOff ? RejectReason.CUT_OFF : RejectReason.EMPTY;
            return Stream.of(new Rejection(reason, answer.length(), 0));
        }
        String text = document.text();
        Stream<Supplier<Optional<Rejection>>> shape = Stream.of(
                when(Check.FINISH, () -> atMost(RejectReason.CUT_OFF, finishReason.equals(FINISHED) ? 0 : 1, 0)),
                when(Check.UNCHANGED, () -> atMost(RejectReason.UNCHANGED, answer.equals(text) ? 1 : 0, 0)),
                when(Check.LENGTH, () -> length(text, answer)),
                when(Check.REFUSAL, () -> atMost(RejectReason.REFUSAL, MetaTalk.declines(answer, text) ? 1 : 0, 0)),
                when(Check.PREAMBLE, () -> preamble(text, answer)),
                when(Check.REPETITION, () -> repetition(text, answer)));
        Stream<Supplier<Optional<Rejection>>> facts = Arrays.stream(FactKind.values())
                .map(kind -> when(Check.valueOf(kind.name()), () -> facts(kind, text, answer)));
        Stream<Supplier<Optional<Rejection>>> content = Stream.of(
                when(Check.LANGUAGE, () -> language(text, answer)),
                when(Check.COPY, () -> copy(text, answer)),
                when(Check.DRIFT, () -> drift(text, answer)),
                when(Check.SYNTAX, () -> atMost(RejectReason.SYNTAX, syntax.wrong(answer, document.language()), 0)),
                when(Check.RESULT, () -> result(text, answer)));
        return Stream.of(shape, facts, content)
                .flatMap(group -> group)
                .map(Supplier::get)
                .flatMap(Optional::stream);
    }

    private Supplier<Optional<Rejection>> when(Check check, Supplier<Optional<Rejection>> judge) {
        return checks.contains(check) ? judge : Optional::empty;
    }

    private Optional<Rejection> length(String text, String answer) {
        double ratio = (double) answer.length() / text.length();
        return ratio < config.lengthRatioMin()
                ? Optional.of(new Rejection(RejectReason.TOO_SHORT, ratio, config.lengthRatioMin()))
                : atMost(RejectReason.TOO_LONG, ratio, config.lengthRatioMax());
    }

    /** A document may itself begin or end the way that models talk. */
    private static Optional<Rejection> preamble(String text, String answer) {
        boolean before = MetaTalk.bodyStart(answer) > 0 && MetaTalk.bodyStart(text) == 0;
        boolean after = MetaTalk.bodyEnd(answer) < answer.length() && MetaTalk.bodyEnd(text) == text.length();
        return atMost(RejectReason.PREAMBLE, (before ? 1 : 0) + (after ? 1 : 0), 0);
    }

    private Optional<Rejection> repetition(String text, String answer) {
        double repeated = WordRuns.of(answer).repeated(REPEATED_WORDS);
        if (repeated <= config.repeatedMax()) {
            return Optional.empty();
        }
        double limit = Math.max(config.repeatedMax(), WordRuns.of(text).repeated(REPEATED_WORDS));
        return atMost(RejectReason.REPETITIVE, repeated, limit);
    }

    /** Lost are occurrences; new is what the document has nowhere, so that an answer may say a number twice. */
    private Optional<Rejection> facts(FactKind kind, String text, String answer) {
        Map<String, Integer> before = kind.of(text);
        Map<String, Integer> after = kind.of(answer);
        long lost = 0;
        for (Map.Entry<String, Integer> fact : before.entrySet()) {
            lost += Math.max(0, fact.getValue() - after.getOrDefault(fact.getKey(), 0));
        }
        long invented = after.entrySet().stream()
                .filter(fact -> !before.containsKey(fact.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        double lostShare = share(lost, before);
        double newShare = share(invented, after);
        return atMost(kind.lost(), lostShare, config.lostMax(kind))
                .or(() -> atMost(kind.invented(), newShare, config.newMax(kind)));
    }

    private static double share(long part, Map<String, Integer> facts) {
        long all = facts.values().stream().mapToLong(Integer::longValue).sum();
        return all == 0 ? 0 : (double) part / all;
    }

    /** The document is asked again, too: what counts is whether the same judge finds a change. */
    private Optional<Rejection> language(String text, String answer) {
        if (answer.length() < config.languageCharactersMin()) {
            return Optional.empty();
        }
        Identification before = languages.identify(text);
        Identification after = languages.identify(answer);
        return before.language().equals(after.language())
                ? Optional.empty()
                : Optional.of(new Rejection(RejectReason.LANGUAGE_CHANGED, after.confidence(), 0));
    }

    private Optional<Rejection> copy(String text, String answer) {
        double copied = WordRuns.of(answer).sharedWith(WordRuns.of(text), COPIED_WORDS);
        return atMost(RejectReason.COPIED, copied, config.copyMax());
    }

    private Optional<Rejection> drift(String text, String answer) {
        double overlap = WordRuns.of(answer).vocabularyOf(WordRuns.of(text));
        return overlap < config.overlapMin()
                ? Optional.of(new Rejection(RejectReason.DRIFTED, overlap, config.overlapMin()))
                : Optional.empty();
    }

    private static Optional<Rejection> result(String text, String answer) {
        Optional<Rational> before = FinalAnswer.of(text);
        Optional<Rational> after = FinalAnswer.of(answer);
        boolean changed = before.isPresent() && after.isPresent() && !before.equals(after);
        return atMost(RejectReason.RESULT_CHANGED, changed ? 1 : 0, 0);
    }

    private static Optional<Rejection> atMost(RejectReason reason, double measured, double limit) {
        return measured > limit ? Optional.of(new Rejection(reason, measured, limit)) : Optional.empty();
    }
}
