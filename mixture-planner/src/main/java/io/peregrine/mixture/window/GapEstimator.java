package io.peregrine.mixture.window;

import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * The retention gap of each bin of age, by paired difference in differences, and how sure it is, by a cluster bootstrap.
 *
 * <p>Sequences of one step are not independent: they moved the weights together. So a draw takes whole steps, and besides
 * controls, which all bins share. Of {@code m} steps it takes {@code m - 1}, for then the variance between draws is that of the
 * mean and not {@code (m - 1) / m} of it, which for young bins of few steps matters (Rao and Wu, JASA 83, 1988). The interval is
 * that of Student's distribution with {@code m - 1} degrees of freedom.
 */
public final class GapEstimator {
    /** Standard errors from this many draws are themselves off by 2 %. */
    public static final int REPLICATES = 1000;

    private static final int STEPS_MIN = 2;
    private static final double UPPER_TAIL = 0.975;

    private final int replicates;
    private final SeedStream seed;

    /**
     * @param replicates draws of the bootstrap, at least 2
     * @param seed of the draws
     */
    public GapEstimator(int replicates, SeedStream seed) {
        this.replicates = replicates;
        this.seed = seed;
    }

    /** Exposures of one step that share their controls: their number and the sum of their drops. */
    private static final class Cell {
        private final int pool;
        private final int baseline;
        private int count;
        private double sum;

        Cell(int pool, int baseline) {
            this.pool = pool;
            this.baseline = baseline;
        }
    }

    /** The exposures of a bin, step by step. */
    private static final class Bin {
        private final TreeMap<Integer, List<Cell>> steps = new TreeMap<>();
        private double ages;
        private int count;

        void add(RetentionSample.Drop drop) {
            ages += drop.ageTokens();
            count++;
            List<Cell> cells = steps.computeIfAbsent(drop.step(), step -> new ArrayList<>());
            Cell cell = cells.stream()
                    .filter(it -> it.pool == drop.pool() && it.baseline == drop.baseline())
                    .findFirst()
                    .orElseGet(() -> {
                        Cell made = new Cell(drop.pool(), drop.baseline());
                        cells.add(made);
                        return made;
                    });
            cell.count++;
            cell.sum += drop.nats();
        }

        /** The gap, with each step as often as {@code times} says. */
        double gap(int[] times, double[][] controls) {
            double sum = 0;
            long sequences = 0;
            int step = 0;
            for (List<Cell> cells : steps.values()) {
                for (Cell cell : cells) {
                    sum += times[step] * (cell.sum - cell.count * controls[cell.pool][cell.baseline]);
                    sequences += (long) times[step] * cell.count;
                }
                step++;
            }
            return sum / sequences;
        }
    }

    /**
     * The gap of every bin.
     *
     * @param sample what was measured
     * @param bins how many bins there are
     */
    public GapCurve estimate(RetentionSample sample, int bins) {
        List<Bin> all = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            all.add(new Bin());
        }
        sample.exposed().forEach(drop -> all.get(drop.bin()).add(drop));
        List<Integer> used = new ArrayList<>();
        List<GapCurve.Empty> empty = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            int steps = all.get(bin).steps.size();
            if (steps >= STEPS_MIN) {
                used.add(bin);
            } else {
                empty.add(new GapCurve.Empty(bin, reason(all.get(bin))));
            }
        }
        double[][] draws = draws(sample, used.stream().map(all::get).toList());
        double[][] covariance = covariance(draws, used.size());
        double[][] controls = controlMeans(sample, GapEstimator::once);
        List<GapCurve.Point> points = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            Bin bin = all.get(used.get(i));
            double gap = bin.gap(once(bin.steps.size()), controls);
            double error = Math.sqrt(covariance[i][i]);
            double reach = error * Student.quantile(bin.steps.size() - 1, UPPER_TAIL);
            points.add(new GapCurve.Point(
                    used.get(i),
                    bin.ages / bin.count,
                    bin.count,
                    bin.steps.size(),
                    gap,
                    error,
                    gap - reach,
                    gap + reach));
        }
        return new GapCurve(points, empty, lists(covariance), lists(draws));
    }

    private static String reason(Bin bin) {
        return bin.count == 0
                ? "no sequence of this age that was seen once and has controls"
                : "%d sequences, all of one step: an interval needs two steps".formatted(bin.count);
    }

    private double[][] draws(RetentionSample sample, List<Bin> bins) {
        SeedStream walk = seed.child("bootstrap");
        double[][] draws = new double[replicates][bins.size()];
        for (double[] draw : draws) {
            double[][] controls = controlMeans(sample, units -> times(units, walk));
            for (int i = 0; i < draw.length; i++) {
                int steps = bins.get(i).steps.size();
                draw[i] = bins.get(i).gap(times(steps, walk), controls);
            }
        }
        return draws;
    }

    /** How often each of so many units is in a draw of one fewer. */
    private static int[] times(int units, SeedStream walk) {
        int[] times = new int[units];
        for (int i = 0; i < units - 1; i++) {
            times[walk.nextInt(units)]++;
        }
        return times;
    }

    private static int[] once(int units) {
        int[] times = new int[units];
        Arrays.fill(times, 1);
        return times;
    }

    /** Mean drop of each pool from each baseline, with each control as often as is said for so many of them. */
    private static double[][] controlMeans(RetentionSample sample, IntFunction<int[]> timesOf) {
        double[][] means = new double[sample.pools().size()][];
        for (int pool = 0; pool < means.length; pool++) {
            List<List<Double>> drops = sample.pools().get(pool).drops();
            int[] times = timesOf.apply(drops.size());
            double[] sums = new double[drops.get(0).size()];
            for (int unit = 0; unit < times.length; unit++) {
                for (int baseline = 0; times[unit] > 0 && baseline < sums.length; baseline++) {
                    sums[baseline] += times[unit] * drops.get(unit).get(baseline);
                }
            }
            int drawn = Arrays.stream(times).sum();
            means[pool] = Arrays.stream(sums).map(sum -> sum / drawn).toArray();
        }
        return means;
    }

    private double[][] covariance(double[][] draws, int bins) {
        double[] means = new double[bins];
        for (double[] draw : draws) {
            for (int i = 0; i < bins; i++) {
                means[i] += draw[i] / replicates;
            }
        }
        double[][] covariance = new double[bins][bins];
        for (double[] draw : draws) {
            for (int i = 0; i < bins; i++) {
                for (int j = 0; j < bins; j++) {
                    covariance[i][j] += (draw[i] - means[i]) * (draw[j] - means[j]) / (replicates - 1);
                }
            }
        }
        return covariance;
    }

    private static List<List<Double>> lists(double[][] rows) {
        return Arrays.stream(rows)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
    }
}
