package io.peregrine.data.jobs;

import io.peregrine.data.manifest.PayloadDigest;
import org.apache.spark.sql.Row;
import scala.collection.Iterator;
import scala.collection.Seq;

/** The canonical encoding of Spark's values: what a column's value adds to its row's digest. */
final class RowDigests {
    private RowDigests() {}

    static void add(PayloadDigest digest, Object value) {
        if (value == null) {
            digest.addNull();
        } else if (value instanceof String text) {
            digest.add(text);
        } else if (value instanceof byte[] bytes) {
            digest.add(bytes);
        } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
            digest.add(((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            digest.add(((Number) value).doubleValue());
        } else if (value instanceof Boolean truth) {
            digest.add(truth.booleanValue());
        } else if (value instanceof Seq<?> list) {
            digest.list(list.size());
            for (Iterator<?> it = list.iterator(); it.hasNext(); ) {
                add(digest, it.next());
            }
        } else if (value instanceof Row row) {
            digest.list(row.size());
            for (int i = 0; i < row.size(); i++) {
                add(digest, row.get(i));
            }
        } else {
            throw new IllegalStateException("no canonical encoding for " + value.getClass());
        }
    }
}
