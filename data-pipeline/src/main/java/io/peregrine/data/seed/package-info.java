/**
 * Random draws that repeat: one seed per run, a named child for each use, a generator of our own.
 *
 * <p>Read {@link io.peregrine.data.seed.SeedStream}. The JDK does not promise the sequence of its generators from one
 * release to the next; this one is pinned by golden values in its test.
 */
package io.peregrine.data.seed;
