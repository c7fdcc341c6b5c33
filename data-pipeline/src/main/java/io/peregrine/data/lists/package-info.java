/**
 * Lists that people keep: domains, words, phrases, one a line; and how to look things up in them in linear time.
 *
 * <p>{@link io.peregrine.data.lists.ListFile} reads a file, {@link io.peregrine.data.lists.HashedNames} answers whether a
 * name is in a list of millions, {@link io.peregrine.data.lists.AhoCorasick} finds all phrases of a list in a text. Not
 * here: any list. Used by {@code data.url} and {@code data.toxicity}.
 */
package io.peregrine.data.lists;
