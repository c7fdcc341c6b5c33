package io.peregrine.trainer.loader;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which sequences are kept out of training, to measure the loss on.
 *
 * <p>Of each stream the last rows: documents stand in a stream in an order that is a keyed hash of their content, so the
 * last rows are a random sample, and documents occur once, so nothing of them is trained on in any epoch (save for other
 * pieces of a document longer than a sequence, and rewritten versions, which are another stream). A stream gives in
 * proportion to its share of the plan, at most a tenth of its rows, and none if it has fewer than ten.
 */
public final class HeldOut {
    private static final int LARGEST_SHARE = 10;

    private final long[] firstHeldOut;
    private final long[] rows;

    private HeldOut(long[] rows, long[] firstHeldOut) {
        this.rows = rows;
        this.firstHeldOut = firstHeldOut;
    }

    /**
     * Holds out about so many sequences.
     *
     * @param plan the mixture
     * @param sequences over all streams, 0 for none
     */
    public static HeldOut of(MixturePlan plan, int sequences) {
        int streams = plan.streams().size();
        long[] rows = new long[streams];
        long[] first = new long[streams];
        for (int s = 0; s < streams; s++) {
            PlannedStream stream = plan.streams().get(s);
            double share = (double) plan.counts().total(s) / plan.totalSequences();
            long wanted = Math.round(share * sequences);
            rows[s] = stream.sequences();
            first[s] = stream.sequences() - Math.min(wanted, stream.sequences() / LARGEST_SHARE);
        }
        return new HeldOut(rows, first);
    }

    /**
     * The same sequences as an earlier version of the plan held out, and of streams that are new since about as many as
     * {@link #of} would: what has been measured on stays out of training when the mixture changes.
     *
     * @param plan the mixture now
     * @param sequences over all streams, 0 for none
     * @param kept the first row held out of each stream, as {@link #firstRows} gave it
     */
    public static HeldOut keeping(MixturePlan plan, int sequences, Map<String, Long> kept) {
        HeldOut heldOut = of(plan, sequences);
        for (int s = 0; s < heldOut.rows.length; s++) {
            heldOut.firstHeldOut[s] = kept.getOrDefault(plan.streams().get(s).name(), heldOut.firstHeldOut[s]);
        }
        return heldOut;
    }

    /** The first row held out of each stream of the plan, by name. */
    public SortedMap<String, Long> firstRows(MixturePlan plan) {
        SortedMap<String, Long> first = new TreeMap<>();
        for (int s = 0; s < rows.length; s++) {
            first.put(plan.streams().get(s).name(), firstHeldOut[s]);
        }
        return first;
    }

    /** Whether a sequence must not be trained on. */
    public boolean contains(int stream, long row) {
        return row >= firstHeldOut[stream];
    }

    /** The sequences held out of a stream. */
    public List<Long> rowsOf(int stream) {
        List<Long> held = new ArrayList<>();
        for (long row = firstHeldOut[stream]; row < rows[stream]; row++) {
            held.add(row);
        }
        return held;
    }

    /** How many sequences are held out of a stream. */
    public long sequences(int stream) {
        return rows[stream] - firstHeldOut[stream];
    }

    /** How many sequences are held out over all streams. */
    public long sequences() {
        long held = 0;
        for (int s = 0; s < rows.length; s++) {
            held += sequences(s);
        }
        return held;
    }
}
