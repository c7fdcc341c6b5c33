package io.peregrine.rewrite.jobs;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** Any number of rows for each, computed when they are asked for. */
final class FlatRows {
    private FlatRows() {}

    static <A, B> Iterator<B> of(Iterator<A> rows, Function<A, Iterator<B>> function) {
        return new Iterator<>() {
            private Iterator<B> current = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && rows.hasNext()) {
                    current = function.apply(rows.next());
                }
                return current.hasNext();
            }

            @Override
            public B next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return current.next();
            }
        };
    }
}
