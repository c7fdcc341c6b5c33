package io.peregrine.rewrite.dialogue;

import io.peregrine.data.Document;
import io.peregrine.data.language.LanguageIdentifier;
import io.peregrine.rewrite.accept.AcceptChecks;
import io.peregrine.rewrite.accept.RejectReason;
import io.peregrine.rewrite.accept.Rejection;
import io.peregrine.rewrite.accept.Variants;
import io.peregrine.rewrite.prompts.Segmenter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says which variants of a document stand: each part of an answer is held against its part of the document, then the
 * variants against each other. For one thread.
 */
public final class Judge {
    private final AcceptChecks checks;
    private final Variants variants;
    private final boolean keepOriginal;

    /** @param keepOriginal whether the document's own text stands in the place of a part that is refused */
    public Judge(Style style, LanguageIdentifier languages, boolean keepOriginal) {
        this.checks = new AcceptChecks(style.template().accept(), languages);
        this.variants = new Variants(style.template().sampling().similarityMax());
        this.keepOriginal = keepOriginal;
    }

    /** The verdicts, in the order of the variants. */
    public List<Judged> judge(Document document, List<Step.Done> dialogues) {
        List<Judged> judged = new ArrayList<>();
        for (int variant = 0; variant < dialogues.size(); variant++) {
            judged.add(judge(document, variant, dialogues.get(variant).pieces()));
        }
        List<Integer> standing = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            if (judged.get(i).text().isPresent()
                    && judged.get(i).originals() < judged.get(i).segments()) {
                standing.add(i);
            }
        }
        List<Optional<Rejection>> alike = variants.judge(
                standing.stream().map(i -> judged.get(i).text().orElseThrow()).toList());
        for (int i = 0; i < standing.size(); i++) {
            int at = standing.get(i);
            alike.get(i).ifPresent(rejection -> judged.set(at, judged.get(at).dropped(rejection)));
        }
        return judged;
    }

    private Judged judge(Document document, int variant, List<Piece> pieces) {
        List<String> sources = pieces.stream().map(Piece::source).toList();
        List<String> answers = pieces.stream().map(Piece::answer).toList();
        List<Optional<Rejection>> rejections =
                pieces.stream().map(piece -> check(document, piece)).toList();
        String answer = Segmenter.join(sources, answers);
        Optional<Rejection> first =
                rejections.stream().flatMap(Optional::stream).findFirst();
        if (first.isEmpty()) {
            return new Judged(variant, answer, first, Optional.of(answer), pieces.size(), 0);
        }
        List<String> kept = new ArrayList<>();
        int originals = 0;
        for (int i = 0; i < pieces.size(); i++) {
            boolean refused = rejections.get(i).isPresent();
            kept.add(refused ? sources.get(i) : answers.get(i));
            originals += refused ? 1 : 0;
        }
        // The whole document once is enough, however many variants were asked for.
        boolean stands = keepOriginal && (originals < pieces.size() || variant == 0);
        Optional<String> text = !stands
                ? Optional.empty()
                : Optional.of(originals == pieces.size() ? document.text() : Segmenter.join(sources, kept));
        return new Judged(variant, answer, first, text, pieces.size(), stands ? originals : 0);
    }

    private Optional<Rejection> check(Document document, Piece piece) {
        if (piece.failedAttempts().isPresent()) {
            return Optional.of(
                    new Rejection(RejectReason.NO_ANSWER, piece.failedAttempts().get(), 0));
        }
        return checks.check(document.withText(piece.source()), piece.answer(), piece.finishReason());
    }
}
