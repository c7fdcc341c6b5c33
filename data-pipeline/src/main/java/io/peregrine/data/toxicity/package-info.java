/**
 * Counts words of lists that a document should not be full of, as C4 does with its list of bad words (arXiv:1910.10683,
 * section 2.2).
 *
 * <p>{@link io.peregrine.data.toxicity.ToxicityAnnotator} measures, {@link io.peregrine.data.toxicity.ToxicityConfig} names
 * the lists by language. No list is shipped; without one nothing is measured. Word lists know no context: they hit medicine,
 * law, dialects and the people they are about, so look at what a limit drops before you trust it.
 */
package io.peregrine.data.toxicity;
