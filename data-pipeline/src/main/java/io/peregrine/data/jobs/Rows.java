package io.peregrine.data.jobs;

import java.util.Iterator;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** Iterators over rows that compute each row when it is asked for. */
final class Rows {
    private Rows() {}

    /** One row for each. */
    static Iterator<Row> map(Iterator<Row> rows, Function<Row, Row> function) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return function.apply(rows.next());
            }
        };
    }

    /** Any number of rows for each. */
    static Iterator<Row> flatMap(Iterator<Row> rows, Function<Row, Iterator<Row>> function) {
        return new Iterator<>() {
            private Iterator<Row> current = java.util.Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && rows.hasNext()) {
                    current = function.apply(rows.next());
                }
                return current.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new java.util.NoSuchElementException();
                }
                return current.next();
            }
        };
    }
}
