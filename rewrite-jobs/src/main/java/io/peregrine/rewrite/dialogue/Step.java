package io.peregrine.rewrite.dialogue;

import io.peregrine.rewrite.prompts.RequestPlan.NotAsked;
import java.util.List;

/** How far the dialogue about one document, in one style and for one variant, has come. */
public sealed interface Step {
    /** Nothing is asked. */
    record None(NotAsked reason) implements Step {}

    /**
     * These answers are missing.
     *
     * @param later how many further requests follow on them
     */
    record Pending(List<Ask> asks, int later) implements Step {
        public Pending {
            asks = List.copyOf(asks);
        }
    }

    /**
     * All answers are there.
     *
     * @param pieces parts of the document in order: its segments, or one, the whole, if answers were reduced to one
     */
    record Done(List<Piece> pieces) implements Step {
        public Done {
            pieces = List.copyOf(pieces);
        }
    }
}
