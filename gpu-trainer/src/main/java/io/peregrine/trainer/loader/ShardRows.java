package io.peregrine.trainer.loader;

import io.peregrine.data.DataException;
import io.peregrine.trainer.loader.ShardTable.ShardFile;
import java.util.Arrays;

/**
 * The sequences of one shard file in memory, as they are stored: packed token ids and the ends of the documents.
 *
 * <p>Thread: filled by one thread, then not modified.
 */
final class ShardRows {
    static final String SEQ_ORD = "seq_ord";
    static final String TOKENS = "tokens";
    static final String DOC_ENDS = "doc_ends";

    /** What one row costs beside its tokens: array headers, references. */
    private static final int ROW_OVERHEAD_BYTES = 64;

    private final ShardTable table;
    private final ShardFile file;
    private final byte[][] tokens;
    private final int[][] docEnds;
    private long bytes;

    ShardRows(ShardTable table, ShardFile file) {
        this.table = table;
        this.file = file;
        this.tokens = new byte[file.rows()][];
        this.docEnds = new int[file.rows()][];
    }

    /** Takes a row over, wherever in the file it stood. */
    void add(long row, byte[] packed, int[] ends) {
        long index = row - file.firstRow();
        if (index < 0 || index >= tokens.length) {
            throw new DataException(
                    at(row) + ": the file should hold the sequences %d to %d".formatted(file.firstRow(), lastRow()));
        }
        if (tokens[(int) index] != null) {
            throw new DataException(at(row) + ": the sequence is there twice");
        }
        checkEnds(row, packed, ends);
        tokens[(int) index] = packed;
        docEnds[(int) index] = ends;
        bytes += packed.length + (long) ends.length * Integer.BYTES + ROW_OVERHEAD_BYTES;
    }

    private void checkEnds(long row, byte[] packed, int[] ends) {
        int previous = 0;
        for (int end : ends) {
            if (end <= previous) {
                throw new DataException(
                        at(row) + ": the document ends %s do not rise".formatted(Arrays.toString(ends)));
            }
            previous = end;
        }
        boolean fits = previous > 0
                && (packed.length == (long) previous * Short.BYTES || packed.length == (long) previous * Integer.BYTES);
        if (!fits) {
            throw new DataException(at(row)
                    + ": %d bytes of tokens do not fit documents that end at token %d"
                            .formatted(packed.length, previous));
        }
    }

    /** Checks that the file held every sequence its log entry promised. */
    void finish() {
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] == null) {
                throw new DataException(at(file.firstRow() + i) + ": the sequence is missing");
            }
        }
    }

    /** About how much memory the rows take. */
    long bytes() {
        return bytes;
    }

    /**
     * Unpacks a sequence into a row of a batch; what is left of the row becomes padding.
     *
     * @param row ordinal of the sequence
     * @param vocabSize ids the model knows
     * @param inputIds {@code (batch, seqLen)}, written from {@code offset} to {@code offset + seqLen}
     * @param segmentIds likewise
     */
    void unpack(long row, int vocabSize, int[] inputIds, int[] segmentIds, int offset, int seqLen) {
        int index = (int) (row - file.firstRow());
        byte[] packed = tokens[index];
        int[] ends = docEnds[index];
        int length = ends[ends.length - 1];
        if (length > seqLen) {
            throw new DataException(at(row) + ": %d tokens, the plan's sequences have %d".formatted(length, seqLen));
        }
        boolean wide = packed.length == (long) length * Integer.BYTES;
        int segment = 0;
        for (int i = 0; i < length; i++) {
            segment += i == ends[segment] ? 1 : 0;
            int id = wide ? int32(packed, i * Integer.BYTES) : uint16(packed, i * Short.BYTES);
            if (id < 0 || id >= vocabSize) {
                throw new DataException(
                        at(row) + ": token %d is %d, the model's vocabulary has %d".formatted(i, id, vocabSize));
            }
            inputIds[offset + i] = id;
            segmentIds[offset + i] = segment;
        }
        Arrays.fill(inputIds, offset + length, offset + seqLen, 0);
        Arrays.fill(segmentIds, offset + length, offset + seqLen, TokenBatch.PADDING);
    }

    private long lastRow() {
        return file.firstRow() + file.rows() - 1;
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
