package io.peregrine.data.rules;

import io.peregrine.data.Document;

/** What an {@link Annotator} found: the document, perhaps with another text or language, and one value per signal. */
public final class Annotation {
    private final Document document;
    private final double[] values;

    /**
     * @param document as it goes on from here; its text is another one where the family corrects texts
     * @param values by position in {@link Annotator#signals()}; NaN where the document has nothing to measure. Not
     *     copied: the caller gives the array away
     */
    public Annotation(Document document, double... values) {
        this.document = document;
        this.values = values;
    }

    public Document document() {
        return document;
    }

    /** The value of a signal, by its position in {@link Annotator#signals()}. */
    public double value(int signal) {
        return values[signal];
    }

    public int size() {
        return values.length;
    }
}
