package io.peregrine.rewrite;

import io.peregrine.data.Document;

/**
 * Writes a document anew. Whether the answer is taken is not its business, see {@code accept}.
 *
 * <p>Thread: one instance per thread.
 */
public interface Rewriter {
    /**
     * Who writes, as {@code name@version}. Part of the provenance of each rewrite and of the stage's fingerprint, so a
     * change in what the rewriter answers needs a new version.
     */
    String id();

    /** The new text. May be the old one, or empty, if there is nothing to write. */
    String rewrite(Document document);
}
