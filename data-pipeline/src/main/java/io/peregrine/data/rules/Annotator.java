package io.peregrine.data.rules;

import io.peregrine.data.Document;
import java.util.List;

/**
 * The measuring half of a family of rules.
 *
 * <p>A pure function of the document: no clock, no randomness, the same values on every machine. Time linear in the length
 * of the text, memory bounded by it, whatever the text; no exception for any well-formed Unicode text.
 *
 * <p>Thread: one at a time; instances may keep buffers between documents.
 */
public interface Annotator {
    /** What is measured, in the order of the values. The list never changes. */
    List<Signal> signals();

    /** Measures a document. */
    Annotation annotate(Document document);
}
