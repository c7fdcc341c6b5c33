package io.peregrine.mixture.optimize;

import io.peregrine.data.DataException;
import io.peregrine.mixture.fit.RunTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What small training runs showed: for each run the weights of the sources and the loss on every target. Weights are
 * {@code >= 0} and sum to 1. Runs are in the order of their names, so that nothing depends on the order of a table's rows.
 */
public final class ProxyRuns {
    /** Published weights are rounded: 17 of them to three digits may be off by 0.0085. */
    private static final double SUM_TOLERANCE = 0.01;

    private final List<String> sources;
    private final List<String> targets;
    private final double[][] weights;
    private final double[][] losses;

    private ProxyRuns(List<String> sources, List<String> targets, double[][] weights, double[][] losses) {
        this.sources = List.copyOf(sources);
        this.targets = List.copyOf(targets);
        this.weights = weights;
        this.losses = losses;
    }

    /**
     * Joins mixtures and losses by the runs' index. Both may be the same table.
     *
     * @param columns which columns are what
     * @param sources names in the order in which weights are kept; the mixtures must have exactly these
     * @param targets names of the losses to take; the losses may have more
     * @throws DataException for a column or run that is missing or stands twice, for weights that are negative or do not
     *     sum to 1 within 0.01, for losses that are not positive
     */
    public static ProxyRuns of(
            RunTable mixtures, RunTable losses, RunColumns columns, List<String> sources, List<String> targets) {
        if (mixtures.rows() < 2) {
            throw new DataException("%s: 1 run: must be at least 2".formatted(mixtures.name()));
        }
        requireSources(mixtures, columns, sources);
        for (String target : targets) {
            losses.require(columns.lossColumns().column(target));
        }
        Map<String, Integer> lossRows = rowsByIndex(losses, columns.index());
        Map<String, Integer> mixtureRows = rowsByIndex(mixtures, columns.index());
        for (Map.Entry<String, Integer> row : lossRows.entrySet()) {
            requireRun(losses, row, mixtures, mixtureRows, columns.index());
        }
        double[][] weights = new double[mixtures.rows()][];
        double[][] seen = new double[mixtures.rows()][targets.size()];
        int run = 0;
        for (Map.Entry<String, Integer> row : mixtureRows.entrySet()) {
            requireRun(mixtures, row, losses, lossRows, columns.index());
            weights[run] = mixture(mixtures, row.getValue(), columns, sources);
            for (int target = 0; target < targets.size(); target++) {
                seen[run][target] = losses.positive(
                        lossRows.get(row.getKey()), columns.lossColumns().column(targets.get(target)));
            }
            run++;
        }
        return new ProxyRuns(sources, targets, weights, seen);
    }

    private static void requireSources(RunTable mixtures, RunColumns columns, List<String> sources) {
        for (String source : sources) {
            mixtures.require(columns.sourceColumns().column(source));
        }
        for (String name : columns.sourceColumns().names(mixtures.columns())) {
            if (!sources.contains(name)) {
                throw new DataException(
                        "%s: column '%s' is the weight of a source '%s' that the settings do not have: add it to 'sources'"
                                .formatted(
                                        mixtures.name(), columns.sourceColumns().column(name), name));
            }
        }
    }

    private static Map<String, Integer> rowsByIndex(RunTable table, String index) {
        table.require(index);
        Map<String, Integer> rows = new TreeMap<>();
        for (int row = 0; row < table.rows(); row++) {
            Integer before = rows.putIfAbsent(table.text(row, index), row);
            if (before != null) {
                throw table.fault(row, index, "must differ from run to run; also at " + table.place(before), null);
            }
        }
        return rows;
    }

    private static void requireRun(
            RunTable table, Map.Entry<String, Integer> row, RunTable other, Map<String, Integer> others, String index) {
        if (!others.containsKey(row.getKey())) {
            throw table.fault(
                    row.getValue(), index, "must be in %s too, which has no such run".formatted(other.name()), null);
        }
    }

    private static double[] mixture(RunTable table, int row, RunColumns columns, List<String> sources) {
        double[] weights = new double[sources.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            String column = columns.sourceColumns().column(sources.get(i));
            weights[i] = table.number(row, column);
            if (weights[i] < 0) {
                throw table.fault(row, column, "must be >= 0", null);
            }
            sum += weights[i];
        }
        if (Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw new DataException("%s: weights that sum to %s: must sum to 1 within %s"
                    .formatted(table.place(row), sum, SUM_TOLERANCE));
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** These runs only, in this order. */
    public ProxyRuns only(List<Integer> runs) {
        return new ProxyRuns(
                sources,
                targets,
                runs.stream().map(run -> weights[run]).toArray(double[][]::new),
                runs.stream().map(run -> losses[run]).toArray(double[][]::new));
    }

    public List<String> sources() {
        return sources;
    }

    public List<String> targets() {
        return targets;
    }

    /** How many runs. */
    public int size() {
        return weights.length;
    }

    /** Weights of a run, by source: the array itself, not to be changed. */
    double[] weights(int run) {
        return weights[run];
    }

    /** Losses on a target, by run. */
    double[] losses(int target) {
        double[] column = new double[size()];
        for (int run = 0; run < column.length; run++) {
            column[run] = losses[run][target];
        }
        return column;
    }

    /** Losses by target, then by run. */
    double[][] lossesByTarget() {
        return IntStream.range(0, targets.size()).mapToObj(this::losses).toArray(double[][]::new);
    }

    /** The mean weight of each source: what the design of the runs was drawn around. */
    public List<Double> meanWeights() {
        List<Double> means = new ArrayList<>();
        for (int source = 0; source < sources.size(); source++) {
            double sum = 0;
            for (double[] run : weights) {
                sum += run[source];
            }
            means.add(sum / size());
        }
        return List.copyOf(means);
    }

    /** The largest weight that any run gave each source: beyond it a law extrapolates. */
    public List<Double> largestWeights() {
        List<Double> largest = new ArrayList<>();
        for (int source = 0; source < sources.size(); source++) {
            double most = 0;
            for (double[] run : weights) {
                most = Math.max(most, run[source]);
            }
            largest.add(most);
        }
        return List.copyOf(largest);
    }
}
