/**
 * Documents made of whole repositories: files in an order in which what is imported comes first, as many as fit a context.
 *
 * <p>Read {@link io.peregrine.data.code.repo.RepositoryPacker}, then {@link io.peregrine.data.code.repo.RepositoryOrder}.
 * Not here: collecting the files of a repository, which is {@code data.jobs.RepositoryJob}.
 */
package io.peregrine.data.code.repo;
