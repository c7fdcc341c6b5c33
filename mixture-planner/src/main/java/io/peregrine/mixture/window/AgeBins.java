package io.peregrine.mixture.window;

import io.peregrine.data.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of age, one behind the other.
 *
 * @param edges in trained sequences, rising; bin {@code i} is the ages from {@code edges[i]} to below {@code edges[i + 1]}
 */
public record AgeBins(List<Long> edges) {
    /** More tell a person nothing, and cost their sequences each. */
    public static final int BINS_MAX = 200;

    public AgeBins {
        edges = List.copyOf(edges);
        if (edges.size() < 2 || edges.size() > BINS_MAX + 1) {
            throw new ConfigException("--bins", edges.size() - 1, "must be 1..%d bins".formatted(BINS_MAX));
        }
        for (int i = 0; i < edges.size(); i++) {
            if (edges.get(i) < 1 || (i > 0 && edges.get(i) <= edges.get(i - 1))) {
                throw new ConfigException("--bins", edges, "edges must rise, from at least one sequence on");
            }
        }
    }

    /**
     * Bins that are evenly spaced on a logarithmic axis, but none narrower than a number of sequences: young bins hold few
     * steps, and what happens in one step cannot be told from chance.
     *
     * @param count how many, if the range has room for them; else as many as fit
     * @param from youngest age
     * @param to oldest age, exclusive
     * @param leastWidth sequences
     * @throws ConfigException if not even one bin fits
     */
    public static AgeBins logSpaced(int count, long from, long to, long leastWidth) {
        if (count < 1 || count > BINS_MAX) {
            throw new ConfigException("--bins", count, "must be 1..%d bins".formatted(BINS_MAX));
        }
        if (from < 1 || to - from < leastWidth) {
            throw new ConfigException(
                    "--bins",
                    count,
                    "ages from %d to %d sequences are all that the checkpoints cover, and a bin needs %d; train for longer or keep earlier checkpoints (train.checkpoints.keep-log-spaced)"
                            .formatted(from, to, leastWidth));
        }
        List<Long> edges = new ArrayList<>(List.of(from));
        for (int bin = 0; bin < count && edges.get(bin) < to; bin++) {
            long edge = edges.get(bin);
            double ratio = Math.pow((double) to / edge, 1.0 / (count - bin));
            long next = Math.max(edge + leastWidth, Math.round(edge * ratio));
            // A rest that is no bin of its own goes to the last.
            edges.add(bin == count - 1 || to - next < leastWidth ? to : next);
        }
        return new AgeBins(edges);
    }

    public int count() {
        return edges.size() - 1;
    }

    /** Youngest age of a bin, in sequences. */
    public long from(int bin) {
        return edges.get(bin);
    }

    /** The age at which the next bin begins. */
    public long to(int bin) {
        return edges.get(bin + 1);
    }
}
