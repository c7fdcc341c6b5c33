package io.peregrine.data.sources;

import io.peregrine.data.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Reads one file, item by item. A fault in the file is an item too ({@link SourceItem.Rejected}), never an exception.
 *
 * <p>Thread: one at a time. The caller closes the reader, whether or not it read to the end.
 */
public abstract class SourceReader implements Iterator<SourceItem>, Closeable {
    final ReadScope scope;
    private Optional<SourceItem> ahead = Optional.empty();
    private boolean finished;

    SourceReader(ReadScope scope) {
        this.scope = scope;
    }

    /** The next item, or nothing at the end. The file is opened on the first call. */
    abstract Optional<SourceItem> advance() throws IOException;

    /** Where the reader stands, for the report of a fault. */
    abstract String position();

    @Override
    public final boolean hasNext() {
        if (ahead.isEmpty() && !finished) {
            ahead = guarded();
            finished |= ahead.isEmpty();
        }
        return ahead.isPresent();
    }

    @Override
    public final SourceItem next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no item is left");
        }
        SourceItem item = ahead.orElseThrow();
        ahead = Optional.empty();
        return item;
    }

    private Optional<SourceItem> guarded() {
        try {
            return advance();
        } catch (IOException e) {
            finished = true;
            return Optional.of(scope.rejected(position(), Faults.reason(e), Faults.detail(e)));
        }
    }

    /** Frees the file. */
    @Override
    public void close() {
        try {
            release();
        } catch (IOException e) {
            throw new DataException(
                    "%s: cannot be closed: %s".formatted(scope.file().path(), e.getMessage()), e);
        }
    }

    abstract void release() throws IOException;
}
