/**
 * The words in which every filter speaks: what is measured of a document, and what is asked of the measured.
 *
 * <p>A family of rules comes in two halves. An {@link io.peregrine.data.rules.Annotator} measures: one value per {@link
 * io.peregrine.data.rules.Signal}, in one pass over the text, with nothing decided; the values become columns. {@link
 * io.peregrine.data.rules.Rule}s decide: a reason, a signal, a side and a limit, held against those columns without
 * another look at the text. A {@link io.peregrine.data.rules.Profile} is the list of rules in the order in which they
 * decide, with limits of their own for some languages; the profiles that ship are {@code conf/filters/*.yaml}.
 *
 * <p>Not here: any family. Those are {@code data.filters} and the packages that it wires: {@code data.language}, {@code
 * data.url}, {@code data.code}, {@code data.math}, {@code data.pii}, {@code data.quality}.
 */
package io.peregrine.data.rules;
