/**
 * From the bytes of a page to the text a person would read on it.
 *
 * <p>Before: {@code data.sources}, which finds the bytes. After: {@code data.filters}, which judges the text. Nothing
 * here touches a file.
 *
 * <p>{@link io.peregrine.data.extract.Charsets} decodes. {@link io.peregrine.data.extract.HtmlToText} is the whole way of
 * a page: {@link io.peregrine.data.extract.TextMass} weighs every element and reads its names ({@link
 * io.peregrine.data.extract.ElementNames}), {@link io.peregrine.data.extract.MainContent} finds where the main text is,
 * {@link io.peregrine.data.extract.Boilerplate} says which elements never hold any, {@link
 * io.peregrine.data.extract.BlockWalker} cuts the rest into {@link io.peregrine.data.extract.Block}s, {@link
 * io.peregrine.data.extract.BlockSelection} keeps those that read like text, without the lines that many sites share
 * ({@link io.peregrine.data.extract.StockPhrases}), {@link io.peregrine.data.extract.BlockText} writes them down.
 * {@link io.peregrine.data.extract.StructuredData} stands in where the markup is empty.
 *
 * <p>{@link io.peregrine.data.extract.Formulas} finds the LaTeX of formulas; {@link io.peregrine.data.extract.MathMl}
 * makes it where a page has MathML only.
 *
 * <p>The rules are our own: link density and text density for every language, the words of stylesheets, which are English
 * nearly everywhere, and a short list of phrases in the languages of most of the web.
 */
package io.peregrine.data.extract;
