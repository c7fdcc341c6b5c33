package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.sources.SourceItem;
import io.peregrine.data.sources.SourceReader;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** All that reading one file, or a part of it, gives, as rows of one shape: its documents, its rejections, and at the end its counts. */
final class IngestRows implements Iterator<Row> {
    static final int DOCUMENT = 0;
    static final int REJECTED = 1;
    static final int COUNT = 2;

    static final StructType SCHEMA = new StructType()
            .add("type", DataTypes.IntegerType, false)
            .add("source", DataTypes.StringType, false)
            .add("origin", DataTypes.StringType, false)
            .add("position", DataTypes.StringType)
            .add("reason", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("n", DataTypes.LongType)
            .add("id", DataTypes.StringType)
            .add("domain", DataTypes.StringType)
            .add("location", DataTypes.StringType)
            .add("repository", DataTypes.StringType)
            .add("licence", DataTypes.StringType)
            .add("language", DataTypes.StringType)
            .add("text", DataTypes.StringType);

    private final FileTask task;
    private final SourceReader reader;
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private Optional<Row> ahead = Optional.empty();
    private boolean closed;

    IngestRows(FileTask task) {
        this.task = task;
        this.reader = task.open();
        count("files", task.start() == 0 ? 1 : 0);
        count("file-bytes", task.bytes());
    }

    @Override
    public boolean hasNext() {
        if (ahead.isEmpty()) {
            ahead = advance();
        }
        return ahead.isPresent();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all of " + task.origin() + " is read");
        }
        Row row = ahead.orElseThrow();
        ahead = Optional.empty();
        return row;
    }

    private Optional<Row> advance() {
        while (!closed && reader.hasNext()) {
            SourceItem item = reader.next();
            if (item instanceof SourceItem.Accepted accepted) {
                return Optional.of(document(accepted.document()));
            }
            if (item instanceof SourceItem.Rejected rejected) {
                return Optional.of(
                        row(REJECTED, rejected.position(), rejected.reason().key(), rejected.detail(), 1));
            }
            count("skipped." + ((SourceItem.Skipped) item).reason().key(), 1);
        }
        if (!closed) {
            reader.close();
            closed = true;
        }
        return Optional.ofNullable(counts.pollFirstEntry())
                .map(count -> row(COUNT, "", count.getKey(), "", count.getValue()));
    }

    private Row row(int type, String position, String reason, String detail, long n) {
        return RowFactory.create(
                type,
                task.source(),
                task.origin(),
                position,
                reason,
                detail,
                n,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static Row document(Document document) {
        return RowFactory.create(
                DOCUMENT,
                document.source(),
                document.origin(),
                null,
                null,
                null,
                1L,
                document.id(),
                document.domain(),
                document.location(),
                document.repository(),
                document.licence(),
                document.language(),
                document.text());
    }

    private void count(String name, long n) {
        counts.merge(name, n, Long::sum);
    }
}
