package io.peregrine.rewrite.dialogue;

import io.peregrine.data.Document;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.rewrite.accept.AcceptChecks;
import io.peregrine.rewrite.calls.EndpointClass;
import io.peregrine.rewrite.calls.ModelId;
import io.peregrine.rewrite.calls.PromptTokens;
import io.peregrine.rewrite.calls.RequestKey;
import io.peregrine.rewrite.prompts.Prompt;
import io.peregrine.rewrite.prompts.RequestPlan;
import io.peregrine.rewrite.prompts.RequestPlan.NotAsked;
import io.peregrine.rewrite.prompts.RequestPlan.Span;
import io.peregrine.rewrite.prompts.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The dialogues of one style: which requests a document needs next, given the answers that there are. */
public final class StyleDialogue {
    private final Style style;
    private final Requests requests;
    private final ModelId model;
    private final EndpointClass kind;

    /** @param seed the run's stream */
    public StyleDialogue(Style style, ModelId model, EndpointClass kind, SeedStream seed) {
        this.style = style;
        this.requests = new Requests(style.template(), PromptTokens::about, seed);
        this.model = model;
        this.kind = kind;
    }

    /** The style. */
    public Style style() {
        return style;
    }

    /** One dialogue under way: what is asked anew is collected, what has ended is looked up. */
    private final class Turn {
        private final Document document;
        private final int variant;
        private final Function<RequestKey, Optional<Reply>> replies;
        private final List<Ask> missing = new ArrayList<>();

        Turn(Document document, int variant, Function<RequestKey, Optional<Reply>> replies) {
            this.document = document;
            this.variant = variant;
            this.replies = replies;
        }

        /** The piece that an answer makes; a missing one is noted, and gives nothing yet. */
        Optional<Piece> piece(String source, Prompt prompt, int level, int index) {
            RequestKey key = RequestKey.of(model, kind, prompt);
            Optional<Reply> reply = replies.apply(key);
            if (reply.isEmpty()) {
                missing.add(new Ask(key, prompt, variant, level, index));
                return Optional.empty();
            }
            if (reply.get() instanceof Reply.Answered answered) {
                String text = requests.finished(source, answered.answer());
                return Optional.of(
                        Piece.answered(source, text, answered.answer().finishReason()));
            }
            return Optional.of(Piece.failed(source, ((Reply.Failed) reply.get()).attempts()));
        }

        Step step(RequestPlan plan) {
            List<Piece> pieces = new ArrayList<>();
            for (int i = 0; i < plan.segments().size(); i++) {
                String segment = plan.segments().get(i);
                piece(segment, requests.ofSegment(document, segment, i, variant), 0, i)
                        .ifPresent(pieces::add);
            }
            if (!missing.isEmpty()) {
                int later = plan.reductions().stream().mapToInt(List::size).sum();
                return new Step.Pending(missing, later);
            }
            return plan.reductions().isEmpty() ? new Step.Done(pieces) : reduce(plan, pieces);
        }

        private Step reduce(RequestPlan plan, List<Piece> segments) {
            List<Piece> pieces = segments;
            for (int level = 0; level < plan.reductions().size(); level++) {
                Optional<Piece> unfit =
                        pieces.stream().filter(piece -> !fit(piece)).findFirst();
                if (unfit.isPresent()) {
                    // One part that is missing or cut off would be missing in the whole.
                    return new Step.Done(List.of(ofWhole(unfit.get())));
                }
                List<Piece> reduced = new ArrayList<>();
                List<Span> spans = plan.reductions().get(level);
                for (int i = 0; i < spans.size(); i++) {
                    List<String> answers = pieces
                            .subList(spans.get(i).from(), spans.get(i).to())
                            .stream()
                            .map(Piece::answer)
                            .toList();
                    Prompt prompt = requests.ofAnswers(document, answers, level, i, variant);
                    piece(String.join("\n\n", answers), prompt, 1 + level, i).ifPresent(reduced::add);
                }
                if (!missing.isEmpty()) {
                    int later = plan
                            .reductions()
                            .subList(level + 1, plan.reductions().size())
                            .stream()
                            .mapToInt(List::size)
                            .sum();
                    return new Step.Pending(missing, later);
                }
                pieces = reduced;
            }
            return new Step.Done(List.of(ofWhole(pieces.get(0))));
        }

        private static boolean fit(Piece piece) {
            return piece.failedAttempts().isEmpty()
                    && piece.finishReason().equals(AcceptChecks.FINISHED)
                    && !piece.answer().isBlank();
        }

        private Piece ofWhole(Piece piece) {
            return new Piece(document.text(), piece.answer(), piece.finishReason(), piece.failedAttempts());
        }
    }

    /**
     * The next step for each variant, in their order; one {@link Step.None} if the style asks nothing of the document.
     *
     * @param replies how a request has ended, or nothing if it has not
     */
    public List<Step> steps(Document document, Function<RequestKey, Optional<Reply>> replies) {
        if (!style.domains().contains(document.domain())) {
            return List.of(new Step.None(NotAsked.OTHER_DOMAIN));
        }
        RequestPlan plan = requests.plan(document);
        if (plan.notAsked().isPresent()) {
            return List.of(new Step.None(plan.notAsked().get()));
        }
        List<Step> steps = new ArrayList<>();
        for (int variant = 0; variant < style.variants(); variant++) {
            steps.add(new Turn(document, variant, replies).step(plan));
        }
        return steps;
    }
}
