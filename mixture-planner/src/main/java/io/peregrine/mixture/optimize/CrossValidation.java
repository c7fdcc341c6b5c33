package io.peregrine.mixture.optimize;

import io.peregrine.data.DataException;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.fit.FitQuality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well laws predict runs that they have not seen: each fold's runs by laws that were fitted to the other folds.
 *
 * @param targets quality per target, in the order of the runs' targets
 * @param objective quality of the weighted sum of the losses, which is what a proposal makes small
 * @param foldLaws the exponential laws of each fold, by target: how much they differ is how sure a proposal is
 */
public record CrossValidation(List<Target> targets, Target objective, List<List<ExponentialLaw>> foldLaws) {
    public CrossValidation {
        targets = List.copyOf(targets);
        foldLaws = foldLaws.stream().map(List::copyOf).toList();
    }

    /**
     * One target.
     *
     * @param predicted losses by the exponential law, by run, each from the fold that had not seen the run
     */
    public record Target(FitQuality exponential, FitQuality linear, List<Double> predicted) {
        public Target {
            predicted = List.copyOf(predicted);
        }
    }

    /**
     * Cross-validates both laws on every target.
     *
     * @param targetWeights how much each target counts in the objective
     * @param folds how many parts, 2..runs
     * @param topK for the regret
     * @param random decides which run is in which fold
     * @throws DataException if there are fewer runs than folds, or a law cannot be fitted
     */
    public static CrossValidation of(
            ProxyRuns runs,
            List<Double> targetWeights,
            int folds,
            int topK,
            double ridge,
            SeedStream random,
            Progress progress) {
        if (runs.size() < 2 * folds) {
            throw new DataException("%d runs: must be >= %d, two for each of %d folds; give more runs or fewer folds"
                    .formatted(runs.size(), 2 * folds, folds));
        }
        List<List<Integer>> parts = parts(runs.size(), folds, random);
        int targets = runs.targets().size();
        double[][] exponential = new double[targets][runs.size()];
        double[][] linear = new double[targets][runs.size()];
        ExponentialLaw[][] laws = new ExponentialLaw[folds][targets];
        try (Progress.Task task = progress.task("cross-validate", "fits", (long) folds * targets)) {
            IntStream.range(0, folds * targets).parallel().forEach(fit -> {
                int fold = fit / targets;
                int target = fit % targets;
                ProxyRuns others = runs.only(IntStream.range(0, folds)
                        .filter(part -> part != fold)
                        .boxed()
                        .flatMap(part -> parts.get(part).stream())
                        .toList());
                ExponentialLaw law = ExponentialLaw.fit(others, target, ridge);
                LinearLaw rival = LinearLaw.fit(others, target, ridge);
                laws[fold][target] = law;
                for (int run : parts.get(fold)) {
                    exponential[target][run] = law.loss(runs.weights(run));
                    linear[target][run] = rival.loss(runs.weights(run));
                }
                task.advance(1);
            });
        }
        List<Target> results = new ArrayList<>();
        for (int target = 0; target < targets; target++) {
            results.add(target(exponential[target], linear[target], runs.losses(target), topK));
        }
        Target objective = target(
                weighted(targetWeights, exponential),
                weighted(targetWeights, linear),
                weighted(targetWeights, runs.lossesByTarget()),
                topK);
        return new CrossValidation(
                results, objective, Arrays.stream(laws).map(List::of).toList());
    }

    private static Target target(double[] exponential, double[] linear, double[] seen, int topK) {
        return new Target(
                FitQuality.of(exponential, seen, topK),
                FitQuality.of(linear, seen, topK),
                Arrays.stream(exponential).boxed().toList());
    }

    /** The weighted sum over targets, by run. */
    static double[] weighted(List<Double> targetWeights, double[][] losses) {
        double[] sums = new double[losses[0].length];
        for (int target = 0; target < losses.length; target++) {
            for (int run = 0; run < sums.length; run++) {
                sums[run] += targetWeights.get(target) * losses[target][run];
            }
        }
        return sums;
    }

    /** Shuffles the runs and deals them out, so that parts differ by one run at most. */
    static List<List<Integer>> parts(int runs, int folds, SeedStream random) {
        int[] order = IntStream.range(0, runs).toArray();
        for (int i = runs - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        List<List<Integer>> parts = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            List<Integer> part = new ArrayList<>();
            for (int i = fold; i < runs; i += folds) {
                part.add(order[i]);
            }
            parts.add(part);
        }
        return parts;
    }
}
