package io.peregrine.trainer.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Finds spikes in the losses of a run: several in a row far above the median of those before, in units of their median
 * absolute deviation, which a few high losses among them hardly move. A decision depends on the losses alone, so a run
 * that goes on from a checkpoint decides as one that never stopped.
 *
 * <p>Thread: one.
 */
final class SpikeDetector {
    /** Standard deviation of a normal distribution in units of its median absolute deviation: 1 / quantile(3/4). */
    private static final double ROBUST = 1.4826;

    private final SpikeConfig config;
    private final Deque<Double> window = new ArrayDeque<>();
    private long tokens;
    private int high;
    private long firstStep;
    private long tokensBefore;

    SpikeDetector(SpikeConfig config) {
        this.config = config;
    }

    /**
     * A detector behind the steps of a metrics log.
     *
     * @param lines of {@link MetricsLog}, none after the step to go on behind
     */
    static SpikeDetector behind(List<JsonNode> lines, SpikeConfig config) {
        SpikeDetector detector = new SpikeDetector(config);
        for (JsonNode line : lines) {
            if (line.path("kind").asText().equals("step")) {
                detector.step(
                        line.path("step").asLong(),
                        line.path("tokens").asLong(),
                        0,
                        line.path("loss").asDouble());
            }
        }
        return detector;
    }

    /**
     * The next step's loss.
     *
     * @param tokensAfter tokens trained on up to this step and with it
     * @param position first position of the plan that has not been read
     * @return the spike, if this step makes it one; not again until a loss is not high
     */
    Optional<Spike> step(long step, long tokensAfter, long position, double loss) {
        double median = median(window);
        double deviations = deviations(loss, median);
        boolean isHigh = window.size() == config.window() && deviations > config.threshold();
        if (isHigh && high == 0) {
            firstStep = step;
            tokensBefore = tokens;
        }
        high = isHigh ? high + 1 : 0;
        tokens = tokensAfter;
        window.addLast(loss);
        if (window.size() > config.window()) {
            window.removeFirst();
        }
        return high == config.patience()
                ? Optional.of(new Spike(step, firstStep, tokensBefore, loss, median, deviations, position))
                : Optional.empty();
    }

    /** The spike that a step is whose loss or gradient is not finite, and which therefore was not done. */
    Spike notFinite(long step, long position, double loss) {
        boolean isNew = high == 0;
        return new Spike(
                step,
                isNew ? step : firstStep,
                isNew ? tokens : tokensBefore,
                loss,
                median(window),
                Double.POSITIVE_INFINITY,
                position);
    }

    /** How far above the median, in robust standard deviations; finite, so that it can be told from what is not. */
    private double deviations(double loss, double median) {
        double deviation =
                ROBUST * median(window.stream().map(it -> Math.abs(it - median)).toList());
        double above = loss - median;
        return above == 0 ? 0 : Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, above / deviation));
    }

    private static double median(Collection<Double> values) {
        return new Median()
                .evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
