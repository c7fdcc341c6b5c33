/**
 * datatrove's heuristic filters as measurements: the signals on which the {@code datatrove-fineweb} profiles and their
 * languages decide.
 *
 * <p>Here: one class per family that measures, and {@link io.peregrine.data.filters.datatrove.DatatroveAnnotator}, which
 * runs them in datatrove's order over one reading of the text. Not here: the limits ({@code conf/filters}), what a word is
 * ({@code data.text}), and decisions ({@code data.rules}).
 *
 * <p>Begin with {@link io.peregrine.data.filters.datatrove.Family}, the list of everything that is measured.
 */
package io.peregrine.data.filters.datatrove;
