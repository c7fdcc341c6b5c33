/**
 * The Gopher rules as Dolma's toolkit measures them and as Dolma's recipes limit them: profile {@code dolma-v1},
 * definitions {@code dolma}.
 *
 * <p>{@link io.peregrine.data.filters.dolma.DolmaAnnotator} measures; the text is never changed. The limits and their
 * order are {@code conf/filters/dolma-v1.yaml}. Not here: the removal of lines without end punctuation that Dolma takes
 * over from C4, its deduplication, its toxicity taggers and its personal data, which are other families.
 *
 * @see <a href="https://arxiv.org/abs/2402.00159">Dolma: an Open Corpus of Three Trillion Tokens</a>, section 5.2
 */
package io.peregrine.data.filters.dolma;
