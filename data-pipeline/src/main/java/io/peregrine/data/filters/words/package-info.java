/**
 * The definitions of a word that published filters use, each a {@link io.peregrine.data.text.WordSplitter}.
 *
 * <p>{@link io.peregrine.data.filters.words.SeparatedWords}: what Python's {@code str.split} and fastText call a word.
 * {@link io.peregrine.data.filters.words.SegmentWords}: the segments of Unicode Standard Annex 29, as the uniseg package
 * makes them. {@link io.peregrine.data.filters.words.PunctWords}: NLTK's WordPunct. {@link
 * io.peregrine.data.filters.words.UnicodeWords}: {@code data.text}'s own, behind the same interface. {@link
 * io.peregrine.data.filters.words.JiebaWords}, {@link io.peregrine.data.filters.words.IndicWords} and {@link
 * io.peregrine.data.filters.words.MorphemeWords}: languages that are written without spaces, or cut by marks alone.
 *
 * <p>Not here: spaCy's rules, which are in {@code data.text}. Read {@link
 * io.peregrine.data.filters.words.WordSplitters} first: it knows them by name.
 */
package io.peregrine.data.filters.words;
