package io.peregrine.data.jobs;

import io.peregrine.data.tokenizer.PreTokenizer;
import io.peregrine.data.tokenizer.PretokenCount;
import io.peregrine.data.tokenizer.PretokenCounter;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
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
    /** A pre-token, its count, and how much of that is from marked texts; in the row of {@link #OVERLONG} what was left out. */
    static final StructType SCHEMA = new StructType()
            .add("pretoken", DataTypes.StringType, false)
            .add("count", DataTypes.LongType, false)
            .add("marked", DataTypes.LongType, false)
            .add("overlong_bytes", DataTypes.LongType, false);

    static final Encoder<Row> ENCODER = Encoders.row(SCHEMA);

    /** No pre-token is empty, so the empty one is free to stand for those that were too long. */
    static final String OVERLONG = "";

    private static final int PORTION = 1 << 20;

    private final Iterator<Row> texts;
    private final PreTokenizer preTokenizer;
    private final Queue<Iterator<Row>> portions = new ArrayDeque<>();
    private long overlong;
    private long overlongBytes;

    /** @param texts rows of a text, its weight as an int, and whether it is marked */
    PretokenRows(Iterator<Row> texts, PreTokenizer preTokenizer) {
        this.texts = texts;
        this.preTokenizer = preTokenizer;
    }

    @Override
    public boolean hasNext() {
        while (!portions.isEmpty() && !portions.peek().hasNext()) {
            portions.remove();
        }
        if (portions.isEmpty() && texts.hasNext()) {
            countPortion();
            return hasNext();
        }
        return !portions.isEmpty() || overlong > 0;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (!portions.isEmpty()) {
            return portions.peek().next();
        }
        Row left = RowFactory.create(OVERLONG, overlong, 0L, overlongBytes);
        overlong = 0;
        overlongBytes = 0;
        return left;
    }

    private void countPortion() {
        PretokenCounter marked = new PretokenCounter(preTokenizer);
        PretokenCounter others = new PretokenCounter(preTokenizer);
        while (texts.hasNext() && marked.size() + others.size() < PORTION) {
            Row text = texts.next();
            (text.getBoolean(2) ? marked : others).add(text.getString(0), text.getInt(1));
        }
        portions.add(rows(others, false));
        portions.add(rows(marked, true));
        overlong += marked.overlong() + others.overlong();
        overlongBytes += marked.overlongBytes() + others.overlongBytes();
    }

    private static Iterator<Row> rows(PretokenCounter counter, boolean marked) {
        Iterator<PretokenCount> counts = counter.counts();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return counts.hasNext();
            }

            @Override
            public Row next() {
                PretokenCount count = counts.next();
                return RowFactory.create(count.pretoken(), count.count(), marked ? count.count() : 0L, 0L);
            }
        };
    }
}
