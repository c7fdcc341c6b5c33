/**
 * Rules for source code: what is measured of a file, after BigCode, The Stack v2 and OpenCoder.
 *
 * <p>Here: {@link io.peregrine.data.code.CodeAnnotator}, whose signals the profiles {@code code-*.yaml} in {@code
 * conf/filters} hold against their limits. Below: {@code code.syntax} finds languages, comments and gross errors; {@code
 * code.licence} finds licences; {@code code.repo} puts the files of a repository in order. Not here: Spark ({@code
 * data.jobs.RepositoryJob}) and secrets ({@code data.pii}).
 *
 * <p>Before: {@code data.sources} made one document of a file. Read {@link io.peregrine.data.code.CodeAnnotator}, then the
 * profiles.
 */
package io.peregrine.data.code;
