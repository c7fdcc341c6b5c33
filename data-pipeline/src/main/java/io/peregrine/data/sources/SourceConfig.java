package io.peregrine.data.sources;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One source of a run: files of one kind, from one origin, under one licence.
 *
 * @param name see {@link Key}, as for all components
 */
public record SourceConfig(
        @Key(doc = "name of the source, unique in the run; lower-case letters, digits and dashes")
        String name,

        @Key(
                doc =
                        "what the files are: jsonl, html-jsonl, parquet, html, html-archive, code-archive, warc, text or languagetool-examples")
        SourceKind kind,

        @Key(
                doc =
                        "what kind of text it is: web, code, math, multilingual, curated, ...; mixture streams are made of domains")
        String domain,

        @Key(doc = "files, folders and globs, relative to the working directory")
        List<String> paths,

        @Key(doc = "licence of the texts, as an SPDX expression where there is one")
        String licence,

        @Key(
                doc =
                        "language of the texts as a BCP 47 code, where all share one; otherwise what each document says of itself")
        Optional<String> language,

        @Key(
                doc =
                        "for jsonl, html-jsonl and parquet: the fields that make the text, joined by an empty line; 'text' or 'html' if not given. In JSON also paths: prompt.text, conversations[].value")
        Optional<List<String>> fields,

        @Key(
                doc =
                        "for jsonl, html-jsonl and parquet: the columns that say where a text comes from, where not the usual ones")
        Optional<RecordColumns> columns,

        @Key(doc = "globs over the paths inside an archive or folder that are left out, for example '**/class-use/*'")
        Optional<List<String>> exclude,

        @Key(doc = "how much one input may cost; the defaults suit pages, source files and crawls")
        Optional<SourceLimits> limits) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*");

    public SourceConfig {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigException("name", name, "must be lower-case letters, digits and dashes");
        }
        if (!NAME.matcher(domain).matches()) {
            throw new ConfigException("domain", domain, "must be lower-case letters, digits and dashes");
        }
        if (paths.isEmpty()) {
            throw new ConfigException("paths", paths, "must name at least one file, folder or glob");
        }
        if (licence.isBlank()) {
            throw new ConfigException("licence", "''", "must say under which licence the texts are");
        }
        if (language.isPresent() && !LANGUAGE.matcher(language.get()).matches()) {
            throw new ConfigException("language", language.get(), "must be a BCP 47 code such as 'de' or 'pt-BR'");
        }
        boolean records = kind == SourceKind.JSONL || kind == SourceKind.HTML_JSONL || kind == SourceKind.PARQUET;
        if (fields.isPresent() && (!records || fields.get().isEmpty())) {
            throw new ConfigException(
                    "fields", fields.get(), "names the fields of a jsonl, html-jsonl or parquet source");
        }
        if (columns.isPresent() && !records) {
            throw new ConfigException(
                    "columns", columns.get(), "names the columns of a jsonl, html-jsonl or parquet source");
        }
        paths = List.copyOf(paths);
        fields = fields.map(List::copyOf);
        exclude = exclude.map(List::copyOf);
    }

    /** The fields or columns that make the text, in order. */
    List<String> textFields() {
        return fields.orElse(List.of(kind == SourceKind.HTML_JSONL ? "html" : "text"));
    }
}
