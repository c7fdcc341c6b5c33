package io.peregrine.mixture.fit;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * How predictions compare with what was seen.
 *
 * @param spearman rank correlation, -1..1; 0 if either side is constant, for then nothing is ranked
 * @param rmse root of the mean squared difference, in the unit of the losses
 * @param regret loss of the best of the {@code topK} runs that were predicted best, less the best loss of all; {@code >= 0}
 */
public record FitQuality(double spearman, double rmse, double regret) {

    /**
     * @param predicted predictions, at least two
     * @param seen losses, as many
     * @param topK how many runs one would follow up, {@code >= 1}
     */
    public static FitQuality of(double[] predicted, double[] seen, int topK) {
        if (predicted.length != seen.length || predicted.length < 2 || topK < 1) {
            throw new IllegalArgumentException("%d predictions for %d losses, top %d: must be as many, >= 2, top >= 1"
                    .formatted(predicted.length, seen.length, topK));
        }
        double squares = 0;
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < seen.length; i++) {
            squares += (predicted[i] - seen[i]) * (predicted[i] - seen[i]);
            best = Math.min(best, seen[i]);
        }
        double found = IntStream.range(0, seen.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> predicted[i]))
                .limit(topK)
                .mapToDouble(i -> seen[i])
                .min()
                .orElseThrow();
        double spearman = new SpearmansCorrelation().correlation(predicted, seen);
        return new FitQuality(Double.isNaN(spearman) ? 0 : spearman, Math.sqrt(squares / seen.length), found - best);
    }
}
