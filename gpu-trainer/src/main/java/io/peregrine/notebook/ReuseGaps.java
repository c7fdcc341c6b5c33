package io.peregrine.notebook;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * How far apart a plan really shows the same sequence again, found by walking it; what {@code mixture.plan.GapCertificate}
 * gives is a bound below all of these.
 *
 * @param stream name of the stream
 * @param sequences of the run between an exposure of a sequence and its next one, the fewest first
 */
public record ReuseGaps(String stream, List<Long> sequences) {
    private static final int POINTS = 100;

    public ReuseGaps {
        sequences = List.copyOf(sequences);
    }

    /**
     * Walks a plan.
     *
     * @return for each stream, in the plan's order; without gaps where none repeats
     */
    public static List<ReuseGaps> of(MixturePlan plan) {
        int streams = plan.streams().size();
        List<long[]> seenAt = new ArrayList<>();
        List<List<Long>> gaps = new ArrayList<>();
        for (int stream = 0; stream < streams; stream++) {
            long[] never = new long[Math.toIntExact(plan.streams().get(stream).sequences())];
            Arrays.fill(never, -1);
            seenAt.add(never);
            gaps.add(new ArrayList<>());
        }
        SequenceOrder order = new SequenceOrder(plan);
        for (long position = 0; position < plan.totalSequences(); position++) {
            if (plan.skips((int) (position / plan.blockSize()))) {
                continue;
            }
            SequenceRef shown = order.at(position);
            long[] seen = seenAt.get(shown.stream());
            int row = (int) shown.row();
            if (seen[row] >= 0) {
                gaps.get(shown.stream()).add(position - seen[row]);
            }
            seen[row] = position;
        }
        List<ReuseGaps> all = new ArrayList<>();
        for (int stream = 0; stream < streams; stream++) {
            Collections.sort(gaps.get(stream));
            all.add(new ReuseGaps(plan.streams().get(stream).name(), gaps.get(stream)));
        }
        return all;
    }

    /** The fewest; nothing if none repeats. */
    public OptionalLong least() {
        return sequences.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sequences.get(0));
    }

    /** The one in the middle; nothing if none repeats. */
    public OptionalLong median() {
        return sequences.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sequences.get(sequences.size() / 2));
    }

    /**
     * Points of their distribution: gaps from the least to the greatest, evenly by number.
     *
     * @return {@code gap} and the {@code share} of the gaps that are no greater; empty if none repeats
     */
    public List<Point> distribution() {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= POINTS && !sequences.isEmpty(); i++) {
            int index = (int) ((sequences.size() - 1L) * i / POINTS);
            points.add(new Point(sequences.get(index), (index + 1.0) / sequences.size()));
        }
        return points;
    }

    /**
     * A point of the distribution.
     *
     * @param gap in sequences
     * @param share of the gaps that are no greater
     */
    public record Point(long gap, double share) {}
}
