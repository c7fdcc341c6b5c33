package io.peregrine.data.filters;

import io.peregrine.data.Document;
import java.util.List;

/**
 * Judges one document by itself.
 *
 * <p>A pure function of the document: no state, no clock, no randomness; linear time and constant extra memory in the
 * length of the text, whatever the text.
 */
public interface DocumentFilter {
    /** Every rule that is switched on, held against the document, in the order in which they decide. */
    List<Check> checks(Document document);

    /** The first rule that the document breaks, or {@link Verdict#KEEP}. */
    default Verdict judge(Document document) {
        for (Check check : checks(document)) {
            if (check.broken()) {
                return new Verdict.Drop(check.reason(), check.measured(), check.limit());
            }
        }
        return Verdict.KEEP;
    }
}
