package io.peregrine.data.sources;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which columns of a record say where its text comes from: fields of a JSON line, columns of a Parquet row.
 *
 * <p>A role without a column of its own takes the first of its usual names that the record has as text and not blank.
 * The usual names are a closed list: {@code url, path, id} for the location ({@code path, url, id} in a record that names
 * a repository), {@code repo, repository, repo_name} for the repository, {@code version}, {@code licence, license}, and
 * {@code lang, language}.
 *
 * @param location see {@link Key}, as for all components
 */
public record RecordColumns(
        @Key(doc = "column with the address or path of the text; 'url', 'path' or 'id' if not given")
        Optional<String> location,

        @Key(doc = "column with the repository that a file is of; 'repo', 'repository' or 'repo_name' if not given")
        Optional<String> repository,

        @Key(
                doc =
                        "column with the version of the repository, joined to its name by '@'; 'version' if not given, and nothing without a repository")
        Optional<String> version,

        @Key(doc = "column with the licence of the text, which wins over that of the source; 'licence' or 'license'")
        Optional<String> licence,

        @Key(doc = "column with the language of the text; 'lang' or 'language' if not given")
        Optional<String> language) {
    /** The usual names. */
    public static final RecordColumns DEFAULTS =
            new RecordColumns(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public RecordColumns {
        Stream.of(location, repository, version, licence, language)
                .flatMap(Optional::stream)
                .filter(String::isBlank)
                .findFirst()
                .ifPresent(blank -> {
                    throw new ConfigException("columns", "'" + blank + "'", "must be the name of a column");
                });
    }

    List<String> locationNames(boolean ofRepository) {
        return location.map(List::of)
                .orElse(ofRepository ? List.of("path", "url", "id") : List.of("url", "path", "id"));
    }

    List<String> repositoryNames() {
        return repository.map(List::of).orElse(List.of("repo", "repository", "repo_name"));
    }

    List<String> versionNames() {
        return version.map(List::of).orElse(List.of("version"));
    }

    List<String> licenceNames() {
        return licence.map(List::of).orElse(List.of("licence", "license"));
    }

    List<String> languageNames() {
        return language.map(List::of).orElse(List.of("lang", "language"));
    }

    /** Every column that may be looked at. */
    List<String> all() {
        return Stream.of(locationNames(false), repositoryNames(), versionNames(), licenceNames(), languageNames())
                .flatMap(List::stream)
                .toList();
    }
}
