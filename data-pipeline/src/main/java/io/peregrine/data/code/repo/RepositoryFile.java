package io.peregrine.data.code.repo;

/**
 * One file of a repository.
 *
 * @param path inside the repository, with {@code /} between folders
 * @param language name of its language, see {@code CodeLanguages}; may be one that is not known there
 * @param licence SPDX expression; may be empty
 * @param text content
 */
public record RepositoryFile(String path, String language, String licence, String text) {}
