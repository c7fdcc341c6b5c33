/**
 * The quality signals of RedPajama-V2, under their published names: profile {@code rpv2}, definitions {@code redpajama}.
 *
 * <p>{@link io.peregrine.data.filters.redpajama.RedPajamaAnnotator} measures; the text is never changed. The data set was
 * published unfiltered, with an example of the Gopher rules beside it: those are {@code conf/filters/rpv2.yaml}. {@link
 * io.peregrine.data.filters.redpajama.NormalText} is the normalised text that half of the signals are about.
 *
 * <p>Not here: the signals that need a list or a model (LDNOOBW, UT1, the fastText and importance scores, CCNet's
 * perplexity), and those that are one number a line, of which the sum or the share over the lines is measured instead.
 *
 * @see <a href="https://arxiv.org/abs/2411.12372">RedPajama: an Open Dataset for Training LLMs</a>, section 4 and table 5
 */
package io.peregrine.data.filters.redpajama;
