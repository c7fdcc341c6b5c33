/**
 * From the bytes of a page to the text a person would read on it.
 *
 * <p>Before: {@code data.sources}, which finds the bytes. After: {@code data.filters}, which judges the text. Nothing
 * here touches a file.
 *
 * <p>{@link io.peregrine.data.extract.Charsets} decodes. {@link io.peregrine.data.extract.HtmlToText} is the whole way of
 * a page: {@link io.peregrine.data.extract.TextMass} weighs every element, {@link io.peregrine.data.extract.MainContent}
 * finds where the main text is, {@link io.peregrine.data.extract.Boilerplate} says which elements never hold any,
 * {@link io.peregrine.data.extract.BlockWalker} cuts the rest into {@link io.peregrine.data.extract.Block}s, {@link
 * io.peregrine.data.extract.BlockSelection} keeps those that read like text, {@link
 * io.peregrine.data.extract.BlockText} writes them down. The main-text rules are our own: link density and text density,
 * no word lists, so that they hold for every language.
 */
package io.peregrine.data.extract;
