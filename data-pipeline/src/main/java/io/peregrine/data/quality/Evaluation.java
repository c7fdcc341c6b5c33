package io.peregrine.data.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.ranking.NaturalRanking;

/**
 * How good probabilities are on documents that neither the weights nor the calibration have seen.
 *
 * @param documents how many were judged
 * @param good how many of them are good
 * @param areaUnderCurve chance that a good document scores above a bad one, ties counting half
 * @param calibrationError mean distance between the probability that was said and the share that was good, over ten bins,
 *     by documents
 * @param bins the ten bins of probability
 */
public record Evaluation(long documents, long good, double areaUnderCurve, double calibrationError, List<Bin> bins) {
    private static final int BINS = 10;

    public Evaluation {
        bins = List.copyOf(bins);
    }

    /**
     * Documents of similar probability.
     *
     * @param from least probability of the bin
     * @param documents how many fall in it
     * @param said mean probability
     * @param trueShare share that is good
     */
    public record Bin(double from, long documents, double said, double trueShare) {}

    /** Evaluates probabilities (in {@code score}) against labels. Both kinds of documents must be there. */
    static Evaluation of(List<Calibration.Scored> scored) {
        long good = scored.stream().filter(Calibration.Scored::good).count();
        double[] probabilities =
                scored.stream().mapToDouble(Calibration.Scored::score).toArray();
        double[] ranks = new NaturalRanking().rank(probabilities);
        double rankSum = 0;
        for (int i = 0; i < ranks.length; i++) {
            rankSum += scored.get(i).good() ? ranks[i] : 0;
        }
        double area = (rankSum - good * (good + 1) / 2.0) / ((double) good * (scored.size() - good));
        List<Bin> bins = new ArrayList<>();
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double from = (double) bin / BINS;
            double to = (double) (bin + 1) / BINS;
            boolean last = bin == BINS - 1;
            List<Calibration.Scored> own = scored.stream()
                    .filter(s -> s.score() >= from && (s.score() < to || last))
                    .toList();
            if (!own.isEmpty()) {
                double said = own.stream()
                        .mapToDouble(Calibration.Scored::score)
                        .average()
                        .orElseThrow();
                double share =
                        (double) own.stream().filter(Calibration.Scored::good).count() / own.size();
                bins.add(new Bin(from, own.size(), said, share));
                error += Math.abs(said - share) * own.size() / scored.size();
            }
        }
        return new Evaluation(scored.size(), good, area, error, bins);
    }

    /** The table that people read. */
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "held out: %,d documents, %,d of them good; area under the ROC curve %.4f; calibration error %.4f%n",
                documents,
                good,
                areaUnderCurve,
                calibrationError));
        table.append(String.format(Locale.ROOT, "%12s %10s %10s %10s%n", "probability", "documents", "said", "true"));
        for (Bin bin : bins) {
            table.append(String.format(
                    Locale.ROOT,
                    "%6.1f - %3.1f %,10d %10.3f %10.3f%n",
                    bin.from(),
                    bin.from() + 1.0 / BINS,
                    bin.documents(),
                    bin.said(),
                    bin.trueShare()));
        }
        return table.toString();
    }
}
