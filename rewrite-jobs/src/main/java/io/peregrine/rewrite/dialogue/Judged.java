package io.peregrine.rewrite.dialogue;

import io.peregrine.rewrite.accept.Rejection;
import java.util.Optional;

/**
 * What became of one variant of one document.
 *
 * @param variant which, from 0
 * @param answer what the model wrote, joined; this is what a rejected row shows
 * @param rejection why the answer, or a part of it, does not stand
 * @param text what stands: the answer, the answer with parts of the original in it, or the original; nothing if it is
 *     dropped
 * @param segments how many parts were asked for
 * @param originals how many of them are the document's own in {@code text}
 */
public record Judged(
        int variant, String answer, Optional<Rejection> rejection, Optional<String> text, int segments, int originals) {
    public Judged {
        if (originals < 0 || originals > segments || (originals > 0 && rejection.isEmpty())) {
            throw new IllegalArgumentException("%d of %d parts are the document's own, of an answer that %s"
                    .formatted(originals, segments, rejection.isEmpty() ? "stands" : "does not stand"));
        }
        if (text.isEmpty() && rejection.isEmpty()) {
            throw new IllegalArgumentException("a variant that stands has a text");
        }
    }

    Judged dropped(Rejection reason) {
        return new Judged(variant, answer, Optional.of(reason), Optional.empty(), segments, 0);
    }
}
