package io.peregrine.trainer.ops.cuda;

/** The rows at which each token id stands: a counting sort, which keeps the order of rows of one id. */
final class RowsById {
    private final int[] ids;
    private final int[] first;
    private final int[] rows;

    private RowsById(int[] ids, int[] first, int[] rows) {
        this.ids = ids;
        this.first = first;
        this.rows = rows;
    }

    /** Sorts; rows of the id {@code without} are left out. */
    static RowsById of(int[] tokens, int vocab, int without) {
        int[] starts = new int[vocab + 1];
        int unique = 0;
        for (int id : tokens) {
            if (id != without && starts[id + 1]++ == 0) {
                unique++;
            }
        }
        int[] ids = new int[unique];
        int[] first = new int[unique + 1];
        int at = 0;
        for (int id = 0; id < vocab; id++) {
            if (starts[id + 1] > 0) {
                ids[at] = id;
                first[at++] = starts[id];
            }
            starts[id + 1] += starts[id];
        }
        first[unique] = starts[vocab];
        int[] rows = new int[starts[vocab]];
        for (int row = 0; row < tokens.length; row++) {
            if (tokens[row] != without) {
                rows[starts[tokens[row]]++] = row;
            }
        }
        return new RowsById(ids, first, rows);
    }

    /** The ids there are, ascending. */
    int[] ids() {
        return ids;
    }

    /** Where each id's rows begin in {@link #rows}; one more than there are ids, the last being the end. */
    int[] first() {
        return first;
    }

    /** Rows, those of one id side by side and ascending. */
    int[] rows() {
        return rows;
    }
}
