package io.peregrine.data.sources;

import io.peregrine.data.Document;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The document of one record: its text, and what its columns say of the text's origin. */
final class RecordItems {
    private RecordItems() {}

    /**
     * @param position of the record in its file: the location of a record that names none
     * @param column a column's text; empty if the record has no such column, or something else than text in it
     */
    static SourceItem of(ReadScope scope, String position, String text, Function<String, Optional<String>> column) {
        RecordColumns columns = scope.source().columns().orElse(RecordColumns.DEFAULTS);
        Optional<String> repository = first(column, columns.repositoryNames())
                .map(name -> first(column, columns.versionNames())
                        .map(version -> name + "@" + version)
                        .orElse(name));
        ReadScope own = scope.ofRecord(repository, first(column, columns.licenceNames()));
        String location =
                first(column, columns.locationNames(repository.isPresent())).orElse(position);
        if (scope.source().kind() == SourceKind.HTML_JSONL) {
            return PageFormat.page(own, location, text);
        }
        return own.document(location, first(column, columns.languageNames()).orElse(Document.UNDETERMINED), text);
    }

    /** Adds one field's text to those before it, behind an empty line; a blank one leaves no trace. */
    static void append(StringBuilder text, String part) {
        if (!part.isBlank()) {
            text.append(text.isEmpty() ? "" : "\n\n").append(part);
        }
    }

    private static Optional<String> first(Function<String, Optional<String>> column, List<String> names) {
        return names.stream()
                .map(column)
                .flatMap(Optional::stream)
                .filter(value -> !value.isBlank())
                .findFirst();
    }
}
