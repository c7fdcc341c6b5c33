/**
 * What can be known of a source file without parsing it: its language, its comments and literals, its gross errors.
 *
 * <p>Here: the table of languages ({@code languages.txt}, {@code hints.txt}), finding a file's language, and a lexer that
 * the table drives. Not here: judgement, which is {@code data.code}, and relations between files, {@code data.code.repo}.
 *
 * <p>Read {@link io.peregrine.data.code.syntax.CodeLanguages}, then {@link io.peregrine.data.code.syntax.SourceScanner}.
 */
package io.peregrine.data.code.syntax;
