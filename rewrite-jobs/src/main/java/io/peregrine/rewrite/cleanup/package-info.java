/**
 * The clean-up rewriter: puts the structure of a text in order. It is not a language model and does not paraphrase.
 *
 * <p>{@link io.peregrine.rewrite.cleanup.Blocks} cuts a text into blocks: code, formulas and tables stand as they are;
 * headings, list items and paragraphs are written the Markdown way. {@link io.peregrine.rewrite.cleanup.LineUnwrapper}
 * joins the lines of a paragraph that was broken to a width; {@link io.peregrine.rewrite.cleanup.Boilerplate} knows lines
 * that say nothing. {@link io.peregrine.rewrite.cleanup.CleanUpRewriter} puts them together. Everything is a pure function
 * of the text.
 */
package io.peregrine.rewrite.cleanup;
