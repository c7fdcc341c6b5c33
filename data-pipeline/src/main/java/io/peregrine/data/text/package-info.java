/**
 * What a character and a word are: the ground that filters and near-duplicate detection share.
 *
 * <p>Here: Unicode facts from ICU4J, whose version is pinned so that a new JDK cannot change a result, lower case and
 * decomposition in linear time ({@link io.peregrine.data.text.UnicodeText}), and two definitions of a word: {@link
 * io.peregrine.data.text.Words}, and spaCy's for the languages that it cuts by rules. Not here: any judgement. Used by all
 * that reads texts.
 *
 * <p>Read {@link io.peregrine.data.text.CodePoints}, then {@link io.peregrine.data.text.Words}, which defines a word. Of
 * spaCy's, {@link io.peregrine.data.text.SpacyWords} cuts, {@code SpacyLanguages} says what a language cuts, in {@code
 * SpacyRule}s, and lists of words are resources.
 */
package io.peregrine.data.text;
