package io.peregrine.trainer.loader;

import io.peregrine.data.DataException;
import io.peregrine.mixture.shard.ShardDigests;
import io.peregrine.mixture.shard.ShardRow;
import io.peregrine.trainer.loader.ShardTable.ShardFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sequences of one shard, or of a part of one, in memory, as they are stored: packed token ids and the ends of the documents.
 *
 * <p>Thread: filled by one thread, then not modified.
 */
final class ShardRows {
    /** What one row costs beside its tokens: array headers, references. */
    private static final int ROW_OVERHEAD_BYTES = 88;

    private final ShardTable table;
    private final ShardFile file;
    private final long firstRow;
    private final int rows;
    private final List<PackedSequence> sequences = new ArrayList<>();
    private final List<byte[]> digests = new ArrayList<>();
    private long bytes;

    /**
     * @param firstRow number of the first sequence
     * @param rows how many
     */
    ShardRows(ShardTable table, ShardFile file, long firstRow, int rows) {
        this.table = table;
        this.file = file;
        this.firstRow = firstRow;
        this.rows = rows;
    }

    ShardFile file() {
        return file;
    }

    /** Whether these are all rows of the file. */
    boolean whole() {
        return rows == file.rows();
    }

    /** Whether a row of the file is to be one of these. A whole file takes all, so that one too many is found. */
    boolean wants(long row) {
        return whole() || holds(row);
    }

    /** Whether these are the rows that a sequence is among. */
    boolean holds(long row) {
        return row >= firstRow && row < firstRow + rows;
    }

    /** Takes the next row over. */
    void add(ShardRow row) {
        long expected = firstRow + sequences.size();
        if (row.seqOrd() != expected) {
            throw new DataException("sequence %d where %d should be".formatted(row.seqOrd(), expected));
        }
        sequences.add(new PackedSequence(row.tokens(), row.docEnds()));
        digests.add(ShardDigests.ofRow(row));
        bytes += row.tokens().length + (long) row.docEnds().length * Integer.BYTES + ROW_OVERHEAD_BYTES;
    }

    /** Checks that these are the rows that were written. */
    void requireDigest(String written) {
        String digest = ShardDigests.ofShard(digests);
        if (!digest.equals(written)) {
            throw new DataException(
                    "%s: shard %s has %d sequences from %d on with the payload digest %s, %s was written; run the shards"
                                    .formatted(table.path(), file.name(), sequences.size(), firstRow, digest, written)
                            + " stage again");
        }
        digests.clear();
    }

    /** The sequence of this number in its stream, as it is stored. */
    PackedSequence sequence(long row) {
        return sequences.get((int) (row - firstRow));
    }

    /** About how much memory the rows take. */
    long bytes() {
        return bytes;
    }

    /**
     * Unpacks a sequence into a row of a batch; what is left of the row becomes padding.
     *
     * @param row number of the sequence in its stream
     * @param vocabSize ids the model knows
     * @param inputIds {@code (batch, seqLen)}, written from {@code offset} to {@code offset + seqLen}
     * @param segmentIds likewise
     */
    void unpack(long row, int vocabSize, int[] inputIds, int[] segmentIds, int offset, int seqLen) {
        PackedSequence sequence = sequence(row);
        byte[] packed = sequence.tokens();
        int[] ends = sequence.docEnds();
        int length = sequence.length();
        if (length > seqLen) {
            throw new DataException(at(row) + ": %d tokens, the plan's sequences have %d".formatted(length, seqLen));
        }
        boolean wide = sequence.tokenBytes() == Integer.BYTES;
        int segment = 0;
        for (int i = 0; i < length; i++) {
            segment += i == ends[segment] ? 1 : 0;
            int id = wide ? int32(packed, i * Integer.BYTES) : uint16(packed, i * Short.BYTES);
            if (id < 0 || id >= vocabSize) {
                throw new DataException(
                        at(row) + ": token %d is %d, the model's vocabulary has %d ids".formatted(i, id, vocabSize));
            }
            inputIds[offset + i] = id;
            segmentIds[offset + i] = segment;
        }
        Arrays.fill(inputIds, offset + length, offset + seqLen, 0);
        Arrays.fill(segmentIds, offset + length, offset + seqLen, TokenBatch.PADDING);
    }

    private String at(long row) {
        return "%s: shard %s, sequence %d".formatted(table.path(), file.name(), row);
    }

    private static int uint16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    private static int int32(byte[] bytes, int at) {
        return uint16(bytes, at) | uint16(bytes, at + Short.BYTES) << 16;
    }
}
