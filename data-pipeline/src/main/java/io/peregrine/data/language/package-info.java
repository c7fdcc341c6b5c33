/**
 * Which language a text is in.
 *
 * <p>Here: the question ({@link io.peregrine.data.language.LanguageIdentifier}), its answer ({@link
 * io.peregrine.data.language.Identification}) and the identifier in use, which reads OpenNLP's language model. Not here:
 * which languages are wanted; {@code data.filters} decides that.
 *
 * <p>Read {@link io.peregrine.data.language.LanguageIdentifier}, then {@link
 * io.peregrine.data.language.TextSample}, which bounds what is looked at, then {@link
 * io.peregrine.data.language.OpenNlpLanguageIdentifier}.
 */
package io.peregrine.data.language;
