package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.mixture.shard.ShardRow;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of a shard table; what they mean is in the documentation of {@code mixture.shard}. */
final class ShardTableRows {
    static final StructType SCHEMA = new StructType()
            .add("seq_ord", DataTypes.LongType, false)
            .add("tokens", DataTypes.BinaryType, false)
            .add("n_tok", DataTypes.IntegerType, false)
            .add("doc_ends", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("first_is_continuation", DataTypes.BooleanType, false)
            .add("doc_ids", DataTypes.createArrayType(DataTypes.StringType, false), false);

    private ShardTableRows() {}

    static Row toRow(ShardRow row) {
        return RowFactory.create(
                row.seqOrd(),
                row.tokens(),
                row.nTok(),
                row.docEnds(),
                row.firstIsContinuation(),
                row.docIds().toArray(String[]::new));
    }

    /**
     * A sequence from its row.
     *
     * @throws DataException if the row is not a sequence of tokens of this width
     */
    static ShardRow fromRow(Row row, int width) {
        List<Integer> docEnds = row.getList(3);
        ShardRow sequence = new ShardRow(
                row.getLong(0),
                row.getAs(1),
                row.getInt(2),
                docEnds.stream().mapToInt(Integer::intValue).toArray(),
                row.getBoolean(4),
                row.getList(5));
        if (sequence.tokens().length != (long) width * sequence.nTok()) {
            throw new DataException("sequence %d has %d tokens in %d bytes; expected %d bytes each"
                    .formatted(sequence.seqOrd(), sequence.nTok(), sequence.tokens().length, width));
        }
        return sequence;
    }

    /**
     * Puts sequences together from pieces {@code (seq_ord, slot, doc_id, from, tokens)}, sorted by the first two.
     */
    static Iterator<Row> assembled(Iterator<Row> pieces, int width) {
        return new Iterator<>() {
            private Row ahead = pieces.hasNext() ? pieces.next() : null;

            @Override
            public boolean hasNext() {
                return ahead != null;
            }

            @Override
            public Row next() {
                if (ahead == null) {
                    throw new NoSuchElementException();
                }
                long seqOrd = ahead.getLong(0);
                ShardRow.Builder sequence = new ShardRow.Builder(seqOrd, width);
                for (int slot = 0; ahead != null && ahead.getLong(0) == seqOrd; slot++) {
                    if (ahead.getInt(1) != slot) {
                        throw new IllegalStateException("sequence %d: piece %d where piece %d belongs"
                                .formatted(seqOrd, ahead.getInt(1), slot));
                    }
                    sequence.add(ahead.getString(2), ahead.getAs(4), ahead.getInt(3));
                    ahead = pieces.hasNext() ? pieces.next() : null;
                }
                return toRow(sequence.build());
            }
        };
    }
}
