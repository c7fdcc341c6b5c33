package io.peregrine.data.jobs.bench;

import io.peregrine.data.dedup.MinHashConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Pairs of documents by their Jaccard similarity, tenth by tenth: how many there are, are expected and are found. */
final class PairTable {
    private static final int TENTHS = 10;

    private final MinHashConfig config;
    private final int[] pairs = new int[TENTHS + 1];
    private final int[] found = new int[TENTHS + 1];
    private final double[] sharing = new double[TENTHS + 1];
    private final double[] sharingAndSimilar = new double[TENTHS + 1];
    private final double[] expected = new double[TENTHS + 1];
    private final double[] variance = new double[TENTHS + 1];

    PairTable(MinHashConfig config) {
        this.config = config;
    }

    /**
     * Adds a pair.
     *
     * @param jaccard exact similarity of the two documents' shingles
     * @param isFound whether the run put them into one cluster
     * @param sharingShare share of the draws of coefficients in which the two share a band
     * @param similarShare share of the draws in which they do and are estimated to be similar enough
     */
    void add(double jaccard, boolean isFound, double sharingShare, double similarShare) {
        int tenth = (int) (jaccard * TENTHS);
        double probability = config.probabilityOfSharingABand(jaccard);
        pairs[tenth]++;
        found[tenth] += isFound ? 1 : 0;
        sharing[tenth] += sharingShare;
        sharingAndSimilar[tenth] += similarShare;
        expected[tenth] += probability;
        variance[tenth] += probability * (1 - probability);
    }

    /** The table; the expected numbers have the standard deviation of one draw. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%-12s %7s %16s %14s %15s %11s"
                .formatted("jaccard", "pairs", "expected", "sharing a band", "and similar", "in a cluster"));
        for (int tenth = 0; tenth <= TENTHS; tenth++) {
            if (pairs[tenth] > 0) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%-12s %,7d %9.1f +- %3.1f %14.1f %15.1f %,11d",
                        tenth == TENTHS ? "1" : "%.1f to %.1f".formatted(tenth / 10.0, (tenth + 1) / 10.0),
                        pairs[tenth],
                        expected[tenth],
                        Math.sqrt(variance[tenth]),
                        sharing[tenth],
                        sharingAndSimilar[tenth],
                        found[tenth]));
            }
        }
        return lines;
    }
}
