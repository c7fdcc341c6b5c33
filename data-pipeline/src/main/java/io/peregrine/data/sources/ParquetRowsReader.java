package io.peregrine.data.sources;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A Parquet file with a row a document: FineWeb's {@code text, id, dump, url, date, file_path, language, ...}, or any
 * other with a text column. Only columns that are asked for are read; {@link RecordColumns} says what they mean.
 *
 * <p>Row groups are read one at a time, row by row. A damaged one costs its rows from the damage on, a broken footer costs
 * the file. Positions count row groups, and rows in them, from 0.
 */
final class ParquetRowsReader extends SourceReader {
    private Optional<ParquetRows> rows = Optional.empty();
    private Optional<InflationBudget> budget = Optional.empty();
    private boolean ended;
    private int group = -1;
    private long row;
    private long rowsLeft;

    ParquetRowsReader(ReadScope scope) {
        super(scope);
    }

    @Override
    Optional<SourceItem> advance() throws IOException {
        if (rows.isEmpty() && !ended) {
            Optional<SourceItem> fault = open();
            if (fault.isPresent()) {
                return fault;
            }
        }
        if (ended) {
            return Optional.empty();
        }
        ParquetRows file = rows.orElseThrow();
        try {
            while (rowsLeft == 0) {
                group++;
                if (group >= file.groups()) {
                    ended = true;
                    return Optional.empty();
                }
                Optional<SourceItem> fault = enter(file);
                if (fault.isPresent()) {
                    return fault;
                }
            }
            rowsLeft--;
            row++;
            file.step();
            return Optional.of(item(file));
        } catch (IOException e) {
            long lost = rowsLeft + (row < 0 ? 0 : 1);
            rowsLeft = 0;
            return Optional.of(scope.rejected(
                    position(), Faults.reason(e), "%s (%d rows lost)".formatted(Faults.detail(e), lost)));
        }
    }

    /** A broken footer is the first part's to report; the others have no rows then. */
    private Optional<SourceItem> open() throws IOException {
        TreeSet<String> columns = new TreeSet<>(scope.source().textFields());
        columns.addAll(scope.source().columns().orElse(RecordColumns.DEFAULTS).all());
        ParquetRows file;
        try {
            file = ParquetRows.open(scope.file().path(), columns);
        } catch (IOException e) {
            ended = true;
            return ofFirst(scope.rejected("footer", Faults.reason(e), Faults.detail(e)));
        }
        rows = Optional.of(file);
        for (String field : scope.source().textFields()) {
            if (!file.has(field)) {
                ended = true;
                return ofFirst(scope.rejected(
                        "footer", RejectReason.MISSING_FIELD, "column '%s' is missing or not text".formatted(field)));
            }
        }
        return Optional.empty();
    }

    private Optional<SourceItem> ofFirst(SourceItem fault) {
        return scope.part().isFirst() ? Optional.of(fault) : Optional.empty();
    }

    private Optional<SourceItem> enter(ParquetRows file) throws IOException {
        row = -1;
        long start = file.start(group);
        if (start < scope.part().start() || start >= scope.part().end()) {
            return Optional.empty();
        }
        long stored = file.storedBytes(group);
        if (stored > ParquetRows.HELD_BYTES_MAX) {
            return Optional.of(scope.rejected(
                    position(),
                    RejectReason.TOO_LARGE,
                    "a row group of %d bytes (%d rows lost); at most %d are read at once"
                            .formatted(stored, file.count(group), ParquetRows.HELD_BYTES_MAX)));
        }
        budget = Optional.of(new InflationBudget(scope.limits(), stored));
        rowsLeft = file.count(group);
        file.enter(group);
        return Optional.empty();
    }

    private SourceItem item(ParquetRows file) throws IOException {
        StringBuilder text = new StringBuilder();
        long bytes = 0;
        for (String field : scope.source().textFields()) {
            Optional<ByteBuffer> value = file.value(field);
            if (value.isEmpty()) {
                return scope.rejected(position(), RejectReason.MISSING_FIELD, "column '%s' is null".formatted(field));
            }
            bytes += value.get().remaining();
            if (bytes > scope.limits().maxDocumentBytes()) {
                return scope.tooLarge(position());
            }
            try {
                RecordItems.append(
                        text,
                        StandardCharsets.UTF_8.newDecoder().decode(value.get()).toString());
            } catch (CharacterCodingException e) {
                return scope.rejected(
                        position(), RejectReason.MALFORMED_UTF8, "column '%s' is not UTF-8".formatted(field));
            }
        }
        // A dictionary can make gigabytes of one value.
        budget.orElseThrow().count(bytes);
        return RecordItems.of(
                scope,
                position(),
                text.toString(),
                name -> file.value(name)
                        .filter(value -> value.remaining() <= scope.limits().maxDocumentBytes())
                        .map(value -> StandardCharsets.UTF_8.decode(value).toString()));
    }

    @Override
    String position() {
        return row < 0 ? "row group " + group : "row group %d, row %d".formatted(group, row);
    }

    @Override
    void release() throws IOException {
        if (rows.isPresent()) {
            rows.get().close();
        }
    }
}
