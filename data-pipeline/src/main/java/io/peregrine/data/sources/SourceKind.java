package io.peregrine.data.sources;

import com.fasterxml.jackson.annotation.JsonValue;

/** The kinds of input that a source can be made of. */
public enum SourceKind {
    /** One JSON object a line, plain, gzip or zstd; fields of it are text. */
    JSONL("jsonl"),
    /** One JSON object a line, plain, gzip or zstd; fields of it are HTML pages. */
    HTML_JSONL("html-jsonl"),
    /** Parquet files with a row a document, as FineWeb's; columns of it are text. */
    PARQUET("parquet"),
    /** HTML files, and folders of them. */
    HTML("html"),
    /** Zip, jar or tar archives (tar plain, gzip or zstd) of HTML files; the javadoc.jar of a library is one. */
    HTML_ARCHIVE("html-archive"),
    /** Program source: files, folders, and zip, jar or tar archives of them; one document a file. */
    CODE_ARCHIVE("code-archive"),
    /** Web captures, plain or gzip: HTML responses, and plain-text conversions (WET). */
    WARC("warc"),
    /** Plain-text files, and folders of them. */
    TEXT("text"),
    /** LanguageTool language jars: the example sentences of their grammar rules. */
    LANGUAGETOOL_EXAMPLES("languagetool-examples");

    private final String key;

    SourceKind(String key) {
        this.key = key;
    }

    /** The name in a run file. */
    @JsonValue
    public String key() {
        return key;
    }
}
