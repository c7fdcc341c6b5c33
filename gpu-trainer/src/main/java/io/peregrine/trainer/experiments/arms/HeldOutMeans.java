package io.peregrine.trainer.experiments.arms;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.TDistribution;

/** Mean losses with intervals: of an arm, and of the difference between two on the same held-out sequences. */
final class HeldOutMeans {
    private static final double CONFIDENCE = 0.95;

    private HeldOutMeans() {}

    /** Nats per prediction over all sequences. */
    static double loss(List<SequenceLoss> losses) {
        return total(losses) / predictions(losses);
    }

    /**
     * The loss over all sequences, and how far it may be off because no more of them were held out: the interval of a ratio
     * of sums (Cochran, Sampling techniques, chapter 6).
     */
    static Interval overSequences(List<SequenceLoss> losses) {
        double mean = loss(losses);
        return Interval.around(mean, halfWidth(losses, mean), losses.size());
    }

    /**
     * Loss less that of a reference, sequence by sequence: what is hard about a sequence is hard for both and drops out.
     *
     * @param losses of an arm
     * @param reference of another arm, on the same sequences in the same order
     */
    static Interval difference(List<SequenceLoss> losses, List<SequenceLoss> reference) {
        List<SequenceLoss> differences = new ArrayList<>();
        for (int i = 0; i < losses.size(); i++) {
            SequenceLoss one = losses.get(i);
            SequenceLoss other = reference.get(i);
            if (!one.stream().equals(other.stream()) || one.row() != other.row()) {
                throw new IllegalArgumentException("%s/%d against %s/%d: losses on other sequences"
                        .formatted(one.stream(), one.row(), other.stream(), other.row()));
            }
            differences.add(new SequenceLoss(one.stream(), one.row(), one.nats() - other.nats(), one.predictions()));
        }
        return overSequences(differences);
    }

    /** The mean of one number per seed, and how far it may be off because no more seeds were tried. */
    static Interval overSeeds(List<Double> values) {
        int count = values.size();
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        double half =
                count < 2 ? Double.POSITIVE_INFINITY : quantile(count - 1) * Math.sqrt(squares / (count - 1) / count);
        return Interval.around(mean, half, count);
    }

    /** The mean over seeds of the loss on each sequence. */
    static List<SequenceLoss> meanOf(List<List<SequenceLoss>> seeds) {
        List<SequenceLoss> means = new ArrayList<>();
        for (int i = 0; i < seeds.get(0).size(); i++) {
            double nats = 0;
            for (List<SequenceLoss> losses : seeds) {
                nats += losses.get(i).nats();
            }
            SequenceLoss first = seeds.get(0).get(i);
            means.add(new SequenceLoss(first.stream(), first.row(), nats / seeds.size(), first.predictions()));
        }
        return means;
    }

    /** The losses of each stream, by name. */
    static Map<String, List<SequenceLoss>> byStream(List<SequenceLoss> losses) {
        Map<String, List<SequenceLoss>> streams = new TreeMap<>();
        losses.forEach(loss -> streams.computeIfAbsent(loss.stream(), name -> new ArrayList<>())
                .add(loss));
        return streams;
    }

    private static double halfWidth(List<SequenceLoss> losses, double mean) {
        int count = losses.size();
        if (count < 2) {
            return Double.POSITIVE_INFINITY;
        }
        double squares = 0;
        for (SequenceLoss loss : losses) {
            double residual = loss.nats() - mean * loss.predictions();
            squares += residual * residual;
        }
        double variance = squares / (count - 1) * count;
        return quantile(count - 1) * Math.sqrt(variance) / predictions(losses);
    }

    private static double quantile(int degrees) {
        return new TDistribution(degrees).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
    }

    private static double total(List<SequenceLoss> losses) {
        return losses.stream().mapToDouble(SequenceLoss::nats).sum();
    }

    private static long predictions(List<SequenceLoss> losses) {
        return losses.stream().mapToLong(SequenceLoss::predictions).sum();
    }
}
