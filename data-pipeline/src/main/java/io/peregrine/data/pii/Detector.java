package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;

/** Finds one kind of thing in a text. */
interface Detector {
    /** Adds what it finds, in order and without overlap. Time linear in the text, whatever it holds. */
    void find(String text, Spans found);
}
