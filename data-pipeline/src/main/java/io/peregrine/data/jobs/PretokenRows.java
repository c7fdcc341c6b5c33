package io.peregrine.data.jobs;

import io.peregrine.data.tokenizer.PretokenCount;
import io.peregrine.data.tokenizer.PretokenCounter;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Counts the pre-tokens of a partition's texts and hands the counts out in portions, so that memory is bounded however
 * many different ones there are. The same pre-token may come again in a later portion.
 */
final class PretokenRows implements Iterator<Row> {
    /** A pre-token and its count; the row of {@link #OVERLONG} holds those left out, and their bytes. */
    static final StructType SCHEMA = new StructType()
            .add("pretoken", DataTypes.StringType, false)
            .add("count", DataTypes.LongType, false)
            .add("overlong_bytes", DataTypes.LongType, false);

    static final Encoder<Row> ENCODER = Encoders.row(SCHEMA);

    /** No pre-token is empty, so the empty one is free to stand for those that were too long. */
    static final String OVERLONG = "";

    private static final int PORTION = 1 << 20;

    private final Iterator<Row> texts;
    private Iterator<PretokenCount> portion = java.util.Collections.emptyIterator();
    private long overlong;
    private long overlongBytes;

    /** @param texts rows whose first column is a text */
    PretokenRows(Iterator<Row> texts) {
        this.texts = texts;
    }

    @Override
    public boolean hasNext() {
        if (!portion.hasNext() && texts.hasNext()) {
            countPortion();
        }
        return portion.hasNext() || overlong > 0;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (portion.hasNext()) {
            PretokenCount count = portion.next();
            return RowFactory.create(count.pretoken(), count.count(), 0L);
        }
        Row left = RowFactory.create(OVERLONG, overlong, overlongBytes);
        overlong = 0;
        overlongBytes = 0;
        return left;
    }

    private void countPortion() {
        PretokenCounter counter = new PretokenCounter();
        while (texts.hasNext() && counter.size() < PORTION) {
            counter.add(texts.next().getString(0));
        }
        portion = counter.counts();
        overlong += counter.overlong();
        overlongBytes += counter.overlongBytes();
    }
}
